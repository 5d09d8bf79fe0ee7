// Canonical JSON: RFC 8785, restricted so that every language writes the same bytes (no floats, NFC, small keys).
import { equal, fromUtf8, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { allAssigned } from './unicode15.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'json_not_canonical'
const DEEPEST = 16
const KEY = /^[a-z][a-z0-9_]{0,31}$/

/** The canonical bytes of a value. @param {unknown} value */
export const canonical = (value) => utf8(write(value, demandStable, 1))

/** The value of canonical bytes; anything that would be written otherwise is refused. @param {Bytes} bytes */
export const parseCanonical = (bytes) => parse(bytes, canonical)

/**
 * The same for what people write to each other: their texts are free, for a smile may be of any year.
 * @param {unknown} value
 */
export const canonicalFree = (value) => utf8(write(value, demandWhole, 1))

/** @param {Bytes} bytes */
export const parseCanonicalFree = (bytes) => parse(bytes, canonicalFree)

/** @param {Bytes} bytes @param {(value: unknown) => Bytes} again */
function parse(bytes, again) {
  const value = orRefuse(CODE, 'not UTF-8 JSON', () => JSON.parse(fromUtf8(bytes)))
  // Writing it again finds doubled keys, floats, spaces and escapes at once: none of them comes out as it went in.
  demand(equal(again(value), bytes), CODE, 'not in canonical form')
  return value
}

/** @typedef {(text: string) => void} Judge */

/** @param {unknown} value @param {Judge} judge @param {number} depth @returns {string} */
function write(value, judge, depth) {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') return string(value, judge)
  demand(depth <= DEEPEST, CODE, 'too deep')
  if (Array.isArray(value)) return `[${value.map((item) => write(item, judge, depth + 1)).join()}]`
  demand(typeof value === 'object' && isPlain(value), CODE, 'a value that JSON does not have')
  return `{${Object.keys(value).sort().map((key) => member(key, value[key], judge, depth)).join()}}`
}

/** @param {object} value @returns {value is Record<string, unknown>} */
const isPlain = (value) => [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** @param {string} key @param {unknown} value @param {Judge} judge @param {number} depth */
function member(key, value, judge, depth) {
  demand(KEY.test(key), CODE, 'a key that is not allowed')
  return `"${key}":${write(value, judge, depth + 1)}`
}

/** @param {number} value */
function number(value) {
  demand(Number.isSafeInteger(value) && !Object.is(value, -0), CODE, 'not a whole number of less than 2^53')
  return String(value)
}

/** @param {string} value @param {Judge} judge */
function string(value, judge) {
  judge(value)
  return JSON.stringify(value)
}

/** @param {string} text */
const demandWhole = (text) => demand(!/\p{Surrogate}/u.test(text), CODE, 'a lone surrogate')

/** @param {string} text */
function demandStable(text) {
  demandWhole(text)
  demand(text.normalize('NFC') === text, CODE, 'not NFC')
  demand(allAssigned(text), CODE, 'a character that Unicode 15 does not have')
}
