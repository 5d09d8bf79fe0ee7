// Bytes in and out: concatenation, big-endian integers, hex, base64url and UTF-8, each as strict as DKX-1 wants it.

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/**
 * @param {...Bytes} parts
 * @returns {Bytes}
 */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Whether two byte strings are the same; not for secrets. @param {Bytes} a @param {Bytes} b */
export const equal = (a, b) => a.length === b.length && a.every((byte, index) => byte === b[index])

/** Which of two byte strings sorts first, as negative, zero or positive. @param {Bytes} a @param {Bytes} b */
export function compare(a, b) {
  const end = Math.min(a.length, b.length)
  for (let index = 0; index < end; index += 1) if (a[index] !== b[index]) return a[index] - b[index]
  return a.length - b.length
}

/** @param {Bytes} bytes */
export const isZero = (bytes) => bytes.every((byte) => byte === 0)

/** @param {number} length */
export const zeros = (length) => new Uint8Array(length)

/** @param {number} length */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length))

/** @param {number} value one byte */
export const u8 = (value) => Uint8Array.of(value)

/** @param {number} value 0 to 2^32-1 */
export function u32(value) {
  whole(value, 2 ** 32 - 1)
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** @param {number} value 0 to 2^53-1, in eight bytes */
export function u64(value) {
  whole(value, Number.MAX_SAFE_INTEGER)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

/** @param {number} value @param {number} most */
function whole(value, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new RangeError(`not a whole number up to ${most}`)
}

/** @param {Bytes} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Lower-case hex of exactly `length` bytes.
 * @param {string} text
 * @param {number} length
 */
export function fromHex(text, length) {
  if (typeof text !== 'string' || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) {
    throw new RangeError(`not ${2 * length} lower-case hex digits`)
  }
  return Uint8Array.from({ length }, (_, index) => parseInt(text.slice(2 * index, 2 * index + 2), 16))
}

/** An id of 16 bytes from its 32 hex digits. @param {string} text */
export const id = (text) => fromHex(text, 16)

/** @param {unknown} text */
export const isId = (text) => typeof text === 'string' && /^[0-9a-f]{32}$/.test(text)

/** base64url without padding. @param {Bytes} bytes */
export function b64u(bytes) {
  let binary = ''
  // In pieces: String.fromCharCode takes its bytes as arguments, and engines limit those.
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The bytes of base64url; padding, other signs and set unused bits are refused. @param {string} text */
export function fromB64u(text) {
  if (typeof text !== 'string' || !/^[A-Za-z0-9_-]*$/.test(text)) throw new RangeError('not base64url')
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (sign) => sign.charCodeAt(0))
  if (b64u(bytes) !== text) throw new RangeError('not canonical base64url')
  return bytes
}

const encoder = new TextEncoder()
// A byte order mark is a character of the text like any other: it must not vanish on one side.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @param {string} text */
export const utf8 = (text) => encoder.encode(text)

/** Refuses what is not UTF-8. @param {Bytes} bytes */
export const fromUtf8 = (bytes) => decoder.decode(bytes)
