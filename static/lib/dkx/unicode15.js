// Whether a text uses only characters of Unicode 15.0, whatever Unicode this engine knows: NFC of others may change.
import { UNASSIGNED } from './unassigned15.js'

/** Where each unassigned range begins and ends (exclusive), ascending. */
const EDGES = unfold()

function unfold() {
  let end = 0
  return UNASSIGNED.split(' ').flatMap((word) => {
    const [gap, length] = word.split('.').map((part) => parseInt(part, 36))
    const begin = end + gap
    end = begin + length
    return [begin, end]
  })
}

/** @param {number} point a code point */
export function isAssigned(point) {
  let [low, high] = [0, EDGES.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (EDGES[middle] <= point) low = middle + 1
    else high = middle
  }
  // An odd number of edges at or below the point means that it lies inside an unassigned range.
  return low % 2 === 0
}

/** Marks that came with 15.0: an engine older than that cannot put them in canonical order. */
const MARKS = /[\u{10efd}-\u{10eff}\u{11f41}\u{11f42}\u{1e08f}\u{1e4ec}-\u{1e4ef}]/u

/**
 * What people wrote, fit to be signed: in every text of it U+FFFD stands for what not all devices know alike.
 * @template T @param {T} said @returns {T}
 */
export function sayable(said) {
  /** @type {any} */
  const value = said
  if (typeof value === 'string') return /** @type {any} */ (Array.from(value, (sign) => (isAssigned(sign.codePointAt(0) ?? 0) && !MARKS.test(sign) ? sign : '\ufffd')).join(''))
  if (Array.isArray(value)) return /** @type {any} */ (value.map(sayable))
  if (value === null || typeof value !== 'object') return value
  return /** @type {any} */ (Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sayable(one)])))
}

/** @param {string} text */
export const allAssigned = (text) => Array.from(text).every((sign) => isAssigned(sign.codePointAt(0) ?? 0))
