// DKF1: an encrypted file as a stream of 64 KiB chunks; none can be cut off, moved or added unnoticed.
import { concat, u8, utf8, zeros } from './bytes.js'
import { reader } from './document.js'
import { demand } from './error.js'
import { seal, unseal } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** Whatever can be walked with `for await`: a ReadableStream too. @typedef {AsyncIterable<Bytes> | Iterable<Bytes>} Source */

const CODE = 'file_invalid'
export const CHUNK = 65_536
const TAG = 16
const HEADER = 28

/** @param {Bytes} prefix */
export const fileHeader = (prefix) => concat(utf8('DKF1'), Uint8Array.of(0, 1, 0, 0), prefix, zeros(4))

/** @param {Bytes} bytes @returns {Bytes} the prefix */
function parseHeader(bytes) {
  const read = reader(bytes, CODE)
  read.expect(...utf8('DKF1'), 0, 1, 0, 0)
  const prefix = read.take(16)
  read.zeros(4)
  read.end()
  return prefix
}

/** @param {Bytes} prefix @param {number} index @param {boolean} last */
const nonce = (prefix, index, last) => {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, BigInt(index))
  return concat(prefix, counter.subarray(1), u8(last ? 1 : 0))
}

/**
 * Header and chunks of a file, in the order in which they are stored.
 * @param {Source} source
 * @param {Bytes} key
 * @param {Bytes} prefix
 * @returns {AsyncGenerator<Bytes>}
 */
export async function* sealStream(source, key, prefix) {
  const header = fileHeader(prefix)
  yield header
  for await (const { piece, index, last } of pieces(source, CHUNK)) {
    yield seal(key, nonce(prefix, index, last), piece, header)
  }
}

/**
 * The plaintext, piece by piece. A piece is given out only after it opened; a file cut short fails at its end.
 * @param {Source} source
 * @param {Bytes} key
 * @returns {AsyncGenerator<Bytes>}
 */
export async function* openStream(source, key) {
  const { head, rest } = await split(source, HEADER)
  const prefix = parseHeader(head)
  for await (const { piece, index, last } of pieces(rest, CHUNK + TAG)) {
    const text = unseal(key, nonce(prefix, index, last), piece, head, CODE)
    demand(text.length > 0 || index === 0, CODE, 'an empty last chunk')
    yield text
  }
}

/**
 * Cuts a stream into pieces of `size`, knowing of each whether it is the last; an empty stream is one empty piece.
 * @param {Source} source
 * @param {number} size
 */
async function* pieces(source, size) {
  let held = zeros(0)
  let index = 0
  for await (const part of source) {
    // Only small parts are joined; a part larger than a piece is cut where it lies.
    let from = 0
    const all = held.length ? concat(held, part) : part
    while (all.length - from > size) {
      yield { piece: all.subarray(from, from + size), index, last: false }
      from += size
      index += 1
    }
    held = all.slice(from)
  }
  yield { piece: held, index, last: true }
}

/** The first `length` bytes, and all after them. @param {Source} source @param {number} length */
async function split(source, length) {
  const walk = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  let held = zeros(0)
  while (held.length < length) {
    const { done, value } = await walk.next()
    demand(!done, CODE, 'too short')
    held = concat(held, value)
  }
  async function* rest() {
    if (held.length > length) yield held.slice(length)
    for (let step = await walk.next(); !step.done; step = await walk.next()) yield step.value
  }
  return { head: held.slice(0, length), rest: rest() }
}
