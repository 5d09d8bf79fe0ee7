// Codes to be scanned: a prefix that says what they are, and strict base64url. Never a URL: nothing opens by itself.
import { b64u, fromB64u } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand, orRefuse } from './error.js'

/** @import { Bytes } from './bytes.js' */

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
