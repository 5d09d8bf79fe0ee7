// ENV: one encrypted, committed and signed message of a chain.
import { concat, equal, id, isZero, random, u32, u8, zeros } from './bytes.js'
import { SIGNATURE, reader } from './document.js'
import { DkxError, demand, orRefuse } from './error.js'
import { hash16, seal, sign, unseal, verifies } from './primitive.js'
import { commitment, makeRest, parseRest, restLength } from './rest.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{room: string, device: string, chain: string, index: number, cid: string, commit: Bytes,
 *   bytes: Bytes}} Header
 */
/**
 * A message in the clear, with what a report of it needs.
 * @typedef {import('./rest.js').Rest & {header: Header, kf: Bytes, rest: Bytes, hash: Bytes}} Opened
 */

const CODE = 'envelope_invalid'
const HEADER = 104
const OUTSIDE = HEADER + 24 + 16 + SIGNATURE
const REGIONS = [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]

/**
 * @param {{room: string, device: string, chain: string, index: number, cid: string}} place
 * @param {import('./rest.js').Rest} told
 * @param {Bytes} mk the key of this index
 * @param {Bytes} cskSeed
 * @param {{kf?: Bytes, nonce?: Bytes}} [given] for tests; both are otherwise random
 */
export function sealEnvelope(place, told, mk, cskSeed, given = {}) {
  const kf = given.kf ?? random(32)
  const nonce = given.nonce ?? random(24)
  const rest = makeRest(told)
  parseRest(rest, CODE)
  const ids = [id(place.room), id(place.device), id(place.chain), u32(place.index), id(place.cid)]
  const start = concat(u8(0x01), u8(0x10), u8(0x01), u8(0x00), ...ids)
  const header = concat(start, commitment(start, rest, kf))
  const text = padded(concat(kf, rest))
  const all = concat(header, nonce, seal(mk, nonce, text, header))
  return concat(all, sign(cskSeed, 'msg', all))
}

/** @param {Bytes} content */
function padded(content) {
  const size = regionFor(content.length)
  demand(size, CODE, 'the message is too long')
  return concat(content, zeros(size - content.length))
}

/** @param {number} length */
const regionFor = (length) => REGIONS.find((size) => size >= length)

/** @param {Bytes} bytes 104 of them @param {string} code the refusal of whoever asks @returns {Header} */
export function parseHeader(bytes, code) {
  const read = reader(bytes, code)
  read.expect(0x01, 0x10, 0x01, 0x00)
  const place = { room: read.id(), device: read.id(), chain: read.id(), index: read.u32(), cid: read.id() }
  const header = { ...place, commit: read.take(32), bytes }
  read.end()
  return header
}

/** The outside of an envelope: all that the hub sees. @param {Bytes} bytes @returns {Header} */
export function parseEnvelope(bytes) {
  demand(bytes instanceof Uint8Array && REGIONS.includes(bytes.length - OUTSIDE), CODE, 'no length an envelope has')
  return parseHeader(bytes.slice(0, HEADER), CODE)
}

/**
 * Opens an envelope with its chain. The author shown is the account stored with the chain, never one named inside.
 * @param {Bytes} bytes
 * @param {{room: string, device: string, chain: string, csk: Bytes}} record
 * @param {(index: number) => Bytes} keys from `messageKeys(record)`
 * @returns {Opened}
 */
export function openEnvelope(bytes, record, keys) {
  const header = parseEnvelope(bytes)
  demand(isOf(header, record), CODE, 'of another room, device or chain')
  const end = bytes.length - SIGNATURE
  const signature = bytes.subarray(end)
  demand(verifies(record.csk, 'msg', bytes.subarray(0, end), signature), CODE, 'the signature does not hold')
  const [nonce, sealed] = [bytes.subarray(HEADER, HEADER + 24), bytes.subarray(HEADER + 24, end)]
  const key = orRefuse(CODE, 'an index that its chain does not reach', () => keys(header.index))
  const region = unseal(key, nonce, sealed, header.bytes, CODE)
  return { ...openRegion(region, header), header, hash: envelopeHash(bytes) }
}

/** @param {Header} header @param {{room: string, device: string, chain: string}} record */
const isOf = (header, record) =>
  header.room === record.room && header.device === record.device && header.chain === record.chain

/** @param {Bytes} region @param {Header} header */
function openRegion(region, header) {
  const kf = region.slice(0, 32)
  const length = restLength(region.subarray(32), CODE)
  if (32 + length > region.length) throw new DkxError(CODE, 'longer than its region')
  demand(regionFor(32 + length) === region.length, CODE, 'a larger region than it needs')
  demand(isZero(region.subarray(32 + length)), CODE, 'the padding is not zero')
  const rest = region.slice(32, 32 + length)
  return { kf, rest, ...disclose(header, rest, kf, CODE) }
}

/**
 * Judges header, rest and commitment: the same code for whoever reads a message and whoever judges a report of it.
 * @param {Header} header
 * @param {Bytes} rest
 * @param {Bytes} kf
 * @param {string} code
 */
export function disclose(header, rest, kf, code) {
  demand(kf.length === 32 && equal(commitment(header.bytes, rest, kf), header.commit), code, 'not what was committed to')
  return parseRest(rest, code)
}

/** What replies, edits and the order of messages refer to. @param {Bytes} bytes */
export const envelopeHash = (bytes) => hash16('envhash', bytes)

/** `after_hash` of a message that follows a room event. @param {Bytes} eventHash */
export const afterEvent = (eventHash) => hash16('eventhash', eventHash)
