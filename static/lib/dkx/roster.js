// ROSTER: who is in a room and in which role, signed by a member's device, each version chained to the last.
import { concat, equal, hex, id, isZero, u32, u64, u8 } from './bytes.js'
import { ascending, demandLength, demandSigned, distinct, dochash, reader, signed } from './document.js'
import { deviceOf } from './devlist.js'
import { demand } from './error.js'
import { demandSigningKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{account: string, aik: Bytes, role: number}} Member */
/**
 * @typedef {{room: string, version: number, prev: Bytes, signer: string, signerDevice: string, created: number,
 *   members: Member[], hash: Bytes, bytes: Bytes}} Roster
 */

const CODE = 'roster_invalid'
const HEAD = 95
const ROW = 49
const MOST = 12
export const RENTER = 1
export const OWNER = 2
export const MEDIATOR = 3
export const OBSERVER = 4
export const BOT = 5
/** @param {Member | undefined} member */
const isParty = (member) => member?.role === RENTER || member?.role === OWNER

/**
 * @param {{room: string, version: number, prev: Bytes, signer: string, signerDevice: string, created: number,
 *   members: Member[]}} told
 * @param {Bytes} dskSeed
 */
export function makeRoster({ room, version, prev, signer, signerDevice, created, members }, dskSeed) {
  const sorted = [...members].sort((a, b) => (a.account < b.account ? -1 : 1))
  const rows = sorted.map(({ account, aik, role }) => concat(id(account), aik, u8(role)))
  const head = [u8(1), u8(4), id(room), u32(version), prev, id(signer), id(signerDevice), u64(created), u8(rows.length)]
  return signed(dskSeed, 'roster', concat(...head, ...rows))
}

/** Its fields; the signature is not looked at. @param {Bytes} bytes @returns {Roster} */
export function parseRoster(bytes) {
  const read = reader(bytes, CODE)
  read.expect(1, 4)
  const head = {
    room: read.id(), version: read.u32(), prev: read.take(32), signer: read.id(), signerDevice: read.id(),
    created: read.u64(),
  }
  const count = read.u8()
  demand(count >= 1 && count <= MOST, CODE, 'between 1 and 12 members')
  demandLength(bytes, HEAD + ROW * count + 64, CODE)
  const members = Array.from({ length: count }, () => ({ account: read.id(), aik: read.take(32), role: read.u8() }))
  const roster = { ...head, members, hash: dochash(bytes), bytes }
  check(roster)
  return roster
}

/** @param {Roster} roster */
function check({ version, prev, members }) {
  demand(version >= 1, CODE, 'versions start at 1')
  demand((version === 1) === isZero(prev), CODE, 'version 1 follows nothing, and only it')
  demand(ascending(members.map(({ account }) => account)), CODE, 'members are not sorted, or twice')
  demand(distinct(members.map(({ aik }) => hex(aik))), CODE, 'an AIK stands twice')
  demand(members.every(({ role }) => role >= RENTER && role <= BOT), CODE, 'unknown role')
  members.forEach(({ aik }) => demandSigningKey(aik, CODE))
}

/**
 * Verifies against one of the signer's pinned device lists: the current one for a new roster, any version for an old.
 * @param {Bytes} bytes
 * @param {import('./devlist.js').DevList[]} lists
 * @returns {Roster}
 */
export function verifyRoster(bytes, lists) {
  const roster = parseRoster(bytes)
  const mine = lists.filter(({ account }) => account === roster.signer)
  const device = mine.map((list) => deviceOf(list, roster.signerDevice)).find(Boolean)
  demand(device, CODE, 'the signing device is not in its list')
  demandSigned(bytes, 'roster', device.dsk, CODE)
  const opened = roster.version > 1 || isParty(memberOf(roster, roster.signer))
  demand(opened, 'roster_forbidden', 'version 1 is made by a renter or owner in it')
  return roster
}

/** @param {Roster} roster @param {string} account */
export const memberOf = (roster, account) => roster.members.find((member) => member.account === account)

/**
 * Whether `came` may follow the newest roster known of its room. True: it is new. False: it is the one known.
 * @param {Roster | undefined} known
 * @param {Roster} came
 */
export function followsRoster(known, came) {
  if (!known) return true
  demand(came.room === known.room, CODE, 'of another room')
  demand(came.version >= known.version, 'roster_rollback', 'older than the newest roster known')
  if (came.version === known.version) {
    demand(equal(came.hash, known.hash), 'roster_fork', 'one version, two rosters')
    return false
  }
  demand(came.version === known.version + 1, 'roster_gap', 'the version before is not known')
  demand(equal(came.prev, known.hash), 'roster_fork', 'does not follow the version before')
  demand(mayChange(known, came), 'roster_forbidden', 'the signer may not make this change')
  return true
}

/** Renter and owner change a roster; everybody else may only leave. @param {Roster} known @param {Roster} came */
function mayChange(known, came) {
  const signer = memberOf(known, came.signer)
  if (isParty(signer)) return true
  return signer !== undefined && sameMembers(came.members, known.members.filter((member) => member !== signer))
}

/** @param {Member[]} a @param {Member[]} b */
const sameMembers = (a, b) => a.length === b.length && a.every((member, index) => sameMember(member, b[index]))
/** @param {Member} a @param {Member} b */
const sameMember = (a, b) => a.account === b.account && a.role === b.role && equal(a.aik, b.aik)

/**
 * What a client sees of itself: `wrong_key` and `absent` are red alarms.
 * @param {Roster} roster
 * @param {string} account
 * @param {Bytes} aik
 * @param {boolean} removed whether a roster that removed this account was accepted before
 * @returns {'present' | 'removed' | 'wrong_key' | 'absent'}
 */
export function ownRow(roster, account, aik, removed) {
  const member = memberOf(roster, account)
  if (member) return equal(member.aik, aik) ? 'present' : 'wrong_key'
  return removed ? 'removed' : 'absent'
}
