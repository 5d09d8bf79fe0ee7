// What a message says and what a report discloses: one parser and one commitment for clients, hub and moderators.
import { concat, isZero, u32, u64, u8 } from './bytes.js'
import { reader } from './document.js'
import { demand } from './error.js'
import { hash, label } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{ctype: number, sentAt: number, afterSeq: number, afterHash: Bytes, peersHash: Bytes, body: Bytes}} Rest
 */

export const REST_HEAD = 53
export const CTYPES = Object.freeze({
  text: 1, edit: 2, delete: 3, reaction: 4, file: 5, reference: 6, location: 7, preview: 8, bot: 9, dummy: 127,
})
/** @type {Set<number>} */
const KNOWN = new Set(Object.values(CTYPES))
/** How much of an envelope's header the commitment covers: all before the commitment itself. */
const COMMITTED = 72

/** @param {Rest} rest */
export const makeRest = ({ ctype, sentAt, afterSeq, afterHash, peersHash, body }) =>
  concat(u8(ctype), u64(sentAt), u64(afterSeq), afterHash, peersHash, u32(body.length), body)

/** @param {Bytes} bytes exactly the rest @param {string} code the refusal of whoever asks @returns {Rest} */
export function parseRest(bytes, code) {
  const read = reader(bytes, code)
  const ctype = read.u8()
  demand(KNOWN.has(ctype), code, 'unknown content type')
  const sentAt = read.u64()
  const order = { afterSeq: read.u64(), afterHash: read.take(16) }
  demand((order.afterSeq === 0) === isZero(order.afterHash), code, 'after_seq and after_hash differ')
  const peersHash = read.take(16)
  const body = read.take(read.u32())
  read.end()
  return { ctype, sentAt, ...order, peersHash, body }
}

/** Length of the rest at the front of `bytes`, as it says itself. @param {Bytes} bytes @param {string} code */
export function restLength(bytes, code) {
  const read = reader(bytes, code)
  read.take(REST_HEAD - 4)
  return REST_HEAD + read.u32()
}

/** @param {Bytes} header @param {Bytes} rest @param {Bytes} kf */
export const commitment = (header, rest, kf) => hash(32, concat(label('frank'), header.subarray(0, COMMITTED), rest), kf)
