// KEYPKT: brings a chain to one device, sealed by an X3DH-style agreement without session state.
import { concat, id, random, u32, u8 } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { agree, boxKey, demandSigningKey, hash, label, seal, unseal } from './primitive.js'
import { parseBody } from './body.js'

/** @import { Bytes } from './bytes.js' */
/** The public side of a device under its account. @typedef {{aik: Bytes, dsk: Bytes, dbk: Bytes}} Party */
/**
 * @typedef {{room: string, from: string, to: string, chain: string, spkId: number, opkId: number, ek: Bytes,
 *   header: Bytes, sealed: Bytes, nonce: Bytes}} KeyPacket
 */

const CODE = 'key_packet_invalid'
const LENGTH = 276
const HEADER = 108

/**
 * @param {{room: string, from: string, to: string, chain: string}} route
 * @param {Party & {dbkSecret: Bytes}} sender
 * @param {Party} recipient
 * @param {{spk: {id: number, key: Bytes}, opk?: {id: number, key: Bytes}}} prekeys the recipient's
 * @param {Bytes} body 128 bytes, from `ownBody` or `forwardBody`
 * @param {{ek?: Bytes, nonce?: Bytes}} [given] for tests; both are otherwise random
 */
export function sealKeyPacket(route, sender, recipient, { spk, opk }, body, given = {}) {
  parseBody(body)
  const ek = given.ek ?? random(32)
  const nonce = given.nonce ?? random(24)
  const ids = [id(route.room), id(route.from), id(route.to), id(route.chain)]
  const header = concat(head(opk), ...ids, u32(spk.id), u32(opk?.id ?? 0), boxKey(ek))
  const secrets = [agree(sender.dbkSecret, spk.key), agree(ek, recipient.dbk), agree(ek, spk.key)]
  if (opk) secrets.push(agree(ek, opk.key))
  const key = packetKey(header, secrets, sender, recipient, opk ? [spk.key, opk.key] : [spk.key])
  return concat(header, nonce, seal(key, nonce, body, header))
}

/** @param {unknown} opk */
const head = (opk) => concat(u8(0x01), u8(0x20), u8(0x01), u8(opk ? 1 : 0))

/** Its outside: all that the hub sees. @param {Bytes} bytes @returns {KeyPacket} */
export function parseKeyPacket(bytes) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  read.expect(0x01, 0x20, 0x01)
  const flags = read.u8()
  demand(flags <= 1, CODE, 'unknown flags')
  const route = { room: read.id(), from: read.id(), to: read.id(), chain: read.id() }
  const packet = { ...route, spkId: read.u32(), opkId: read.u32(), ek: read.take(32) }
  demand(packet.spkId >= 1, CODE, 'prekey ids start at 1')
  demand((flags === 1) === packet.opkId > 0, CODE, 'the flag and the one-time prekey differ')
  return { ...packet, header: bytes.slice(0, HEADER), nonce: read.take(24), sealed: read.take(LENGTH - HEADER - 24) }
}

/**
 * Opens a packet. Who the sender is must have been settled before, from pinned lists (see accept.js).
 * @param {KeyPacket} packet
 * @param {Party} sender
 * @param {Party & {dbkSecret: Bytes}} recipient
 * @param {{spk: Bytes, opk?: Bytes}} secrets private halves of the prekeys that the packet names
 */
export function openKeyPacket(packet, sender, recipient, { spk, opk }) {
  demand((packet.opkId > 0) === (opk !== undefined), CODE, 'the one-time prekey is gone')
  const shared = [[spk, sender.dbk], [recipient.dbkSecret, packet.ek], [spk, packet.ek]]
  if (opk) shared.push([opk, packet.ek])
  const prekeys = [boxKey(spk), ...(opk ? [boxKey(opk)] : [])]
  const secrets = shared.map(([secret, theirs]) => agree(secret, theirs, CODE))
  const key = packetKey(packet.header, secrets, sender, recipient, prekeys)
  return parseBody(unseal(key, packet.nonce, packet.sealed, packet.header, CODE))
}

/**
 * @param {Bytes} header
 * @param {Bytes[]} shared
 * @param {Party} sender
 * @param {Party} recipient
 * @param {Bytes[]} prekeys
 */
function packetKey(header, shared, sender, recipient, prekeys) {
  const [a, b] = [sender, recipient].map(({ aik, dsk, dbk }) => concat(aik, demandSigningKey(dsk), dbk))
  const secret = hash(64, concat(label('x3dh'), ...shared))
  return hash(32, concat(label('keypkt'), header, a, b, ...prekeys), secret)
}
