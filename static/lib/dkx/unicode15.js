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

/** @param {string} text */
export const allAssigned = (text) => Array.from(text).every((sign) => isAssigned(sign.codePointAt(0) ?? 0))
