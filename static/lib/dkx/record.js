// The record of a chain as receivers keep it: first write wins, and what may join it later.
import { equal } from './bytes.js'
import { CHAIN_REACH, chainKeyAt } from './chain.js'
import { demand } from './error.js'

/** @import { Bytes } from './bytes.js' */
/**
 * `account` is null when no roster member ever held the device: an unknown author. `rosterHash` has 16 bytes when the
 * record comes from a backup.
 * @typedef {{room: string, device: string, chain: string, account: string | null, start: number, ck: Bytes, csk: Bytes,
 *   rosterHash: Bytes, sentBefore?: number}} ChainRecord
 */

/** The name under which a record is filed. @param {{room: string, device: string, chain: string}} record */
export const recordName = ({ room, device, chain }) => [room, device, chain].join('/')

/**
 * What to keep of a chain when another packet for it comes. A consistent lower start replaces start and key; anything
 * that does not fit is an alarm.
 * @param {ChainRecord | undefined} known
 * @param {ChainRecord} came
 * @returns {ChainRecord}
 */
export function mergeRecord(known, came) {
  if (!known) return came
  demand(equal(known.csk, came.csk), 'chain_conflict', 'another signing key')
  demand(sameRoster(known.rosterHash, came.rosterHash), 'chain_conflict', 'another roster')
  const [lower, upper] = came.start < known.start ? [came, known] : [known, came]
  demand(upper.start - lower.start <= CHAIN_REACH, 'chain_conflict', 'the keys do not derive from each other')
  const derived = chainKeyAt(lower.ck, lower.start, upper.start)
  demand(equal(derived, upper.ck), 'chain_conflict', 'the keys do not derive from each other')
  return { ...known, start: lower.start, ck: lower.ck, ...fuller(known, came) }
}

/** A backup keeps half of the hash. @param {Bytes} a @param {Bytes} b */
export function sameRoster(a, b) {
  const length = Math.min(a.length, b.length)
  return length >= 16 && equal(a.subarray(0, length), b.subarray(0, length))
}

/** @param {ChainRecord} known @param {ChainRecord} came */
const fuller = (known, came) => ({
  account: known.account ?? came.account,
  rosterHash: known.rosterHash.length >= came.rosterHash.length ? known.rosterHash : came.rosterHash,
  sentBefore: known.sentBefore ?? came.sentBefore,
})
