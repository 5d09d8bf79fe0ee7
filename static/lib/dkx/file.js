// Files in messages: padded, encrypted and hashed while they stream; the descriptor that a message carries of them.
import { blake2b } from '../vendor.js'
import { b64u, equal, fromB64u, hex, fromHex, isZero, random, zeros } from './bytes.js'
import { DkxError, demand, orRefuse } from './error.js'
import { padme } from './padme.js'
import { CHUNK, openStream, sealStream } from './dkf1.js'

/** @import { Bytes } from './bytes.js' */
/** @import { Source } from './dkf1.js' */
/** `b2` is hex, `key` base64url. @typedef {{id: string, key: string, b2: string, size: number}} Descriptor */

const CODE = 'file_invalid'
export const FILE_MOST = 25 * 1024 * 1024

/** Bytes that the hub stores for a file of `size`. @param {number} size */
export function storedSize(size) {
  const padded = padme(size)
  return 28 + padded + 16 * Math.max(1, Math.ceil(padded / CHUNK))
}

/**
 * Encrypts while it is read; never holds more than a few chunks. The same key and prefix give the same bytes again, so
 * that an upload can go on after a break: `skip(file.chunks, offset)`.
 * @param {Source} source
 * @param {number} size true length of the source
 * @param {{key?: Bytes, prefix?: Bytes}} [given] of an upload that goes on; otherwise random
 * @returns {{key: Bytes, prefix: Bytes, chunks: AsyncGenerator<Bytes>, describe: (id: string) => Descriptor}}
 *   `describe` works when all chunks were read
 */
export function sealFile(source, size, given = {}) {
  demandSize(size)
  const key = given.key ?? random(32)
  const prefix = given.prefix ?? random(16)
  const { chunks, digest } = hashed(sealStream(padded(source, size), key, prefix))
  const describe = (/** @type {string} */ id) => ({ id, key: b64u(key), b2: hex(digest()), size })
  return { key, prefix, chunks, describe }
}

/** @param {number} size */
const demandSize = (size) =>
  demand(Number.isSafeInteger(size) && size >= 0 && size <= FILE_MOST, CODE, 'a size that is not allowed')

/**
 * The plaintext as it arrives. What was given out is authentic, but complete only when the generator ends: length,
 * padding and hash are judged there.
 * @param {Source} source
 * @param {Descriptor} told
 * @returns {AsyncGenerator<Bytes>}
 */
export async function* openFile(source, { key, b2, size }) {
  demandSize(size)
  const secret = orRefuse(CODE, 'no key', () => fromB64u(key))
  demand(secret.length === 32, CODE, 'no key')
  const expected = orRefuse(CODE, 'no hash', () => fromHex(b2, 32))
  const { chunks, digest } = hashed(source)
  let came = 0
  for await (const piece of openStream(chunks, secret)) {
    const end = Math.max(0, Math.min(piece.length, size - came))
    demand(isZero(piece.subarray(end)), CODE, 'the padding is not zero')
    came += piece.length
    demand(came <= padme(size), CODE, 'longer than it says')
    if (end > 0) yield piece.subarray(0, end)
  }
  demand(came === padme(size), CODE, 'shorter than it says')
  demand(equal(digest(), expected), CODE, 'another file than the one described')
}

/**
 * The source with zeros up to its Padmé length.
 * @param {Source} source
 * @param {number} size
 */
async function* padded(source, size) {
  let came = 0
  for await (const part of source) {
    came += part.length
    if (came > size) throw new DkxError(CODE, 'longer than it says')
    yield part
  }
  demand(came === size, CODE, 'shorter than it says')
  let left = padme(size) - size
  for (; left > CHUNK; left -= CHUNK) yield zeros(CHUNK)
  if (left > 0) yield zeros(left)
}

/** Passes a stream through and hashes what passes. @param {Source} source */
function hashed(source) {
  const running = blake2b.create({ dkLen: 32 })
  /** @type {Bytes | undefined} */
  let result
  async function* chunks() {
    for await (const part of source) {
      running.update(part)
      yield part
    }
    result = running.digest()
  }
  const digest = () => {
    if (!result) throw new DkxError(CODE, 'the file has not been read to its end')
    return result
  }
  return { chunks: chunks(), digest }
}

/** A stream without its first bytes. @param {Source} source @param {number} offset */
export async function* skip(source, offset) {
  let left = offset
  for await (const part of source) {
    if (part.length > left) yield part.subarray(left)
    left = Math.max(0, left - part.length)
  }
}
