// A second device: the new one asks, an existing one lets it in, by a scanned code or compared digits (e2ee.md §7).
//
// The hub carries the words between them and learns nothing that helps it: each side checks the other by what people see.
import { b64u, fromB64u, random } from './dkx/bytes.js'
import { parseDevList } from './dkx/devlist.js'
import { parseDlkCert } from './dkx/dlkcert.js'
import { DkxError } from './dkx/error.js'
import * as dkx from './dkx/link.js'
import { currentList } from './dkx/pins.js'
import { boxKey, signingKey } from './dkx/primitive.js'
import { newDevice } from './device.js'
import { HubRefused, NotReady } from './errors.js'

/** @import { Bytes } from './dkx/bytes.js' */

const POLL = 500
/** What the hub carries. */
const MOST = 47_000

/**
 * Looks at a linking until `holds`. HubRefused('link_not_found') when its time is over or somebody ended it.
 * @param {import('./hub.js').Http} http
 * @param {string} link
 * @param {(seen: any) => boolean} holds
 */
async function follow(http, link, holds) {
  for (;;) {
    const seen = await http.call('GET', `/v1/links/${link}`)
    if (holds(seen)) return seen
    await new Promise((resolve) => { setTimeout(resolve, POLL) })
  }
}

/** The new device: signed in, without keys. What it made is on disk before it is shown or sent. */
export class Newcomer {
  /** @param {import('./device.js').Device} device @param {import('./backup.js').Backup} backup @param {string} user */
  constructor(device, backup, user) {
    this.device = device
    this.backup = backup
    this.user = user
    this.store = device.store
    this.trust = device.trust
    this.http = device.http
  }

  /** Whether a linking was begun here that may still be finished. */
  isUnderWay() {
    return this.store.get('joining') !== undefined
  }

  /** The text of the code to show; then wait in `finish`. */
  async askByCode() {
    const { offer, step } = this.#make()
    const code = dkx.linkQr({ ...offer, secret: random(32) })
    await this.#keep({ ...step, code })
    await this.http.call('POST', '/v1/links', { link: offer.link })
    return code
  }

  /** Waits until an existing device takes part; the six digits to show. Then wait in `finish`. */
  async askByDigits() {
    const { offer, step } = this.#make()
    const rand = random(32)
    await this.#keep(step)
    await this.http.call('POST', '/v1/links', { link: offer.link, commit: b64u(dkx.linkCommit(offer, rand)) })
    const seen = await follow(this.http, offer.link, ({ eph }) => eph !== null)
    const theirs = fromB64u(seen.eph)
    const key = dkx.linkKey(offer, theirs, dkx.linkAgreement(step.eph, theirs), dkx.NO_SECRET)
    await this.#keep({ ...step, key })
    await this.http.call('POST', `/v1/links/${offer.link}/reveal`, { revealed: b64u(dkx.linkReveal(offer, rand)) })
    return dkx.linkDigits(key, offer, theirs)
  }

  /** Waits for the account's keys, becomes its device, and reads what the backup holds. May be called again. */
  async finish() {
    const step = this.store.get('joining')
    if (!this.device.exists()) {
      await this.#take(step, await follow(this.http, step.link, ({ bundle }) => bundle !== null))
      await this.store.flush()
    }
    await this.device.prove()
    await this.backup.fetch()
    await this.forget()
  }

  /** Ends it, finished or given up. */
  async forget() {
    const step = this.store.get('joining')
    if (!step) return
    this.store.remove('joining')
    await this.store.flush()
    await this.http.call('DELETE', `/v1/links/${step.link}`).catch((error) => {
      if (!(error instanceof HubRefused)) throw error // it is over already
    })
  }

  #make() {
    const { device: link, dskSeed, dbkSecret, dsk, dbk } = newDevice()
    const eph = dkx.ephemeral()
    return { offer: { link, dsk, dbk, eph: eph.key }, step: { link, dskSeed, dbkSecret, eph: eph.secret } }
  }

  /** @param {any} step */
  #keep(step) {
    this.store.put('joining', step)
    return this.store.flush()
  }

  /** Believes the keys if the list they come with is of our account and holds this very device. @param {any} step @param {any} seen */
  async #take(step, seen) {
    const { link: device, dskSeed, dbkSecret } = step
    const [dsk, dbk] = [signingKey(dskSeed), boxKey(dbkSecret)]
    try {
      const bundle = dkx.openBundle(keyOf(step, seen), device, fromB64u(seen.bundle))
      const pin = await this.#learn(bundle)
      const list = currentList(pin)
      dkx.demandListed(list, { account: this.user, device, dsk, dbk })
      const keys = { aik: bundle.aik, dlkSeed: bundle.dlkSeed, bk: bundle.bk, cert: pin.cert?.bytes ?? bundle.dlkCert }
      this.device.adopt({ account: this.user, device, dskSeed, dbkSecret, ...keys, list: list.bytes, added: Date.now() })
    } catch (error) {
      if (error instanceof DkxError) throw this.trust.alarm(error.code, this.user)
      throw error
    }
  }

  /** Takes over what the other device has pinned; the newest list of our own account comes from the hub. @param {dkx.LinkBundle} bundle */
  #learn(bundle) {
    for (const { account, aik, verified, cert, list } of bundle.pins) {
      const known = { cert: cert ? parseDlkCert(cert) : undefined, lists: list ? [parseDevList(list)] : [] }
      this.trust.pins.set(account, { account, aik, verified, ...known, spks: new Map() })
      this.trust.keep(account)
    }
    this.trust.meet(this.user, bundle.aik)
    return this.trust.fill(this.user)
  }
}

