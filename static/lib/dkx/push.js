// PUSH: a notice sealed to one device, so that push services carry bytes that tell them nothing.
import { concat, random, u32, u8, zeros } from './bytes.js'
import { reader } from './document.js'
import { demand, orRefuse } from './error.js'
import { canonicalFree, parseCanonicalFree } from './jcs.js'
import { seal, unseal } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'push_invalid'
const HEADER = 5
const SIZES = [512, 1024, 2048]

/** @param {{id: number, key: Bytes}} pushKey @param {Record<string, unknown>} notice @param {Bytes} [nonce] */
export function sealPush(pushKey, notice, nonce = random(24)) {
  const text = canonicalFree(notice)
  const size = SIZES.find((most) => most >= text.length)
  demand(size, CODE, 'too long')
  const header = concat(u8(0x41), u32(pushKey.id))
  return concat(header, nonce, seal(pushKey.key, nonce, concat(text, zeros(size - text.length)), header))
}

/** The id of the key that a notice was sealed with. @param {Bytes} bytes */
export function pushKeyId(bytes) {
  const read = reader(bytes, CODE)
  read.expect(0x41)
  demand(SIZES.includes(bytes.length - HEADER - 24 - 16), CODE, 'no length a notice has')
  return read.u32()
}

/** @param {Bytes} bytes @param {Bytes} key @returns {Record<string, any>} */
export function openPush(bytes, key) {
  pushKeyId(bytes)
  const nonce = bytes.slice(HEADER, HEADER + 24)
  /** @type {Bytes} */
  const text = unseal(key, nonce, bytes.slice(HEADER + 24), bytes.slice(0, HEADER), CODE)
  const end = text.findLastIndex((byte) => byte !== 0) + 1
  demand(SIZES.find((most) => most >= end) === text.length, CODE, 'padded more than it needs')
  const notice = orRefuse(CODE, 'not canonical JSON', () => parseCanonicalFree(text.slice(0, end)))
  demand(typeof notice === 'object' && notice !== null && !Array.isArray(notice), CODE, 'not an object')
  return notice
}
