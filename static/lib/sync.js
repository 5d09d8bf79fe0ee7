// Every room's log, whole and in order, on this device (realtime.md §5).
//
// One loop applies entries for all rooms, so that nothing is applied twice or out of order. Live entries are hints:
// ahead of the cursor they wait in a small buffer, and after 150 ms the gap is fetched.
import { HubRefused, Offline } from './errors.js'
import { fullJitter } from './line.js'

export const BUFFERED = 200
export const GAP_WAIT = 150
const PAGE = 100
const ROOMS_AT_ONCE = 200

/** What is known to come after a room's cursor. `due` is when it is fetched, Infinity for never. */
export class Tail {
  head = 0
  due = Infinity
  /** @type {Map<number, any>} */
  waiting = new Map()

  /** @param {number} cursor */
  constructor(cursor) {
    this.cursor = cursor
  }

  /** A live entry: old news is dropped, the far future too, for the next page brings it. @param {any} item @param {number} now */
  take(item, now) {
    this.expect(item.seq, now + GAP_WAIT)
    if (item.seq > this.cursor && this.waiting.size < BUFFERED) this.waiting.set(item.seq, item)
  }

  /** The hub's log reaches to `head`; be there by `due`. @param {number} head @param {number} due */
  expect(head, due) {
    this.head = Math.max(this.head, head)
    if (this.head > this.cursor) this.due = Math.min(this.due, due)
  }

  /** The entries right after the cursor that are here. */
  next() {
    const items = []
    for (let seq = this.cursor + 1; this.waiting.has(seq); seq += 1) items.push(this.waiting.get(seq))
    return items
  }

  /** The cursor was moved by storing; what is still ahead gets its full wait again. @param {number} cursor @param {number} now */
  moved(cursor, now) {
    this.cursor = cursor
    for (const seq of [...this.waiting.keys()]) if (seq <= cursor) this.waiting.delete(seq)
    this.due = this.head <= cursor ? Infinity : now + GAP_WAIT
  }
}

/** `ask` reaches the hub over the live socket. `run` is the one loop; everything else only leaves hints. */
export class Sync {
  /** @type {Map<string, Tail>} */
  #tails
  #connected = false
  #stopped = false
  /** @type {() => void} */
  #wake = () => {}
  #woken = false
  /** Told who is here, as a sync answers it. @type {(states: Record<string, string>) => void} */
  onPresence = () => {}
  /** Told when all rooms have been brought up to date. */
  onSettled = () => {}

  /**
   * @param {{rooms: () => [string, number][], meet: (room: string) => void, meta: (room: string) => {cursor: number}}} log
   * @param {{apply: (room: string, items: any[]) => Promise<void>, skipTo: (room: string, floor: number) => void,
   *   trust: {warn: (code: string, about: any) => void}}} applier
   * @param {(event: string, payload: any) => Promise<any>} ask
   */
  constructor(log, applier, ask) {
    this.log = log
    this.applier = applier
    this.ask = ask
    this.#tails = new Map(log.rooms().map(([room, cursor]) => [room, new Tail(cursor)]))
  }

