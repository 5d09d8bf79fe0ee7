// One's own prekeys: renewed in time, never too few, erased when their time is over (e2ee.md §2).
import { b64u, random } from './dkx/bytes.js'
import { DAY } from './dkx/document.js'
import { boxKey } from './dkx/primitive.js'
import { SPK_ERASE, SPK_RENEW, makeSpk, parseSpk } from './dkx/spk.js'

const ONE_TIME = 50
const REFILL_BELOW = 20
const AT_ONCE = 100

/** Everything is on disk before it is published: a packet for it may come at once. */
export class Prekeys {
  #publishing = Promise.resolve()

  /** @param {import('./store.js').Store} store @param {import('./hub.js').Http} http */
  constructor(store, http) {
    this.store = store
    this.http = http
  }

  /** @returns {{spks: Map<number, any>, opks: Map<number, any>}} */
  get #kept() {
    return this.store.get('prekeys') ?? { spks: new Map(), opks: new Map() }
  }

  /** Private halves by id, as `acceptPacket` wants them. */
  secrets() {
    const { spks, opks } = this.#kept
    return {
      spks: new Map([...spks].map(([id, { secret, replacedAt }]) => [id, { secret, replacedAt }])),
      opks: new Map([...opks].map(([id, { secret }]) => [id, secret])),
    }
  }

  /** A one-time prekey was used: it goes a day later. @param {number} id */
  used(id) {
    const { spks, opks } = this.#kept
    const known = opks.get(id)
    if (known && known.used === undefined) {
      this.store.put('prekeys', { spks, opks: new Map(opks).set(id, { ...known, used: Date.now() }) })
    }
  }

  /** A new signed prekey every seven days; what is too old is erased. */
  async refresh() {
    const newest = this.#newest()
    if (!newest?.published || this.#isDue(newest)) await this.stockUp()
  }

  /** Sees that the hub has the newest signed prekey and enough one-time ones. */
  stockUp() {
    const publishing = this.#publishing.then(() => this.#stockUp())
    this.#publishing = publishing.catch(() => {})
    return publishing
  }

  async #stockUp() {
    this.#renew()
    await this.store.flush()
    const { left, next } = await this.#publish()
    if (left >= REFILL_BELOW) return
    this.#addOneTime(next, ONE_TIME - left)
    await this.store.flush()
    await this.#publish()
  }

  #newest() {
    const { spks } = this.#kept
    return spks.get(Math.max(0, ...spks.keys()))
  }

  /** @param {any} newest */
  #isDue(newest) {
    return Date.now() - parseSpk(newest.bytes).created >= SPK_RENEW
  }

  #renew() {
    const newest = this.#newest()
    if (newest && !this.#isDue(newest)) return
    const { device, dskSeed } = this.store.get('own')
    const now = Date.now()
    const [secret, id] = [random(32), newest ? parseSpk(newest.bytes).id + 1 : 1]
    const bytes = makeSpk({ device, id, key: boxKey(secret), created: now }, dskSeed)
    const { spks, opks } = this.#kept
    const replaced = [...spks].map(([at, one]) => /** @type {[number, any]} */ ([at, { ...one, replacedAt: one.replacedAt ?? now }]))
    const kept = replaced.filter(([, { replacedAt }]) => now - replacedAt < SPK_ERASE)
    const left = [...opks].filter(([, { used }]) => used === undefined || now - used < DAY)
    this.store.put('prekeys', { spks: new Map([...kept, [id, { secret, bytes }]]), opks: new Map(left) })
  }

  /** Numbered from `first` or above all before. @param {number} first @param {number} count */
  #addOneTime(first, count) {
    const { spks, opks } = this.#kept
    const from = Math.max(first, 1 + Math.max(0, ...opks.keys()))
    const more = Array.from({ length: count }, (_, n) => /** @type {[number, any]} */ ([from + n, { secret: random(32) }]))
    this.store.put('prekeys', { spks, opks: new Map([...opks, ...more]) })
  }

  async #publish() {
    const newest = this.#newest()
    const further = [...this.#kept.opks].filter(([, { published }]) => !published).slice(0, AT_ONCE)
    const oneTime = []
    for (const [id, { secret }] of further) {
      oneTime.push({ id, key: b64u(boxKey(secret)) })
      await new Promise((resolve) => setTimeout(resolve)) // a key takes a phone milliseconds: the page goes on in between
    }
    const stock = await this.http.call('PUT', '/v1/prekeys', { spk: b64u(newest.bytes), one_time: oneTime })
    const { spks, opks } = this.#kept
    const told = new Set(further.map(([id]) => id))
    this.store.put('prekeys', {
      spks: new Map([...spks].map(([id, one]) => [id, one.bytes === newest.bytes ? { ...one, published: true } : one])),
      opks: new Map([...opks].map(([id, one]) => [id, told.has(id) ? { ...one, published: true } : one])),
    })
    await this.store.flush()
    return stock
  }
}
