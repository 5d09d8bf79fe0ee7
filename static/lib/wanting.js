// Keys that are missing: asked for here, and answered for others who were meant to have them (e2ee.md §4).
import { b64u, equal } from './dkx/bytes.js'
import { forwardBody, ownBody } from './dkx/body.js'
import { deviceOf, parseDevList } from './dkx/devlist.js'
import { sealKeyPacket } from './dkx/keypacket.js'
import { recordName } from './dkx/record.js'
import { memberOf } from './dkx/roster.js'
import { HubRefused, NotReady } from './errors.js'

const ASK_EVERY = 60_000
/** Within a day one's other devices were online and have backed up what they can read. */
const BACKUP_WITHIN = 86_400_000
const MISSING = new Set(['no_key', 'bad_key'])

/** The hub only carries: whether a device may have a key is judged here, by the lists this device believes. */
export class Wanting {
  /** @type {Map<string, number>} */
  #asked = new Map()
  #answering = Promise.resolve()

  /** @param {import('./log.js').Log} log @param {import('./keyring.js').Keyring} keyring */
  constructor(log, keyring) {
    this.log = log
    this.store = log.store
    this.keyring = keyring
    this.rosters = keyring.rosters
    this.trust = keyring.trust
    this.http = keyring.rosters.http
  }

  /** Asks for each chain of a room whose messages cannot be read, once a minute. True if packets have come. @param {string} room */
  async ask(room) {
    /** @type {Map<string, any[]>} */
    const chains = new Map()
    for (const row of this.log.unreadable(room)) {
      if (!MISSING.has(row.reason ?? '') || !row.device || !row.chain) continue
      const name = recordName({ room, device: row.device, chain: row.chain })
      chains.set(name, [...(chains.get(name) ?? []), row])
    }
    let came = false
    for (const [name, rows] of chains) {
      if (Date.now() - (this.#asked.get(name) ?? 0) < ASK_EVERY) continue
      this.#asked.set(name, Date.now())
      came = (await this.#ask(room, rows)) || came
    }
    return came
  }

  /** @param {string} room @param {any[]} rows */
  async #ask(room, rows) {
    const [{ device, chain }] = rows
    try {
      const answer = await this.http.call('POST', `/v1/rooms/${room}/keys/wanted`, { device, chain })
      for (const raw of answer.packets) this.keyring.note({ room, device, chain }, raw)
      return answer.packets.length > 0
    } catch (error) {
      if (!(error instanceof HubRefused)) throw error
      // The message is older than this device: nobody will answer.
      if (error.code === 'key_not_meant') this.#giveUp(room, rows)
      return false
    }
  }

  /** What is new stays at hand: the device that can read it may not have put its key into the backup yet. @param {string} room @param {any[]} rows */
  #giveUp(room, rows) {
    for (const { item, ...row } of rows) {
      const waiting = Date.now() - row.at < BACKUP_WITHIN ? { item } : {}
      this.log.keep(room, { ...row, ...waiting, reason: 'before_device' })
    }
  }

  /** What others waited for while this device was away. */
  async answerAll() {
    for (const want of (await this.http.call('GET', '/v1/keys/wanted')).wanted) await this.answer(want)
  }

  /** Gives a device the key of a chain, if it was meant to have it then and belongs to a member now. @param {any} want */
  answer(want) {
    const answering = this.#answering.then(() => this.#answer(want))
    this.#answering = answering.catch(() => {})
    return answering
  }

  /** @param {{room: string, device: string, chain: string, to: string}} want */
  async #answer({ room, device, chain, to }) {
    const own = this.keyring.device.self()
    const record = this.keyring.records(room).get(recordName({ room, device, chain }))
    if (!record || to === own.device || !(await this.#mayHave(record, to))) return
    const account = this.trust.owner(to) ?? ''
    const found = (await this.trust.addresses([account], own.device)).find((address) => address.device === to)
    if (!found) throw new NotReady('the device that asks has no prekey yet')
    const { party, spk, opk } = found
    const sender = { aik: own.aik, dsk: own.dsk, dbk: own.dbk, dbkSecret: own.dbkSecret }
    const pkt = sealKeyPacket({ room, from: own.device, to, chain }, sender, party, { spk, opk }, this.#body(record, own))
    await this.http.call('PUT', `/v1/rooms/${room}/keys`, { device, chain, to, pkt: b64u(pkt) })
  }

  /** @param {any} record @param {any} own */
  #body({ device, start, ck, csk, rosterHash, created, sentBefore }, own) {
    const keys = { start, ck, csk, rosterHash, created: created ?? 0 }
    if (device !== own.device) return forwardBody({ ...keys, owner: device })
    const { epoch, version } = parseDevList(own.list)
    return ownBody({ ...keys, devlistEpoch: epoch, devlistVersion: version, sentBefore: sentBefore ?? 0 })
  }

  /** In the lists valid when the chain began and in the newest, of a member of the roster then and now. @param {any} record @param {string} to */
  async #mayHave(record, to) {
    const account = this.trust.owner(to)
    if (!account) return false
    const pin = await this.trust.refresh(account)
    const row = pin.lists.length ? deviceOf(pin.lists[pin.lists.length - 1], to) : undefined
    const rosters = [this.rosters.byHash(record.room, record.rosterHash), await this.rosters.newest(record.room)]
    const isMember = rosters.every((roster) => {
      const member = roster && memberOf(roster, account)
      return member && equal(member.aik, pin.aik)
    })
    if (!row || !isMember || record.rosterHash.length !== 32) return false
    if (record.device === this.trust.own.device) return wasListed(pin.lists, record.lists?.[account], to)
    return account === this.trust.own.account && row.added <= (record.created ?? 0)
  }
}

/** @param {import('./dkx/devlist.js').DevList[]} lists @param {number[] | undefined} place @param {string} device */
const wasListed = (lists, place, device) =>
  lists.some((list) => place && list.epoch === place[0] && list.version === place[1] && deviceOf(list, device))