  /** After each hello every room is synced, also those that seem to be up to date. @param {Record<string, number>} heads */
  connected(heads) {
    for (const room of new Set([...Object.keys(heads), ...this.#tails.keys()])) {
      const tail = this.#tail(room)
      tail.head = Math.max(tail.head, heads[room] ?? 0)
      tail.due = 0
    }
    this.#connected = true
    this.#nudge()
  }

  disconnected() {
    this.#connected = false
  }

  /** A live entry. @param {string} room @param {any} item */
  take(room, item) {
    this.#tail(room).take(item, Date.now())
    this.#nudge()
  }

  /** `room:head`: the log reaches this far. @param {string} room @param {number} head */
  hint(room, head) {
    this.#tail(room).expect(head, Date.now())
    this.#nudge()
  }

  stop() {
    this.#stopped = true
    this.#nudge()
  }

  /** Until stopped. */
  async run() {
    let attempt = 0
    while (!this.#stopped) {
      await this.#rest()
      this.#woken = false
      try {
        await this.#drain()
        await this.#fetch([...this.#tails].filter(([, { due }]) => due <= Date.now()).map(([room]) => room))
        attempt = 0
        if (this.#connected && [...this.#tails.values()].every(({ due }) => due === Infinity)) this.onSettled()
      } catch (error) {
        attempt += 1
        if (!(error instanceof Offline || error instanceof HubRefused)) {
          this.applier.trust.warn('bad_answer', { data: { error: String(error) } })
        }
        const told = error instanceof HubRefused ? error.afterMs : 0
        await new Promise((resolve) => setTimeout(resolve, Math.max(fullJitter(attempt), told)))
      }
    }
  }

  #nudge() {
    this.#woken = true
    this.#wake()
  }

  /** Until something came, or something is due. @returns {Promise<void>} */
  #rest() {
    if (this.#woken) return Promise.resolve()
    const due = this.#connected ? Math.min(Infinity, ...[...this.#tails.values()].map((tail) => tail.due)) : Infinity
    return new Promise((resolve) => {
      const timer = due === Infinity ? undefined : setTimeout(resolve, Math.max(0, due - Date.now()))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #drain() {
    for (const [room, tail] of this.#tails) {
      for (let items = tail.next(); items.length > 0; items = tail.next()) await this.#apply(room, tail, items)
    }
  }

  /** @param {string[]} rooms */
  async #fetch(rooms) {
    for (let at = 0; at < rooms.length && this.#connected; at += ROOMS_AT_ONCE) {
      await this.#fetchSome(rooms.slice(at, at + ROOMS_AT_ONCE))
    }
  }

  /** @param {string[]} rooms @returns {Promise<void>} */
  async #fetchSome(rooms) {
    let answer
    try {
      const cursors = Object.fromEntries(rooms.map((room) => [room, this.#tail(room).cursor]))
      answer = await this.ask('room:sync', { cursors, limit: PAGE })
    } catch (error) {
      if (!(error instanceof HubRefused) || error.kind !== 'not_found') throw error
      return this.#fetchEach(rooms)
    }
    this.onPresence(answer.presence ?? {})
    for (const [room, page] of Object.entries(answer.rooms)) await this.#takePage(room, page)
  }

  /** One of these rooms is no longer ours: find out which, and leave it alone. @param {string[]} rooms */
  async #fetchEach(rooms) {
    if (rooms.length === 1) this.#tail(rooms[0]).due = Infinity
    else for (const room of rooms) await this.#fetchSome([room])
  }

  /** @param {string} room @param {any} page */
  async #takePage(room, page) {
    const tail = this.#tail(room)
    if (page.floor > tail.cursor + 1) {
      this.applier.skipTo(room, page.floor)
      tail.moved(page.floor - 1, Date.now())
    }
    const items = page.items.filter((/** @type {any} */ { seq }) => seq > tail.cursor)
    const hole = items.findIndex((/** @type {any} */ { seq }, /** @type {number} */ n) => seq !== tail.cursor + 1 + n)
    if (hole >= 0) this.applier.trust.warn('log_hole', { room, seq: tail.cursor + 1 + hole, data: { got: items[hole].seq } })
    const following = hole < 0 ? items : items.slice(0, hole)
    if (following.length > 0) await this.#apply(room, tail, following)
    tail.head = Math.max(page.head, tail.cursor)
    if (hole >= 0) tail.due = Date.now() + fullJitter(5)
    else tail.due = page.more || tail.head > tail.cursor ? Date.now() : Infinity
  }

  /** @param {string} room @param {Tail} tail @param {any[]} items */
  async #apply(room, tail, items) {
    try {
      await this.applier.apply(room, items)
    } finally {
      tail.moved(this.log.meta(room).cursor, Date.now())
    }
  }

  /** @param {string} room @returns {Tail} */
  #tail(room) {
    let tail = this.#tails.get(room)
    if (!tail) {
      this.log.meet(room)
      tail = new Tail(this.log.meta(room).cursor)
      this.#tails.set(room, tail)
    }
    return tail
  }
}