/** @param {any} step @param {any} seen */
function keyOf(step, seen) {
  if (step.key) return step.key
  const { secret, ...offer } = dkx.parseLinkQr(step.code)
  const theirs = fromB64u(seen.eph)
  return dkx.linkKey(offer, theirs, dkx.linkAgreement(step.eph, theirs), secret)
}

/** The existing device. Nothing leaves it before the person has scanned the code or said that the digits are equal. */
export class Host {
  /** @type {Map<string, {offer: dkx.Offer, key: Bytes}>} */
  #compared = new Map()

  /** @param {import('./device.js').Device} device @param {import('./backup.js').Backup} backup */
  constructor(device, backup) {
    this.device = device
    this.backup = backup
    this.store = device.store
    this.trust = device.trust
    this.http = device.http
  }

  /** Sign-ins of one's own account that ask to be let in. */
  async waiting() {
    const { links } = await this.http.call('GET', '/v1/links')
    return links
  }

  /** Lets in the device whose code was scanned. @param {string} text */
  async admitByCode(text) {
    const { secret, ...offer } = dkx.parseLinkQr(text)
    const eph = dkx.ephemeral()
    await this.#answer(offer.link, eph.key)
    await this.#admit(offer, dkx.linkKey(offer, eph.key, dkx.linkAgreement(eph.secret, offer.eph), secret))
  }

  /** Takes part in a linking by digits; the six digits to show. Alarm if other keys come than were committed to. @param {string} link */
  async compare(link) {
    const asked = await this.http.call('GET', `/v1/links/${link}`)
    if (asked.commit === null) throw new DkxError('link_invalid', 'shows a code to scan')
    const eph = dkx.ephemeral()
    await this.#answer(link, eph.key)
    const { revealed } = await follow(this.http, link, (seen) => seen.revealed !== null)
    try {
      const { offer, rand } = dkx.parseLinkReveal(link, fromB64u(revealed))
      dkx.demandRevealed(fromB64u(asked.commit), offer, rand)
      const key = dkx.linkKey(offer, eph.key, dkx.linkAgreement(eph.secret, offer.eph), dkx.NO_SECRET)
      this.#compared.set(link, { offer, key })
      return dkx.linkDigits(key, offer, eph.key)
    } catch (error) {
      if (!(error instanceof DkxError)) throw error
      await this.reject(link)
      throw this.trust.alarm(error.code, this.trust.own.account)
    }
  }

  /** The person saw the same digits on both devices: let the new one in. @param {string} link */
  async confirm(link) {
    const compared = this.#compared.get(link)
    if (!compared) throw new NotReady('compare first')
    this.#compared.delete(link)
    await this.#admit(compared.offer, compared.key)
  }

  /** Ends a linking: the digits differ, or nobody here asked for it. @param {string} link */
  async reject(link) {
    this.#compared.delete(link)
    await this.http.call('DELETE', `/v1/links/${link}`)
  }

  /** Goes on with an admission that was cut off; a device that can no longer get its keys is removed again. */
  async resume() {
    const step = this.store.get('admitting')
    if (!step) return
    const { row, bundle } = step
    await this.device.change((rows) => (rows.some(({ device }) => device === row.device) ? rows : [...rows, row]))
    try {
      await this.http.call('PUT', `/v1/links/${row.device}/bundle`, { bundle })
    } catch (error) {
      if (!(error instanceof HubRefused) || error.code !== 'link_not_found') throw error
      await this.device.change((rows) => rows.filter(({ device }) => device !== row.device))
      this.trust.warn('link_unfinished', { data: { device: row.device } })
    }
    this.store.remove('admitting')
    await this.store.flush()
  }

  /** @param {string} link @param {Bytes} eph */
  async #answer(link, eph) {
    await this.http.call('POST', `/v1/links/${link}/answer`, { eph: b64u(eph) })
  }

  /** First the backup is brought up to date, from which the new device reads what was said before. @param {dkx.Offer} offer @param {Bytes} key */
  async #admit({ link, dsk, dbk }, key) {
    await this.backup.upload()
    this.store.put('admitting', { row: { device: link, dsk, dbk, added: Date.now() }, bundle: b64u(this.#sealed(key, link)) })
    await this.store.flush()
    await this.resume()
    if (!parseDevList(this.device.self().list).devices.some(({ device }) => device === link)) {
      throw new DkxError('link_expired', 'the linking took too long')
    }
  }

  /** All pins, if need be the later ones without their lists, which the new device then fetches. @param {Bytes} key @param {string} link */
  #sealed(key, link) {
    const { aik, bk, dlkSeed, cert } = this.device.self()
    let pins = [...this.trust.pins.values()].map(told)
    for (let bare = 0; ; bare += Math.max(1, pins.length >> 3)) {
      pins = pins.map((pin, n) => (n < pins.length - bare ? pin : { ...pin, cert: null, list: null }))
      const sealed = dkx.sealBundle(key, link, { aik, bk, dlkSeed, dlkCert: cert, pins })
      if (sealed.length <= MOST || bare >= pins.length) return sealed
    }
  }
}

/** @param {import('./dkx/pins.js').Pin} pin */
const told = ({ account, aik, verified, cert, lists }) => {
  const list = lists.at(-1)
  return { account, aik, verified, cert: (list && cert?.bytes) ?? null, list: list?.bytes ?? null }
}
