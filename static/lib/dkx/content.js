// What stands inside a message: JSON by content type, made and read with the same table.
import { fromUtf8, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { CTYPES } from './rest.js'

const CODE = 'content_invalid'
/** @param {unknown} value */
const text = (value) => typeof value === 'string'
/** @param {unknown} value */
const ref = (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)
/** @param {unknown} value */
const digest = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
/** @param {unknown} value */
const record = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
/** @param {unknown} value */
const degrees = (value) => typeof value === 'number' && Math.abs(value) <= 180

/** Required fields by content type; fields not listed are left alone, so that later versions may add some. */
const FIELDS = new Map([
  [CTYPES.text, { t: text }],
  [CTYPES.edit, { ref, t: text }],
  [CTYPES.delete, { ref }],
  [CTYPES.reaction, { ref, e: text }],
  [CTYPES.file, { id: text, key: text, b2: text, size: Number.isSafeInteger, mime: text, name: text }],
  [CTYPES.reference, { digest, kind: text }],
  [CTYPES.location, { lat: degrees, lon: degrees }],
  [CTYPES.preview, { url: text, title: text }],
  [CTYPES.bot, { t: text }],
  [CTYPES.dummy, {}],
])

/** The body of a message. @param {number} ctype @param {Record<string, unknown>} content */
export function makeContent(ctype, content) {
  check(ctype, content)
  return utf8(JSON.stringify(content))
}

/** @param {number} ctype @param {Uint8Array} body @returns {Record<string, any>} */
export function parseContent(ctype, body) {
  const content = orRefuse(CODE, 'not UTF-8 JSON', () => JSON.parse(fromUtf8(body)))
  check(ctype, content)
  return content
}

/** @param {number} ctype @param {Record<string, unknown>} content */
function check(ctype, content) {
  const fields = FIELDS.get(ctype)
  demand(fields && record(content), CODE, 'not an object of a known type')
  for (const [name, holds] of Object.entries(fields)) demand(holds(content[name]), CODE, `${name} is missing or wrong`)
  const { reply_to: replyTo } = content
  demand(replyTo === undefined || ref(replyTo), CODE, 'reply_to is wrong')
}

/**
 * Whether a message that refers to another may act on it: only the same account edits and deletes.
 * @param {number} ctype
 * @param {string} author
 * @param {string} referred account of the message referred to
 */
export const mayRefer = (ctype, author, referred) =>
  (ctype !== CTYPES.edit && ctype !== CTYPES.delete) || (author !== '' && author === referred)
