// Key packets in, chain records out: believed only from a device of a member of the roster they name (e2ee.md §4).
import { fromB64u } from './dkx/bytes.js'
import { acceptPacket } from './dkx/accept.js'
import { deviceOf } from './dkx/devlist.js'
import { DkxError } from './dkx/error.js'
import { parseKeyPacket } from './dkx/keypacket.js'
import { recordName } from './dkx/record.js'
import { Alarm, HubRefused, NotReady, Offline } from './errors.js'

const MOST_EARLY = 500
/** How far the clocks of two devices may be apart. */
const SKEW = 600_000
/** Packets kept for one chain: its device and others of our own may all answer. */
const MOST_ANSWERS = 4

export class Keyring {
  /** @type {Map<string, string[]>} */
  #early = new Map()

  /** Called when a chain was kept. */
  onKept = () => {}

  /** @param {import('./rosters.js').Rosters} rosters @param {import('./device.js').Device} device */
  constructor(rosters, device) {
    this.rosters = rosters
    this.trust = rosters.trust
    this.store = rosters.store
    this.device = device
  }

  /** A packet told live. Its message may never come, so only the newest are kept. @param {{room: string, device: string, chain: string}} place @param {string} packet */
  note(place, packet) {
    const name = recordName(place)
    const known = this.#early.get(name) ?? []
    this.#early.delete(name)
    this.#early.set(name, [...known, packet].slice(-MOST_ANSWERS))
    for (const oldest of this.#early.keys()) {
      if (this.#early.size <= MOST_EARLY) break
      this.#early.delete(oldest)
    }
  }

  /** All records of a room. @param {string} room @returns {Map<string, any>} */
  records(room) {
    return this.store.get(`records/${room}`) ?? new Map()
  }

  /** @param {string} room @param {any} record with `created` and, of one's own chains, `lists` */
  keep(room, record) {
    this.store.put(`records/${room}`, new Map([...this.records(room), [recordName(record), record]]))
    this.onKept()
  }

  /**
   * The record of a chain, learned from `packet` or an early one if it is new. DkxError when there is none or it is
   * not believed; Alarm when the sender's identity has changed.
   * @param {{room: string, device: string, chain: string}} place
   * @param {string | undefined} packet
   */
  async record(place, packet) {
    const name = recordName(place)
    const came = [packet, ...(this.#early.get(name) ?? [])]
    this.#early.delete(name)
    /** @type {unknown} */
    let failed
    for (const raw of came) {
      if (raw === undefined) continue
      try {
        await this.#learn(place.room, raw)
      } catch (error) {
        if (error instanceof Offline || error instanceof HubRefused) throw error
        failed = error
      }
    }
    const record = this.records(place.room).get(name)
    if (!record) throw failed ?? new DkxError('key_missing', 'no key yet')
    return record
  }

  /** @param {string} room @param {string} raw */
  async #learn(room, raw) {
    const bytes = fromB64u(raw)
    const packet = parseKeyPacket(bytes)
    if (packet.room !== room) throw new DkxError('key_packet_invalid', 'of another room')
    await this.#know(packet)
    try {
      await this.#accept(packet, bytes)
    } catch (error) {
      if (!(error instanceof DkxError) || error.code === 'chain_conflict') return this.#conflict(error, packet)
      // Perhaps a roster or a device list that is not here yet.
      await this.rosters.catchUp(room)
      await this.trust.refresh(this.trust.owner(packet.from) ?? '')
      await this.#accept(packet, bytes)
    }
  }

  /** @param {unknown} error @param {import('./dkx/keypacket.js').KeyPacket} packet */
  #conflict(error, packet) {
    if (!(error instanceof DkxError)) throw error
    this.trust.warn(error.code, { room: packet.room, data: { device: packet.from } })
  }

  /** Lists are fetched again before a sender is called unknown. @param {import('./dkx/keypacket.js').KeyPacket} packet */
  async #know(packet) {
    const roster = await this.rosters.newest(packet.room)
    if (this.trust.owner(packet.from)) return
    for (const { account } of roster.members) await this.trust.refresh(account)
  }

  /** @param {import('./dkx/keypacket.js').KeyPacket} packet @param {any} bytes */
  async #accept(packet, bytes) {
    const { account, device, aik, dsk, dbk, dbkSecret } = this.device.self()
    const world = {
      self: { account, device, aik, dsk, dbk, dbkSecret },
      pins: this.trust.pins,
      rosters: this.rosters.all(packet.room).map(({ roster }) => roster),
      ...this.device.prekeys.secrets(),
      records: this.records(packet.room),
    }
    const { record, created, opkId, warnings } = acceptPacket(bytes, world)
    if (record.device === packet.from) this.#checkInTime(packet.from, created)
    if (opkId) this.device.prekeys.used(opkId)
    const author = record.account ?? this.rosters.formerMember(this.rosters.byHash(packet.room, record.rosterHash))
    this.keep(packet.room, { ...record, account: author, created })
    for (const code of warnings) {
      this.trust.warn(code, { room: packet.room, data: { device: packet.from } })
      this.store.remove(`sending/${packet.room}`)
    }
  }

  /** A device that was removed begins no chain afterwards, whoever passes it on. @param {string} device @param {number} created */
  #checkInTime(device, created) {
    const lists = this.trust.pins.get(this.trust.owner(device) ?? '')?.lists ?? []
    lists.slice(1).forEach((after, n) => {
      if (deviceOf(lists[n], device) && !deviceOf(after, device) && created > after.created + SKEW) {
        throw new DkxError('key_packet_invalid', 'from a device that was removed before')
      }
    })
  }
}

/** The reason shown in place of a message whose key is not there. @param {unknown} error */
export function whyNot(error) {
  if (error instanceof Alarm) return 'key_changed'
  if (error instanceof NotReady) return 'no_key'
  if (error instanceof DkxError && ['key_missing', 'devlist_missing'].includes(error.code)) return 'no_key'
  return 'bad_key'
}
