// What stands inside a message: canonical JSON by content type, made and read with one table of fields.
import { fromB64u, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { FILE_MOST } from './file.js'
import { canonicalFree, parseCanonicalFree } from './jcs.js'
import { CTYPES } from './rest.js'

/** @import { Bytes } from './bytes.js' */

/** @typedef {(value: any) => boolean} Holds */

const CODE = 'content_invalid'
/** @type {Holds} */
const text = (value) => typeof value === 'string'
/** @type {(length: number) => Holds} */
const hexOf = (length) => (value) => text(value) && value.length === 2 * length && /^[0-9a-f]*$/.test(value)
const ref = hexOf(16)
const digest = hexOf(32)
/** @type {(most: number) => Holds} */
const upTo = (most) => (value) => Number.isSafeInteger(value) && value >= 0 && value <= most
/** @type {(most: number) => Holds} */
const within = (most) => (value) => Number.isSafeInteger(value) && Math.abs(value) <= most
/** @type {Holds} */
const key = (value) => text(value) && isKey(value)
const AGREEMENTS = ['agreement', 'amendment', 'return', 'withdrawal']
const thumb = { id: ref, key, b2: digest, size: upTo(FILE_MOST) }
const pixels = upTo(65_535)
/** @type {(most: number) => Holds} its bytes in UTF-8 */
const short = (most) => (value) => text(value) && value !== '' && utf8(value).length <= most
/** A name and no path, with nothing in it that moves a cursor. @type {Holds} */
const fileName = (value) => short(255)(value) && !/[/\\\u0000-\u001f\u007f]/.test(value)
/** @type {Holds} */
const mime = (value) => text(value) && /^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,62}$/.test(value)
/** @type {Holds} */
const address = (value) => text(value) && /^https?:\/\/[^\s/?#]+\S*$/.test(value)

/**
 * Fields by content type; a name with ? may be missing. No others are allowed.
 * @type {[number, Record<string, Holds | Record<string, Holds>>][]}
 */
const ROWS = [
  [CTYPES.text, { t: text, 'reply_to?': ref }],
  [CTYPES.edit, { ref, t: text }],
  [CTYPES.delete, { ref }],
  [CTYPES.reaction, { ref, e: short(64) }],
  [CTYPES.file, { ...thumb, mime, name: fileName, w: pixels, h: pixels, 'thumb?': thumb }],
  [CTYPES.reference, { digest, kind: (/** @type {string} */ value) => AGREEMENTS.includes(value) }],
  [CTYPES.location, { lat_e4: within(900_000), lon_e4: within(1_800_000) }],
  [CTYPES.preview, { url: address, title: text, 'img?': thumb }],
  [CTYPES.bot, { t: text }],
  [CTYPES.dummy, {}],
]
const FIELDS = new Map(ROWS)

/** The body of a message. @param {number} ctype @param {Record<string, unknown>} content */
export function makeContent(ctype, content) {
  check(FIELDS.get(ctype), content)
  return canonicalFree(content)
}

/** @param {number} ctype @param {Bytes} body @returns {Record<string, any>} */
export function parseContent(ctype, body) {
  const content = orRefuse(CODE, 'not canonical JSON', () => parseCanonicalFree(body))
  check(FIELDS.get(ctype), content)
  return content
}

/** @param {Record<string, any> | undefined} fields @param {any} content */
function check(fields, content) {
  demand(fields && typeof content === 'object' && content !== null && !Array.isArray(content), CODE, 'not an object')
  const known = new Map(Object.entries(fields).map(([name, holds]) => [name.replace('?', ''), holds]))
  demand(Object.keys(content).every((name) => known.has(name)), CODE, 'an unknown field')
  for (const [name, holds] of known) {
    if (!(name in content)) demand(`${name}?` in fields, CODE, `${name} is missing`)
    else if (typeof holds === 'function') demand(holds(content[name]), CODE, `${name} is wrong`)
    else check(holds, content[name])
  }
}

/** @param {string} value */
function isKey(value) {
  try {
    return fromB64u(value).length === 32
  } catch {
    return false
  }
}

/**
 * Whether a message that refers to another may act on it: only the same account edits and deletes.
 * @param {number} ctype
 * @param {string | null} author
 * @param {string | null} referred account of the message referred to
 */
export const mayRefer = (ctype, author, referred) =>
  (ctype !== CTYPES.edit && ctype !== CTYPES.delete) || (author !== null && author === referred)
