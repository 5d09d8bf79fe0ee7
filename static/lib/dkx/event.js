// The chain of a room's events: each hash covers the one before it.
import { concat } from './bytes.js'
import { demand } from './error.js'
import { canonical } from './jcs.js'
import { hash32 } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

const KEYS = ['at', 'by', 'cmd_id', 'data', 'room', 'seq', 'type'].join()

/**
 * The hash of an event over the one before it; 32 zeros before the first.
 * @param {Bytes} prev
 * @param {Record<string, unknown>} event
 */
export function eventHash(prev, event) {
  demand(prev.length === 32 && Object.keys(event).sort().join() === KEYS, 'event_invalid', 'not the fields of an event')
  return hash32('event', concat(prev, canonical(event)))
}
