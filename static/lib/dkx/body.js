// The 128 bytes inside a key packet: a chain from its own sender, or one forwarded between a person's devices.
import { concat, id, u32, u64, u8, zeros } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand, DkxError } from './error.js'
import { demandSigningKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{kind: 'own', start: number, ck: Bytes, csk: Bytes, rosterHash: Bytes, devlistEpoch: number,
 *   devlistVersion: number, created: number, sentBefore: number}} OwnBody
 */
/**
 * @typedef {{kind: 'forward', start: number, ck: Bytes, csk: Bytes, rosterHash: Bytes, owner: string,
 *   created: number}} ForwardBody
 */

const CODE = 'key_packet_invalid'
const OWN = 1
const FORWARD = 2

/** @param {Omit<OwnBody, 'kind'>} told */
export const ownBody = (told) =>
  concat(
    u8(OWN), ...shared(told), u32(told.devlistEpoch), u32(told.devlistVersion), u64(told.created),
    u32(told.sentBefore), zeros(7),
  )

/** @param {Omit<ForwardBody, 'kind'>} told */
export const forwardBody = (told) => concat(u8(FORWARD), ...shared(told), id(told.owner), u64(told.created), zeros(3))

/** @param {{start: number, ck: Bytes, csk: Bytes, rosterHash: Bytes}} told */
const shared = ({ start, ck, csk, rosterHash }) => [u32(start), ck, csk, rosterHash]

/** @param {Bytes} bytes @returns {OwnBody | ForwardBody} */
export function parseBody(bytes) {
  demandLength(bytes, 128, CODE)
  const read = reader(bytes, CODE)
  const kind = read.u8()
  const keys = { start: read.u32(), ck: read.take(32), csk: demandSigningKey(read.take(32), CODE) }
  const chain = { ...keys, rosterHash: read.take(32) }
  if (kind === OWN) return own(chain, read)
  if (kind === FORWARD) return forward(chain, read)
  throw new DkxError(CODE, 'unknown kind of body')
}

/**
 * @param {{start: number, ck: Bytes, csk: Bytes, rosterHash: Bytes}} chain
 * @param {ReturnType<typeof reader>} read
 * @returns {OwnBody}
 */
function own(chain, read) {
  const devlistEpoch = read.u32()
  const devlistVersion = read.u32()
  demand(devlistEpoch >= 1 && devlistVersion >= 1, CODE, 'epochs and versions start at 1')
  const rest = { devlistEpoch, devlistVersion, created: read.u64(), sentBefore: read.u32() }
  read.zeros(7)
  return { kind: 'own', ...chain, ...rest }
}

/**
 * @param {{start: number, ck: Bytes, csk: Bytes, rosterHash: Bytes}} chain
 * @param {ReturnType<typeof reader>} read
 * @returns {ForwardBody}
 */
function forward(chain, read) {
  const rest = { owner: read.id(), created: read.u64() }
  read.zeros(3)
  return { kind: 'forward', ...chain, ...rest }
}
