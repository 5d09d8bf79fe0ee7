// Canonical JSON: RFC 8785, restricted so that every language writes the same bytes (no floats, NFC, small keys).
import { equal, fromUtf8, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { allAssigned } from './unicode15.js'

const CODE = 'json_not_canonical'
const DEEPEST = 16
const KEY = /^[a-z][a-z0-9_]{0,31}$/

/** The canonical bytes of a value. @param {unknown} value */
export const canonical = (value) => utf8(write(value, 1))

/** The value of canonical bytes; anything that would be written otherwise is refused. @param {Uint8Array} bytes */
export function parseCanonical(bytes) {
  const value = orRefuse(CODE, 'not UTF-8 JSON', () => JSON.parse(fromUtf8(bytes)))
  // Writing it again finds doubled keys, floats, spaces and escapes at once: none of them comes out as it went in.
  demand(equal(canonical(value), bytes), CODE, 'not in canonical form')
  return value
}

/** @param {unknown} value @param {number} depth @returns {string} */
function write(value, depth) {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') return string(value)
  demand(depth <= DEEPEST, CODE, 'too deep')
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join()}]`
  demand(typeof value === 'object' && isPlain(value), CODE, 'a value that JSON does not have')
  return `{${Object.keys(value).sort().map((key) => member(key, value[key], depth)).join()}}`
}

/** @param {object} value @returns {value is Record<string, unknown>} */
const isPlain = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** @param {string} key @param {unknown} value @param {number} depth */
function member(key, value, depth) {
  demand(KEY.test(key), CODE, 'a key that is not allowed')
  return `"${key}":${write(value, depth + 1)}`
}

/** @param {number} value */
function number(value) {
  demand(Number.isSafeInteger(value) && !Object.is(value, -0), CODE, 'not a whole number of less than 2^53')
  return String(value)
}

/** @param {string} value */
function string(value) {
  demand(!/\p{Surrogate}/u.test(value), CODE, 'a lone surrogate')
  demand(value.normalize('NFC') === value, CODE, 'not NFC')
  demand(allAssigned(value), CODE, 'a character that Unicode 15 does not have')
  return JSON.stringify(value)
}
