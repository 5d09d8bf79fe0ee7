// Which envelopes were opened already: one index of a chain is one message, for ever.
import { hex } from './bytes.js'
import { DkxError } from './error.js'

/** @import { Bytes } from './bytes.js' */

/**
 * `new`, or `duplicate` if just this envelope was delivered before; another one at its place is refused.
 * @param {Map<string, string>} seen by place; the caller stores it with the messages
 * @param {{header: import('./envelope.js').Header, hash: Bytes}} opened
 * @returns {'new' | 'duplicate'}
 */
export function once(seen, { header, hash }) {
  const place = [header.room, header.device, header.chain, header.index].join('/')
  const before = seen.get(place)
  if (before === undefined) {
    seen.set(place, hex(hash))
    return 'new'
  }
  if (before === hex(hash)) return 'duplicate'
  throw new DkxError('envelope_replayed', 'another envelope was opened at this index')
}

/**
 * Indexes of a chain that never came, up to the highest that did.
 * @param {number} start
 * @param {Iterable<number>} indexes
 */
export function missing(start, indexes) {
  const came = new Set(indexes)
  const highest = Math.max(start - 1, ...came)
  return Array.from({ length: highest + 1 - start }, (_, offset) => start + offset).filter((index) => !came.has(index))
}

/**
 * How many of a device's messages before a chain never came: losses at the end of a chain show only here.
 * @param {number} sentBefore as the chain's packet says
 * @param {number} came messages of earlier chains of this device in the room that were opened
 */
export const lostBefore = (sentBefore, came) => Math.max(0, sentBefore - came)

/**
 * Whether the sender saw another history: `undefined` when the entry it names is not here to compare.
 * @param {{afterSeq: number, afterHash: Bytes}} message
 * @param {(seq: number) => Bytes | undefined} hashAt envelope hash or `afterEvent` of the entry at a seq
 */
export function historyDiffers({ afterSeq, afterHash }, hashAt) {
  if (afterSeq === 0) return false
  const mine = hashAt(afterSeq)
  return mine && hex(mine) !== hex(afterHash)
}
