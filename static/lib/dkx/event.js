// The chain of a room's events, and the seal of a condition protocol.
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

/** Seals a condition protocol; the order of its media says nothing. @param {{media: string[]}} protocol */
export const sealedHash = (protocol) =>
  hash32('protocol', canonical({ ...protocol, media: [...protocol.media].sort() }))
