// Codes to be scanned: a prefix that says what they are, and strict base64url. Never a URL: nothing opens by itself.
import { b64u, concat, fromB64u, id, u8 } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand, orRefuse } from './error.js'
import { demandSigningKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

const HANDOVER = 'dk1h:'
const HANDOVER_CODE = 'handover_code_invalid'

/** @param {string} prefix @param {Bytes} bytes */
export const makeQr = (prefix, bytes) => prefix + b64u(bytes)

/**
 * A reader over the bytes of a code.
 * @param {string} text
 * @param {string} prefix
 * @param {number} length of the bytes
 * @param {string} code the refusal of whoever asks
 */
export function parseQr(text, prefix, length, code) {
  demand(typeof text === 'string' && text.startsWith(prefix), code, 'another kind of code')
  const bytes = orRefuse(code, 'not base64url', () => fromB64u(text.slice(prefix.length)))
  demandLength(bytes, length, code)
  return reader(bytes, code)
}

/**
 * The code that proves a handover (kind 1) or a return (kind 2), shown by whoever receives the thing.
 * @param {{rental: string, kind: number, secret: Bytes, aik: Bytes}} told
 */
export const handoverQr = ({ rental, kind, secret, aik }) =>
  makeQr(HANDOVER, concat(u8(1), id(rental), u8(kind), secret, aik))

/** @param {string} text */
export function parseHandoverQr(text) {
  const read = parseQr(text, HANDOVER, 66, HANDOVER_CODE)
  read.expect(1)
  const told = { rental: read.id(), kind: read.u8(), secret: read.take(16), aik: demandSigningKey(read.take(32)) }
  demand(told.kind === 1 || told.kind === 2, HANDOVER_CODE, 'unknown kind')
  return told
}
