// The safety number of two accounts: sixty digits to compare, or a code to scan.
import { sha512 } from '../vendor.js'
import { concat, equal, hex, id, u8 } from './bytes.js'
import { demand } from './error.js'
import { demandSigningKey } from './primitive.js'
import { makeQr, parseQr } from './qr.js'

/** @import { Bytes } from './bytes.js' */

/** @typedef {{account: string, aik: Bytes}} Identity */

const CODE = 'safety_code_invalid'
const ROUNDS = 5199
const PREFIX = 'dk1v:'

/** Thirty digits of one account. @param {Identity} identity */
export function fingerprint({ account, aik }) {
  let digest = sha512(concat(Uint8Array.of(0, 1), aik, id(account), aik))
  for (let round = 0; round < ROUNDS; round += 1) digest = sha512(concat(digest, aik))
  const groups = Array.from({ length: 6 }, (_, index) => parseInt(hex(digest.slice(5 * index, 5 * index + 5)), 16))
  return groups.map((group) => String(group % 100_000).padStart(5, '0')).join('')
}

/** Sixty digits, the same for both. @param {Identity} one @param {Identity} other */
export const safetyNumber = (one, other) => [fingerprint(one), fingerprint(other)].sort().join('')

/** As people read it: twelve groups of five. @param {string} digits */
export const grouped = (digits) => digits.match(/.{5}/g)?.join(' ') ?? ''

/** What `mine` shows to be scanned by `theirs`. @param {Identity} mine @param {Identity} theirs */
export const safetyQr = (mine, theirs) =>
  makeQr(PREFIX, concat(u8(1), id(mine.account), mine.aik, id(theirs.account), theirs.aik))

/** The two identities of a scanned code. @param {string} text @returns {[Identity, Identity]} */
export function parseSafetyQr(text) {
  const read = parseQr(text, PREFIX, 97, CODE)
  read.expect(1)
  const one = () => ({ account: read.id(), aik: demandSigningKey(read.take(32), CODE) })
  return [one(), one()]
}

/**
 * Whether a code shown by `theirs` says what this client knows.
 * @param {string} text
 * @param {Identity} mine
 * @param {Identity} theirs
 */
export function compareSafetyQr(text, mine, theirs) {
  const [shown, seen] = parseSafetyQr(text)
  demand(shown.account === theirs.account && seen.account === mine.account, CODE, 'a code of other accounts')
  return equal(shown.aik, theirs.aik) && equal(seen.aik, mine.aik)
}
