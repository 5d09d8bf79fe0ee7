// Whose keys are whose: the hub is asked for lists and prekeys, and believed where they verify (e2ee.md §3).
import { b64u, equal, fromB64u } from './dkx/bytes.js'
import { acceptIdentity, currentList, holderOf, pinDevList, pinEarlierDevList, pinIdentity, pinSpk } from './dkx/pins.js'
import { deviceOf, isOlder, parseDevList } from './dkx/devlist.js'
import { DkxError, codeOf } from './dkx/error.js'
import { parseSpk, spkAge } from './dkx/spk.js'
import { Alarm, HubRefused, NotReady } from './errors.js'

/** @import { Pin } from './dkx/pins.js' */
/** @import { Store } from './store.js' */
/**
 * Where a key packet goes.
 * @typedef {{device: string, party: import('./dkx/keypacket.js').Party, spk: {id: number, key: any},
 *   opk?: {id: number, key: any}}} Address
 */

const MOST_WARNINGS = 200

export class Trust {
  /** @type {Map<string, Promise<Pin>>} */
  #fetching = new Map()

  /**
   * @param {Store} store
   * @param {import('./hub.js').Http} http
   * @param {(kind: string, told: any) => void} tell
   */
  constructor(store, http, tell) {
    this.store = store
    this.http = http
    this.tell = tell
    /** @type {import('./dkx/pins.js').Pins} */
    this.pins = new Map(store.under('pin/').map(([name, pin]) => [name.slice(4), pin]))
  }

  /** @returns {any} */
  get own() {
    return this.store.get('own')
  }

  /** The pin of an account, fetched when it was never met. Alarm; NotReady when it has no device yet. @param {string} account */
  async account(account) {
    const pin = this.pins.get(account)
    return pin?.lists.length ? pin : this.refresh(account)
  }

  /**
   * Fetches and believes newer lists; one at a time, or an answer that comes late looks like a rollback.
   * @param {string} account
   * @returns {Promise<Pin>}
   */
  async refresh(account) {
    const before = this.#fetching.get(account)
    const fetching = (before ?? Promise.resolve()).then(() => this.#refresh(account), () => this.#refresh(account))
    this.#fetching.set(account, fetching)
    try {
      return await fetching
    } finally {
      if (this.#fetching.get(account) === fetching) this.#fetching.delete(account)
    }
  }

  /** @param {string} account */
  async #refresh(account) {
    const known = this.pins.get(account)?.lists.at(-1)
    return this.#believe(account, await this.#listed(account, known?.epoch ?? 0, known?.version ?? 0))
  }

  /** @param {string} account @param {number} epoch @param {number} version */
  async #listed(account, epoch, version) {
    try {
      return await this.http.call('GET', `/v1/users/${account}/devices`, undefined, { epoch, version })
    } catch (error) {
      if (error instanceof HubRefused && error.kind === 'not_found') throw new NotReady(`${account} has no device yet`)
      throw error
    }
  }

