// SPK: a device's signed prekey, and what its age means for sender and receiver.
import { concat, equal, id, u32, u64, u8 } from './bytes.js'
import { DAY, demandLength, demandSigned, reader, signed } from './document.js'
import { demand } from './error.js'
import { demandBoxKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{device: string, id: number, key: Bytes, created: number, bytes: Bytes}} Spk */

const CODE = 'spk_invalid'
const LENGTH = 126
export const SPK_RENEW = 7 * DAY
export const SPK_ERASE = 42 * DAY
const STALE = 35 * DAY
const UNUSABLE = 180 * DAY

/** @param {{device: string, id: number, key: Bytes, created: number}} told @param {Bytes} dskSeed */
export const makeSpk = ({ device, id: number, key, created }, dskSeed) =>
  signed(dskSeed, 'spk', concat(u8(1), u8(3), id(device), u32(number), key, u64(created)))

/** Its fields; the signature is not looked at. @param {Bytes} bytes @returns {Spk} */
export function parseSpk(bytes) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  read.expect(1, 3)
  const spk = { device: read.id(), id: read.u32(), key: read.take(32), created: read.u64(), bytes }
  demand(spk.id >= 1, CODE, 'prekey ids start at 1')
  demandBoxKey(spk.key, CODE)
  return spk
}

/** @param {Bytes} bytes @param {string} device @param {Bytes} dsk @param {number} now @returns {Spk} */
export function verifySpk(bytes, device, dsk, now) {
  const spk = parseSpk(bytes)
  demand(spk.device === device, CODE, 'of another device')
  demand(spk.created <= now + DAY, CODE, 'from the future')
  demandSigned(bytes, 'spk', dsk, CODE)
  return spk
}

/** The newest of what is known and what came. @param {Spk | undefined} known @param {Spk} came */
export function newerSpk(known, came) {
  if (!known) return came
  const same = came.id === known.id
  demand(!same || equal(came.bytes, known.bytes), 'spk_fork', 'one id, two prekeys')
  demand(came.id >= known.id && came.created >= known.created, 'spk_old', 'older than the newest one known')
  return came
}

/**
 * `fresh`; `stale`: still used, and marked; `unusable`: the message waits until the device returns.
 * @param {Spk} spk
 * @param {number} now
 * @returns {'fresh' | 'stale' | 'unusable'}
 */
export function spkAge({ created }, now) {
  if (now - created > UNUSABLE) return 'unusable'
  return now - created > STALE ? 'stale' : 'fresh'
}

/**
 * Whether a packet made at `created` used a prekey that its owner had replaced a day before: the hub served an old one.
 * @param {number | undefined} replacedAt when the prekey was replaced, if it was
 * @param {number} created
 */
export const isSpkRollback = (replacedAt, created) => replacedAt !== undefined && created > replacedAt + DAY
