// Recovery codes: made, typed back with the slips people make, and brought to the one form that is hashed.
import { random } from './bytes.js'
import { demand } from './error.js'

const CODE = 'recovery_code_invalid'
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const SIGNS = 24
const WORDS = 7
const SLIPS = new Map([['0', 'O'], ['1', 'I'], ['8', 'B']])

/** 120 bits as 24 characters. */
export const makeCode = () => Array.from(random(SIGNS), (byte) => ALPHABET[byte % 32]).join('')

/** As it is shown: six groups of four. @param {string} code */
export const shownCode = (code) => code.match(/.{4}/g)?.join('-') ?? ''

/** The 24 characters that are hashed, from what somebody typed. @param {string} typed */
export function normalCode(typed) {
  const bare = typed.normalize('NFKC').replace(/[\s\u002d\u2010-\u2015\u2212]/gu, '').toUpperCase()
  const code = bare.replace(/[018]/g, (sign) => SLIPS.get(sign) ?? sign)
  demand(code.length === SIGNS && [...code].every((sign) => ALPHABET.includes(sign)), CODE, 'not a recovery code')
  return code
}

/** Words drawn evenly from a list. @param {string[]} list @param {number} [count] */
export function makeWords(list, count = WORDS) {
  demand(count >= WORDS && list.length >= 2048, CODE, 'too few words')
  return Array.from({ length: count }, () => list[below(list.length)]).join(' ')
}

/** An even choice: values that would favour the first words are thrown away. @param {number} limit */
function below(limit) {
  const most = 2 ** 32 - (2 ** 32 % limit)
  for (;;) {
    const value = new DataView(random(4).buffer).getUint32(0)
    if (value < most) return value % limit
  }
}

/** At least seven words in the form that is hashed. @param {string} typed */
export function normalWords(typed) {
  const words = typed.normalize('NFKC').toLowerCase().trim().split(/\s+/u)
  demand(words.length >= WORDS, CODE, 'too few words')
  return words.join(' ')
}