  /** @param {string} account @param {any} answer @returns {Pin} */
  #believe(account, answer) {
    try {
      this.meet(account, fromB64u(answer.aik))
      for (const listed of answer.lists) this.learn(account, fromB64u(listed.cert), fromB64u(listed.list))
    } catch (error) {
      if (error instanceof DkxError || error instanceof RangeError) throw this.alarm(codeOf(error), account)
      throw error
    }
    const pin = this.pins.get(account)
    if (!pin?.lists.length) throw new NotReady(`${account} has no device yet`)
    return pin
  }

  /** Pins an identity; refused if another one is pinned, which is kept for the person to decide. @param {string} account @param {any} aik */
  meet(account, aik) {
    try {
      pinIdentity(this.pins, account, aik)
    } finally {
      this.keep(account)
    }
  }

  /** A certificate and the list under it. @param {string} account @param {any} cert @param {any} list */
  learn(account, cert, list) {
    const before = this.pins.get(account)?.lists.at(-1)
    if (before && equal(before.bytes, list)) return
    if (!pinDevList(this.pins, account, { cert, list }, Date.now())) return
    this.keep(account)
    const now = /** @type {import('./dkx/devlist.js').DevList} */ (this.pins.get(account)?.lists.at(-1))
    if (account === this.own?.account) this.#followOwn(cert, now)
    for (const { device } of before ? now.devices : []) {
      if (before && !deviceOf(before, device) && device !== this.own?.device) {
        this.warn('device_added', { data: { account, device } })
      }
    }
  }

  /** Another device of one's own has published. @param {any} cert @param {import('./dkx/devlist.js').DevList} list */
  #followOwn(cert, list) {
    const own = this.own
    this.store.put('own', { ...own, cert, list: list.bytes })
    if (list.epoch > parseDevList(own.list).epoch && !this.store.get('renewing')) {
      this.warn('account_keys_changed', { data: { epoch: list.epoch } })
    }
  }

  /** Learns the lists before those known, too: what was signed by a former device is judged by them. @param {string} account */
  async fill(account) {
    await this.refresh(account)
    const answer = await this.#listed(account, 0, 0)
    const older = answer.lists.map((/** @type {any} */ listed) => parseDevList(fromB64u(listed.list)))
    older.sort((/** @type {any} */ a, /** @type {any} */ b) => (isOlder(a, b) ? 1 : -1))
    for (const list of older) {
      try {
        pinEarlierDevList(this.pins, account, list)
      } catch (error) {
        if (!(error instanceof DkxError)) throw error // of a branch that was given up, or known already
      }
    }
    this.keep(account)
    return /** @type {Pin} */ (this.pins.get(account))
  }

  /** Refuses to go on while an identity has changed and the person has not decided. @param {string[]} accounts */
  checkUnchanged(accounts) {
    for (const account of accounts) if (this.pins.get(account)?.pending) throw new Alarm('identity_changed', account)
  }

  /** The person goes on with the changed identity: it is pinned anew, unverified. @param {string} account */
  async acceptIdentity(account) {
    if (!this.pins.get(account)?.pending) return
    acceptIdentity(this.pins, account)
    this.keep(account)
    await this.store.flush()
    await this.refresh(account)
  }

  /**
   * After the safety numbers were compared, or to withdraw that. `aik` is whose number it was: a changed identity that
   * waited for a decision is accepted by that. Alarm if it has changed once more.
   * @param {string} account
   * @param {boolean} verified
   * @param {any} [aik]
   */
  async setVerified(account, verified, aik) {
    const waiting = this.pins.get(account)?.pending
    if (verified && waiting && aik && equal(waiting, aik)) await this.acceptIdentity(account)
    const pin = await this.account(account)
    if (verified && (pin.pending || (aik && !equal(pin.aik, aik)))) throw new Alarm('identity_changed', account)
    pin.verified = verified
    this.keep(account)
    await this.store.flush()
  }

  /**
   * Where key packets go: every current device of these accounts but one, with its newest prekey. NotReady when a
   * prekey is too old to be used, or a member has none at all: the message waits.
   * @param {string[]} accounts
   * @param {string} but
   * @returns {Promise<Address[]>}
   */
  async addresses(accounts, but) {
    const answer = await this.http.call('POST', '/v1/prekeys/claim', { accounts })
    const found = []
    for (const account of accounts) {
      const claimed = answer.accounts[account] ?? { prekeys: {}, one_time: {} }
      const pin = await this.#current(account, claimed)
      const devices = currentList(pin).devices.map(({ device }) => device)
      const addresses = devices.filter((device) => device !== but).flatMap((device) => this.#address(pin, device, claimed))
      if (addresses.length === 0 && !devices.includes(but)) throw new NotReady(`no device of ${account} can be written to yet`)
      found.push(...addresses)
    }
    return found
  }

  /** The pin, brought up to date if the hub handed out something newer. @param {string} account @param {any} claimed */
  async #current(account, claimed) {
    const pin = await this.account(account)
    const { epoch, version } = currentList(pin)
    const isNewer = claimed.epoch > epoch || (claimed.epoch === epoch && claimed.version > version)
    return isNewer || (claimed.aik && claimed.aik !== b64u(pin.aik)) ? this.refresh(account) : pin
  }

  /** None for a device that has not published a prekey yet: it asks for the keys later. @param {Pin} pin @param {string} device @param {any} claimed @returns {Address[]} */
  #address(pin, device, claimed) {
    const raw = claimed.prekeys?.[device]
    const spk = raw ? this.#learnPrekey(pin, device, fromB64u(raw)) : pin.spks.get(device)
    const row = deviceOf(currentList(pin), device)
    if (!spk || !row) return []
    const oneTime = claimed.one_time?.[device]
    const opk = oneTime ? { opk: { id: oneTime.id, key: fromB64u(oneTime.key) } } : {}
    return [{ device, party: { aik: pin.aik, dsk: row.dsk, dbk: row.dbk }, spk: { id: spk.id, key: spk.key }, ...opk }]
  }

  /** @param {Pin} pin @param {string} device @param {any} bytes */
  #learnPrekey(pin, device, bytes) {
    try {
      const spk = pinSpk(pin, device, bytes, Date.now())
      this.keep(pin.account)
      if (spkAge(parseSpk(bytes), Date.now()) === 'unusable') throw new NotReady('a device has been away for too long')
      return spk
    } catch (error) {
      if (error instanceof DkxError) throw this.alarm(error.code, pin.account)
      throw error
    }
  }

  /** The account that ever held a device, as far as is known. @param {string} device */
  owner(device) {
    return holderOf(this.pins, device)?.account
  }

  /** @param {string} account */
  keep(account) {
    const pin = this.pins.get(account)
    if (pin) this.store.put(`pin/${account}`, { ...pin })
  }

  /**
   * Keeps a named warning and tells whoever listens.
   * @param {string} code
   * @param {{room?: string, seq?: number, data?: any}} [about]
   */
  warn(code, about = {}) {
    const warned = { code, at: Date.now(), ...about }
    const known = this.store.get('warnings') ?? []
    this.store.put('warnings', [...known, warned].slice(-MOST_WARNINGS))
    this.tell('warning', warned)
  }

  /** A warning that is thrown as well. @param {string} code @param {string} account @param {string} [room] */
  alarm(code, account, room) {
    this.warn(code, { room, data: { account } })
    return new Alarm(code, account)
  }
}

