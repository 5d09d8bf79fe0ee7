// Which device lists the sender of a message saw, so that a hub that shows each another one is noticed.
import { concat, equal, id } from './bytes.js'
import { hash16 } from './primitive.js'
import { DAY } from './document.js'

/** @import { Bytes } from './bytes.js' */

/** How long a list that was replaced still explains a message, and how long a difference may last unwarned. */
export const PEERS_RECENT = 2 * DAY
export const PEERS_PATIENCE = 600_000

/**
 * Over the lists of all members who have one, one's own included.
 * @param {{account: string, hash: Bytes}[]} lists
 */
export function peersHash(lists) {
  const sorted = [...lists].sort((a, b) => (a.account < b.account ? -1 : 1))
  return hash16('peers', ...sorted.map(({ account, hash }) => concat(id(account), hash)))
}

/**
 * What to do about the peers_hash of a message: nothing, fetch the lists again, or warn.
 * @param {Bytes} told
 * @param {{hash: Bytes, until: number}[]} known own hashes: the current one with `until` Infinity, older ones with
 *   the time they were replaced
 * @param {number} now
 * @param {number} [since] when the difference was first seen
 * @returns {'same' | 'refetch' | 'warn'}
 */
export function judgePeers(told, known, now, since = now) {
  const recent = known.filter(({ until }) => until >= now - PEERS_RECENT)
  if (recent.some(({ hash }) => equal(hash, told))) return 'same'
  return now - since >= PEERS_PATIENCE ? 'warn' : 'refetch'
}
