// Reports: one message is disclosed so that the hub can check who said it, and nothing else opens.
import { hmac, sha256 } from '../vendor.js'
import { b64u, concat, equal, fromB64u, id, isId, u64 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { disclose, parseHeader } from './envelope.js'
import { label } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{room: string, seq: number, hdr104: string, kf: string, rest: string, kid: string, acct: string,
 *   ts: number, ft: string}} Report
 */

const CODE = 'report_unverifiable'
const FIELDS = ['acct', 'ft', 'hdr104', 'kf', 'kid', 'rest', 'room', 'seq', 'ts'].join()

/**
 * The report of an opened message, with the tag that the hub gave with it.
 * @param {{header: import('./envelope.js').Header, kf: Bytes, rest: Bytes}} opened
 * @param {{seq: number, kid: string, acct: string, ts: number, ft: string}} tag `ft` in base64url
 * @returns {Report}
 */
export const makeReport = ({ header, kf, rest }, tag) => ({
  room: header.room, hdr104: b64u(header.bytes), kf: b64u(kf), rest: b64u(rest), ...tag,
})

/**
 * What the hub signs for itself when it takes a message.
 * @param {Bytes} key
 * @param {{header: Bytes, seq: number, account: string, ts: number}} told
 */
export const frankingTag = (key, { header, seq, account, ts }) =>
  hmac(sha256, key, concat(label('ft'), header, u64(seq), id(account), u64(ts)))

/**
 * Judges a report as the hub does. Gives what may be shown; refuses what cannot be verified.
 * @param {Report} report
 * @param {Map<string, Bytes>} frankKeys by kid
 * @param {Bytes} [stored] the header of the stored message, if it is still there
 */
export function judgeReport(report, frankKeys, stored) {
  demandShape(report)
  const [header, kf, rest, ft] = [report.hdr104, report.kf, report.rest, report.ft].map(bytesOf)
  const key = frankKeys.get(report.kid)
  demand(key, CODE, 'no such franking key')
  const told = { header, seq: report.seq, account: report.acct, ts: report.ts }
  demand(header.length === 104 && equal(frankingTag(key, told), ft), CODE, 'a tag that the hub did not give')
  const parsed = parseHeader(header, CODE)
  demand(parsed.room === report.room && (!stored || equal(stored, header)), CODE, 'not the message that was stored')
  return { account: report.acct, header: parsed, ...disclose(parsed, rest, kf, CODE) }
}

/** @param {Report} report */
function demandShape(report) {
  demand(Object.keys(report).sort().join() === FIELDS, CODE, 'not the fields of a report')
  demand(isId(report.room) && isId(report.acct) && typeof report.kid === 'string', CODE, 'a field is wrong')
  demand([report.seq, report.ts].every((n) => Number.isSafeInteger(n) && n >= 0), CODE, 'a number is wrong')
}

/** @param {string} text */
const bytesOf = (text) => orRefuse(CODE, 'not base64url', () => fromB64u(text))
