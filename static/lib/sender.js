// Sealing what was written: for exactly the devices that verify now, under a chain that fits them (e2ee.md §4, §5).
import { b64u, fromHex, zeros } from './dkx/bytes.js'
import { ownBody } from './dkx/body.js'
import { mustRotate, nextMessage, startChain } from './dkx/chain.js'
import { makeContent } from './dkx/content.js'
import { parseDevList } from './dkx/devlist.js'
import { sealEnvelope } from './dkx/envelope.js'
import { sealKeyPacket } from './dkx/keypacket.js'
import { OWNER } from './dkx/roster.js'
import { NotReady } from './errors.js'

/** Every room has a renter and an owner, in its roster as soon as they have devices. */
const PARTIES = 2

export class Sender {
  /** Rooms whose chain was compared with the hub's since the start. @type {Set<string>} */
  #checked = new Set()

  /**
   * @param {import('./log.js').Log} log
   * @param {import('./rosters.js').Rosters} rosters
   * @param {import('./keyring.js').Keyring} keyring
   */
  constructor(log, rosters, keyring) {
    this.log = log
    this.store = log.store
    this.rosters = rosters
    this.trust = rosters.trust
    this.http = rosters.http
    this.keyring = keyring
  }

  /**
   * The payload of `message:send`, on disk together with the chain it moved. Alarm while an identity has changed;
   * NotReady while somebody's device has no usable prekey; Offline.
   * @param {string} name of the message in the outbox
   */
  async seal(name) {
    const waiting = this.store.get(name)
    const { room } = waiting
    await this.log.open(room)
    let roster = await this.rosters.newest(room)
    if (roster.members.filter(({ role }) => role <= OWNER).length < PARTIES) roster = await this.rosters.complete(roster)
    const accounts = roster.members.map(({ account }) => account)
    for (const account of accounts) await this.trust.account(account)
    this.trust.checkUnchanged(accounts)
    const { chain, addresses } = await this.#chain(room, roster, accounts)
    const keys = addresses ? this.#tellDevices(chain, addresses, roster) : []
    const message = this.#message(waiting, roster, chain)
    this.store.put(name, { ...this.store.get(name), message: keys.length ? { ...message, keys } : message, held: undefined })
    await this.store.flush()
    return this.store.get(name).message
  }

  /** The chain to go on with, or a new one and the devices that need its key. @param {string} room @param {any} roster @param {string[]} accounts */
  async #chain(room, roster, accounts) {
    await this.#discardIfRolledBack(room)
    const devLists = this.rosters.lists(roster).map(({ hash }) => hash)
    const known = this.store.get(`sending/${room}`)
    const world = { now: Date.now(), rosterHash: roster.hash, devLists }
    if (known && !mustRotate(known, world)) return { chain: known }
    const addresses = await this.trust.addresses(accounts, this.trust.own.device)
    const sentBefore = this.#sentBefore(room)
    const now = this.rosters.lists(roster).map(({ hash }) => hash)
    return { chain: startChain({ room, rosterHash: roster.hash, devLists: now, now: Date.now(), sentBefore }), addresses }
  }

  /** @param {string} room */
  #sentBefore(room) {
    const acked = this.store.under(`out/${room}/`).filter(([, out]) => out.acked !== undefined).length
    return this.log.indexes(room).countBefore(Infinity, this.trust.own.device, '') + acked
  }

  /** Once per start: a restored copy of this profile would use an index again that the hub has seen. @param {string} room */
  async #discardIfRolledBack(room) {
    if (this.#checked.has(room)) return
    const chain = this.store.get(`sending/${room}`)
    if (chain) {
      const { index } = await this.http.call('GET', `/v1/rooms/${room}/chains/${chain.chain}`)
      if (index !== null && index >= chain.next) {
        this.trust.warn('rolled_back', { room })
        this.store.remove(`sending/${room}`)
      }
    }
    this.#checked.add(room)
  }

  /** @param {any} chain @param {import('./trust.js').Address[]} addresses @param {any} roster */
  #tellDevices(chain, addresses, roster) {
    const { account, device, aik, dbk, dsk, dbkSecret, list } = this.keyring.device.self()
    const { room, chain: name, ck, csk, rosterHash, created, sentBefore, next } = chain
    const record = { room, device, chain: name, account, start: next, ck, csk, rosterHash, sentBefore }
    this.keyring.keep(room, { ...record, created, lists: this.#stamps(roster) })
    const { epoch, version } = parseDevList(list)
    const body = ownBody({ start: next, ck, csk, rosterHash, devlistEpoch: epoch, devlistVersion: version, created, sentBefore })
    const sender = { aik, dsk, dbk, dbkSecret }
    return addresses.map(({ device: to, party, spk, opk }) => ({
      to, pkt: b64u(sealKeyPacket({ room, from: device, to, chain: name }, sender, party, { spk, opk }, body)),
    }))
  }

  /** @param {any} waiting @param {any} roster @param {any} chain */
  #message({ room, cid, ctype, content, written }, roster, chain) {
    const after = this.log.newestNamed(room)
    const { mk, index, chain: moved } = nextMessage(chain)
    this.store.put(`sending/${room}`, moved)
    const rest = {
      ctype, sentAt: written, afterSeq: after?.seq ?? 0, afterHash: after?.name ? fromHex(after.name, 16) : zeros(16),
      peersHash: this.rosters.peers(roster), body: makeContent(ctype, content),
    }
    const place = { room, device: this.trust.own.device, chain: chain.chain, index, cid }
    const env = b64u(sealEnvelope(place, rest, mk, chain.cskSeed))
    return { room, cid, env, chain: chain.chain, idx: index, dl: this.#stamps(roster), roster: roster.version }
  }

  /** For each member the place of the list that counted. @param {any} roster @returns {Record<string, number[]>} */
  #stamps(roster) {
    const lists = this.rosters.lists(roster)
    if (lists.length < roster.members.length) throw new NotReady("a member's devices are not known")
    return Object.fromEntries(lists.map(({ account, epoch, version }) => [account, [epoch, version]]))
  }
}
