// Whether a key packet may become a chain: its sender, roster, lists and prekeys, all judged before anything is kept.
import { equal } from './bytes.js'
import { deviceOf } from './devlist.js'
import { DkxError, demand } from './error.js'
import { openKeyPacket, parseKeyPacket } from './keypacket.js'
import { currentList, holderOf, pinOf } from './pins.js'
import { mergeRecord, recordName } from './record.js'
import { memberOf } from './roster.js'
import { isSpkRollback } from './spk.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{account: string, device: string, aik: Bytes, dsk: Bytes, dbk: Bytes, dbkSecret: Bytes}} Self
 */
/** A prekey's private half, and when it was replaced. @typedef {{secret: Bytes, replacedAt?: number}} Prekey */

const CODE = 'key_packet_invalid'

/**
 * Opens a packet and gives the chain's record merged with the one known, and warnings to show. Nothing is stored here.
 * @param {Bytes} bytes
 * @param {{self: Self, pins: import('./pins.js').Pins, rosters: import('./roster.js').Roster[],
 *   spks: Map<number, Prekey>, opks: Map<number, Bytes>,
 *   records: Map<string, import('./record.js').ChainRecord>}} world `rosters`: all known versions of the room
 * @returns {{record: import('./record.js').ChainRecord, opkId: number, created: number, warnings: string[]}} the
 *   one-time prekey with `opkId` is used up
 */
export function acceptPacket(bytes, world) {
  const packet = parseKeyPacket(bytes)
  demand(packet.to === world.self.device, CODE, 'for another device')
  const sender = senderOf(packet.from, world.pins)
  const prekey = world.spks.get(packet.spkId)
  demand(prekey, CODE, 'the prekey is gone')
  const opk = packet.opkId ? world.opks.get(packet.opkId) : undefined
  const body = openKeyPacket(packet, sender, world.self, { spk: prekey.secret, opk })
  const roster = rosterOf(packet.room, body.rosterHash, world.rosters)
  const source = body.kind === 'own' ? ownChain(packet, body, sender, roster) : forwarded(body, sender, roster, world)
  const { start, ck, csk, rosterHash } = body
  const came = { room: packet.room, chain: packet.chain, start, ck, csk, rosterHash, ...source }
  const record = mergeRecord(world.records.get(recordName(came)), came)
  const warnings = isSpkRollback(prekey.replacedAt, body.created) ? ['spk_rollback'] : []
  return { record, opkId: packet.opkId, created: body.created, warnings }
}

/** The device as its newest list that holds it says. @param {string} from @param {import('./pins.js').Pins} pins */
function senderOf(from, pins) {
  const pin = holderOf(pins, from)
  demand(pin, CODE, 'from a device in no pinned list')
  const list = [...pin.lists].reverse().find((one) => deviceOf(one, from))
  const row = list && deviceOf(list, from)
  demand(row, CODE, 'from a device in no pinned list')
  return { account: pin.account, aik: pin.aik, dsk: row.dsk, dbk: row.dbk, pin }
}

/** @param {string} room @param {Bytes} hash @param {import('./roster.js').Roster[]} rosters */
function rosterOf(room, hash, rosters) {
  const roster = rosters.find((one) => one.room === room && equal(one.hash, hash))
  if (!roster) throw new DkxError(CODE, 'under a roster that is not known')
  return roster
}

/**
 * @param {import('./keypacket.js').KeyPacket} packet
 * @param {import('./body.js').OwnBody} body
 * @param {ReturnType<typeof senderOf>} sender
 * @param {import('./roster.js').Roster} roster
 */
function ownChain(packet, body, { account, aik, pin }, roster) {
  const member = memberOf(roster, account)
  demand(member && equal(member.aik, aik), CODE, 'from a device of nobody in its roster')
  const held = pin.lists.some(({ epoch, version }) => epoch === body.devlistEpoch && version === body.devlistVersion)
  const newest = currentList(pin)
  const newer = newest.epoch > body.devlistEpoch || (newest.epoch === body.devlistEpoch && newest.version >= body.devlistVersion)
  demand(held || newer, 'devlist_missing', 'made with a newer device list than the one known')
  return { device: packet.from, account, sentBefore: body.sentBefore }
}

/**
 * A forward comes only from one's own current devices; its author is the roster member who ever held the device.
 * @param {import('./body.js').ForwardBody} body
 * @param {ReturnType<typeof senderOf>} sender
 * @param {import('./roster.js').Roster} roster
 * @param {{self: Self, pins: import('./pins.js').Pins}} world
 */
function forwarded(body, sender, roster, { self, pins }) {
  const own = currentList(pinOf(pins, self.account))
  const mine = own.devices.some(({ dsk }) => equal(dsk, sender.dsk))
  demand(sender.account === self.account && mine, CODE, 'a forward from somebody else')
  return { device: body.owner, account: authorOf(body.owner, roster, pins) }
}

/**
 * The roster member any of whose list versions holds a device; null if none does.
 * @param {string} device
 * @param {import('./roster.js').Roster | undefined} roster
 * @param {import('./pins.js').Pins} pins
 */
export function authorOf(device, roster, pins) {
  const holder = holderOf(pins, device)
  return holder && roster && memberOf(roster, holder.account) ? holder.account : null
}
