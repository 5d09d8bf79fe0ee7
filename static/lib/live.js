// What the hub tells a live socket, sorted to whom it concerns (realtime.md §6). Hints only: the log is the truth.
import { isPassing } from './applying.js'
import { GAP_WAIT } from './sync.js'
import { Offline } from './errors.js'

const RECEIPT_EVERY = 1000
const BEAT_EVERY = 25_000

/** @typedef {import('./engine.js').Engine} Engine */

export class Live {
  /** @type {any[]} */
  #timers = []
  /** @type {Map<string, {delivered?: number, read?: number}>} */
  #receipts = new Map()
  #state = 'active'
  /** @type {Record<string, (told: any) => any>} */
  #hears

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine
    const { sync, applier, shelf, tell } = engine
    applier.onStored = (room, seq) => this.#owe(room, { delivered: seq })
    applier.onEvent = (room, row) => this.#quietly(() => shelf.event(room, row))
    sync.onPresence = (states) => Object.entries(states).forEach(([user, state]) => tell('presence', { user, state }))
    sync.onSettled = () => tell('settled', {})
    this.#hears = {
      'message:new': (told) => sync.take(told.room, { ...told, kind: 'message' }),
      'message:gone': ({ room, seq }) => applier.erase(room, seq),
      'rental:changed': ({ room, item }) => sync.take(room, item),
      'key:new': (told) => this.#key(told),
      'key:wanted': (want) => engine.wanting.answer(want),
      'prekey:low': () => engine.device.prekeys.stockUp(),
      'link:changed': (told) => tell('link', told),
      'room:head': (told) => this.#head(told),
      'roster:changed': (told) => this.#rosterChanged(told),
      'device:changed': ({ account }) => this.#devicesChanged(account),
      'session:expiring': () => this.#refresh(),
      'receipt:changed': (payload) => shelf.told(payload.room, { event: 'receipt:changed', payload }),
      'typing:changed': (told) => tell('typing', told),
      'presence:changed': (told) => tell('presence', told),
      notice: (told) => tell('notice', told),
    }
  }

  start() {
    this.#timers.push(setInterval(() => this.#sendReceipts(), RECEIPT_EVERY))
    this.#timers.push(setInterval(() => this.#quietly(() => this.#beat()), BEAT_EVERY))
  }

  stop() {
    this.#timers.forEach(clearInterval)
  }

  /** A new socket is up: catch up with every room, send what waits, retry what could not be read. @param {any} hello */
  hello(hello) {
    const { sync, outbox, tell } = this.engine
    tell('hello', { now: hello.now, limits: hello.limits })
    sync.connected(hello.heads)
    outbox.start()
    this.engine.uploads.start()
    this.engine.pending.start()
    this.#quietly(() => this.engine.uploads.tidy())
    this.#quietly(() => this.#resume(hello))
  }

  /** @param {any} hello */
  async #resume(hello) {
    const { engine } = this
    await engine.shelf.refreshAll()
    await this.#beat()
    for (const room of Object.keys(hello.heads)) await this.#quietly(() => this.#heal(room))
    await engine.wanting.answerAll()
    await (await engine.together()).carryOn()
  }

  /** One server event. What cannot be read is a hint lost: the next sync brings the truth. @param {string} event @param {any} payload */
  told(event, payload) {
    const hear = this.#hears[event]
    if (hear) this.#quietly(() => hear(payload))
  }

  /** @param {any} told */
  async #key({ room, from_dev: device, chain, pkt }) {
    this.engine.keyring.note({ room, device, chain }, pkt)
    await this.#heal(room)
  }

  /** @param {string} room */
  async #heal(room) {
    const { applier, log, wanting } = this.engine
    await applier.heal(room)
    await applier.settleDoubts(room)
    if (log.unreadable(room).length > 0 && await (await this.engine.together()).look()) await applier.heal(room)
    if (await wanting.ask(room)) await applier.heal(room)
  }

  /** @param {{room: string, head: number}} told */
  async #head(told) {
    const { sync, shelf } = this.engine
    sync.hint(told.room, told.head)
    if (!shelf.sheet(told.room)) await shelf.refresh(told.room)
    else await shelf.told(told.room, { event: 'room:head', payload: told })
  }

  /** The row of the log brings the roster itself; what was held for it may go now. @param {any} payload */
  async #rosterChanged(payload) {
    await this.engine.shelf.told(payload.room, { event: 'roster:changed', payload })
    await new Promise((resolve) => setTimeout(resolve, GAP_WAIT))
    this.engine.outbox.nudge(payload.room)
  }

  /** @param {string} account */
  async #devicesChanged(account) {
    const { trust, store, log, outbox, tell } = this.engine
    await trust.refresh(account)
    await store.flush()
    for (const [room] of log.rooms()) await this.#heal(room)
    outbox.start()
    tell('devices', { account })
  }

  async #refresh() {
    await this.engine.line.ask('session:refresh', { token: await this.engine.http.token(true) })
  }

  async #beat() {
    await this.engine.line.ask('presence:set', { state: this.#state })
    await this.engine.device.prekeys.refresh()
    for (const [room] of this.engine.log.rooms()) {
      if (this.engine.store.isOpen(`log/${room}/`)) await this.#heal(room)
    }
  }

  /** Whether somebody looks. @param {'active' | 'idle'} state */
  present(state) {
    if (state === this.#state) return
    this.#state = state
    this.#quietly(() => this.engine.line.ask('presence:set', { state }))
  }

  /** @param {string} room @param {number} seq */
  read(room, seq) {
    this.#owe(room, { delivered: seq, read: seq })
  }

  /** @param {string} room @param {{delivered?: number, read?: number}} how */
  #owe(room, how) {
    const known = this.#receipts.get(room) ?? {}
    const grown = Object.entries(how).map(([name, seq]) => [name, Math.max(seq ?? 0, known[/** @type {'read'} */ (name)] ?? 0)])
    this.#receipts.set(room, { ...known, ...Object.fromEntries(grown) })
  }

  #sendReceipts() {
    if (!this.engine.line.up) return
    for (const [room, how] of this.#receipts) {
      this.#receipts.delete(room)
      this.#quietly(() => this.engine.line.ask('receipt:put', { room, ...how }))
    }
  }

  /** What fails here is tried again at the next hello, beat or change. @param {() => any} work */
  async #quietly(work) {
    try {
      await work()
    } catch (error) {
      if (error instanceof Offline || isPassing(error)) return
      this.engine.trust.warn('bad_answer', { data: { error: String(error) } })
    }
  }
}
