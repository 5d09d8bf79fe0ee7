// What all signed documents share: a strict reader over their bytes, the appended signature, and their hash.
import { concat, hex, isZero } from './bytes.js'
import { DkxError, demand } from './error.js'
import { hash32, sign, verifies } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

export const DAY = 86_400_000
export const SIGNATURE = 64

/** The hash that names a document for ever: over the whole of it, signature included. @param {Bytes} bytes */
export const dochash = (bytes) => hash32('dochash', bytes)

/** The body with its signature. @param {Bytes} seed @param {string} name @param {Bytes} body */
export const signed = (seed, name, body) => concat(body, sign(seed, name, body))

/**
 * Refuses a document whose last 64 bytes are no signature of the rest.
 * @param {Bytes} bytes
 * @param {string} name
 * @param {Bytes} key
 * @param {string} code
 */
export function demandSigned(bytes, name, key, code) {
  const end = bytes.length - SIGNATURE
  demand(verifies(key, name, bytes.subarray(0, end), bytes.subarray(end)), code, 'the signature does not hold')
}

/**
 * Reads `bytes` from the front. Everything short, left over or reserved and set refuses with `code`.
 * @param {Bytes} bytes
 * @param {string} code
 */
export function reader(bytes, code) {
  let at = 0
  /** @param {number} length */
  function take(length) {
    if (at + length > bytes.length) throw new DkxError(code, 'too short')
    at += length
    return bytes.slice(at - length, at)
  }
  /** @param {number} length */
  function whole(length) {
    // Times beyond 2^53 lose their last digits here; they are compared or shown, never written again.
    return Number(`0x${hex(take(length))}`)
  }
  return {
    take,
    u8: () => whole(1),
    u32: () => whole(4),
    u64: () => whole(8),
    id: () => hex(take(16)),
    /** @param {...number} magic */
    expect: (...magic) => magic.forEach((byte) => demand(whole(1) === byte, code, 'unknown type, version or flag')),
    /** @param {number} length */
    zeros: (length) => demand(isZero(take(length)), code, 'reserved bytes are set'),
    end: () => demand(at === bytes.length, code, 'bytes are left over'),
  }
}

/** @param {Bytes} bytes @param {number} length @param {string} code */
export const demandLength = (bytes, length, code) =>
  demand(bytes instanceof Uint8Array && bytes.length === length, code, `not ${length} bytes`)

/** @param {unknown[]} values */
export const distinct = (values) => new Set(values).size === values.length

/** Whether ids, as hex, ascend strictly. @param {string[]} ids */
export const ascending = (ids) => ids.every((id, index) => index === 0 || ids[index - 1] < id)
