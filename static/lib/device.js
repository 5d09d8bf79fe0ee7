// Making this browser a device of an account, proving it to the hub, and publishing device lists (e2ee.md §3).
import { b64u, equal, fromB64u, hex, random } from './dkx/bytes.js'
import { makeDevList, parseDevList } from './dkx/devlist.js'
import { makeDlkCert, parseDlkCert } from './dkx/dlkcert.js'
import { canonicalOrigin, signLogin } from './dkx/login.js'
import { boxKey, signingKey } from './dkx/primitive.js'
import { HubRefused, NotReady } from './errors.js'
import { Prekeys } from './prekeys.js'

/** Another device of the account has published meanwhile: look again, change that list. */
export const RACES = new Set(['devlist_fork', 'devlist_gap', 'devlist_rollback'])
const TRIES = 5

/** @typedef {import('./dkx/devlist.js').Device} Row */

/** Each step takes a slow phone a tenth of a second: the page goes on in between. */
const breath = () => new Promise((resolve) => { setTimeout(resolve) })

/** Fresh keys of a device. */
export function newDevice() {
  const [dskSeed, dbkSecret] = [random(32), random(32)]
  return { device: newId(), dskSeed, dbkSecret, dsk: signingKey(dskSeed), dbk: boxKey(dbkSecret) }
}

/** A random id of 16 bytes, as UUID version 4. */
export function newId() {
  const bytes = random(16)
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  return hex(bytes)
}

export class Device {
  /**
   * @param {import('./trust.js').Trust} trust
   * @param {import('./hub.js').Http} http
   * @param {string} origin
   */
  constructor(trust, http, origin) {
    this.trust = trust
    this.store = trust.store
    this.http = http
    this.origin = canonicalOrigin(origin)
    this.prekeys = new Prekeys(this.store, http)
  }

  /** Keys and documents of this device, with the public halves. NotReady. @returns {any} */
  self() {
    const own = this.store.get('own')
    if (!own) throw new NotReady('this browser holds no device yet')
    return { ...own, dsk: signingKey(own.dskSeed), dbk: boxKey(own.dbkSecret) }
  }

  exists() {
    return this.store.get('own') !== undefined
  }

  /** Whether the account's first device was made here and the hub may not know of it yet. */
  isBeingCreated() {
    return this.store.get('creating') === true
  }

  /**
   * Whether the account has no device at all yet: then this browser may become its first.
   * @param {string} account
   */
  async isFirst(account) {
    try {
      await this.trust.refresh(account)
      return false
    } catch (error) {
      if (error instanceof NotReady) return true
      throw error
    }
  }

  /** The account's first device: identity, documents, proof and prekeys. What was made is on disk before it is sent. @param {string} account */
  async create(account) {
    if (!this.exists()) await this.make(account, 1, 'creating')
    const { cert, list } = this.self()
    await this.publish(cert, list)
    await this.prove()
    this.store.remove('creating')
    await this.store.flush()
  }

  /** Keys and documents of an identity that nobody has seen yet; `step` is under way from then on. @param {string} account @param {number} epoch @param {string} step */
  async make(account, epoch, step) {
    const now = Date.now()
    const [aikSeed, dlkSeed, keys] = [random(32), random(32), newDevice()]
    await breath()
    const cert = makeDlkCert({ account, epoch, dlk: signingKey(dlkSeed), notBefore: now }, aikSeed)
    await breath()
    const devices = [{ device: keys.device, dsk: keys.dsk, dbk: keys.dbk, added: now }]
    const list = makeDevList({ account, epoch, version: 1, prev: new Uint8Array(32), created: now, devices }, dlkSeed)
    await breath()
    const aik = signingKey(aikSeed)
    this.#keepOwn({ account, ...keys, aik, aikSeed, dlkSeed, bk: random(32), cert, list, added: now })
    this.store.put(step, true)
    this.trust.meet(account, aik)
    await breath()
    this.trust.learn(account, cert, list)
    await this.store.flush()
  }

  /** Be this device of the account, with the keys that each of its devices has. @param {any} own */
  adopt(own) {
    this.#keepOwn(own)
  }

  /** @param {any} own */
  #keepOwn({ dsk, dbk, ...own }) {
    this.store.put('own', own)
  }

  /** Sends a certificate and a list; sent again they do nothing. @param {any} cert @param {any} list */
  async publish(cert, list) {
    const { aik } = this.self()
    await this.http.call('POST', '/v1/devices', { aik: b64u(aik), cert: b64u(cert), list: b64u(list) })
  }

  /**
   * Publishes the list after the newest one, with other rows; nothing where nothing changes.
   * @param {(rows: Row[]) => Row[]} change
   */
  async change(change) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { account, dlkSeed } = this.self()
      await this.trust.refresh(account)
      const { cert, list } = this.self()
      const current = parseDevList(list)
      const rows = change(current.devices)
      if (sameRows(rows, current.devices)) return current
      if (!equal(parseDlkCert(cert).dlk, signingKey(dlkSeed))) throw new NotReady('the account has new keys: the recovery code is needed')
      const made = nextList(current, rows, dlkSeed)
      try {
        await this.publish(cert, made)
        this.trust.learn(account, cert, made)
        await this.store.flush()
        return parseDevList(made)
      } catch (error) {
        if (!(error instanceof HubRefused) || !RACES.has(error.code)) throw error
      }
    }
    throw new NotReady('other devices of this account keep changing its list')
  }

  /** Puts this device into the account's list, unless it stands there. */
  async join() {
    const { device, dsk, dbk } = this.self()
    const mine = { device, dsk, dbk, added: Date.now() }
    await this.change((rows) => (rows.some((row) => row.device === device) ? rows : [...rows, mine]))
  }

  /**
   * Shows the hub that this sign-in holds this device, and sees that its prekeys are there. NotReady('removed') when
   * the device was removed from its account.
   */
  async prove() {
    const { account, device, dskSeed } = this.self()
    const { challenge } = await this.http.call('POST', '/v1/devices/challenge', {})
    const signature = signLogin({ challenge: fromB64u(challenge), origin: this.origin, account, device }, dskSeed)
    try {
      this.http.adopt(await this.http.call('POST', '/v1/devices/proof', { device, challenge, signature: b64u(signature) }))
    } catch (error) {
      if (error instanceof HubRefused && error.code === 'device_unknown') throw new NotReady('removed')
      throw error
    }
    await this.prekeys.stockUp()
  }
}

/** The list after another. @param {import('./dkx/devlist.js').DevList} current @param {Row[]} devices @param {any} dlkSeed @param {number} [epoch] */
export function nextList({ account, epoch: before, version, hash }, devices, dlkSeed, epoch = before) {
  return makeDevList({ account, epoch, version: version + 1, prev: hash, created: Date.now(), devices }, dlkSeed)
}

/** @param {Row[]} a @param {Row[]} b */
const sameRows = (a, b) => a.length === b.length && a.every((row) => b.some(({ device }) => device === row.device))
