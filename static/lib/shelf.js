// Rooms and rentals as they stand, kept for reading offline: the hub's views, brought forward by what the log tells.
//
// Under sheet/ROOM lies the room, under deal/ROOM its rental, under tip/ROOM what a list of rooms shows of its log.
import { HubRefused, Offline } from './errors.js'
import { applyEvent, newer } from './rental.js'
import { applyTold } from './room.js'
import { lines } from './timeline.js'

const FETCH_AFTER = 60
/** Rows looked at for the newest line. */
const TAIL = 200
const MOST_UNREAD = 99

export class Shelf {
  /** @type {Map<string, any>} */
  #due = new Map()

  /** @param {import('./log.js').Log} log @param {import('./hub.js').Http} http @param {string} user */
  constructor(log, http, user) {
    this.log = log
    this.store = log.store
    this.http = http
    this.user = user
    this.store.watch((names) => this.#changed(names))
  }

  /** @param {string} room */
  sheet(room) {
    return this.store.get(`sheet/${room}`)
  }

  /** All rooms and rentals anew. */
  async refreshAll() {
    const [{ rooms }, { rentals }] = await Promise.all([this.http.call('GET', '/v1/rooms'), this.http.call('GET', '/v1/rentals')])
    for (const sheet of rooms) this.#keepSheet(sheet)
    for (const rental of rentals) this.keepRental(rental)
    await this.store.flush()
  }

  /** One room and its rental. @param {string} room */
  async refresh(room) {
    const sheet = await this.http.call('GET', `/v1/rooms/${room}`)
    this.#keepSheet(sheet)
    if (sheet.rental) this.keepRental(await this.http.call('GET', `/v1/rentals/${sheet.rental}`))
    await this.store.flush()
  }

  /** A view of the hub; an older one changes nothing. @param {any} rental */
  keepRental(rental) {
    const name = `deal/${rental.room}`
    const kept = newer(this.store.get(name), rental)
    if (kept === rental) this.store.put(name, rental)
  }

  /** @param {any} sheet */
  #keepSheet(sheet) {
    const known = this.sheet(sheet.id)
    const receipts = known?.receipts ?? []
    const fresh = receipts.reduce((/** @type {any} */ one, /** @type {any} */ payload) => applyTold(one, { event: 'receipt:changed', payload }), sheet)
    this.store.put(`sheet/${sheet.id}`, fresh)
  }

  /** An event of the log: the rental moves at once, and is asked for what one may do now. @param {string} room @param {any} row */
  async event(room, row) {
    const known = this.store.get(`deal/${room}`)
    if (known) {
      const fresh = applyEvent(known, row)
      if (fresh === known) return
      this.store.put(`deal/${room}`, fresh)
      await this.store.flush()
    }
    clearTimeout(this.#due.get(room))
    this.#due.set(room, setTimeout(() => this.#fetch(room), FETCH_AFTER))
  }

  /** @param {string} room */
  async #fetch(room) {
    try {
      await this.refresh(room)
    } catch (error) {
      if (!(error instanceof Offline || error instanceof HubRefused)) throw error
    }
  }

  /** @param {string} room @param {{event: string, payload: any}} told */
  async told(room, told) {
    const known = this.sheet(room)
    if (!known) return
    const fresh = applyTold(known, told)
    if (fresh === known) return
    this.store.put(`sheet/${room}`, fresh)
    await this.store.flush()
  }

  /** The newest line of a room whose log has changed. @param {Set<string>} names */
  #changed(names) {
    const rooms = new Set([...names].filter((name) => name.startsWith('log/')).map((name) => name.split('/')[1]))
    let wrote = false
    for (const room of rooms) {
      const tip = this.#tip(room)
      if (!tip || JSON.stringify(tip) === JSON.stringify(this.store.get(`tip/${room}`))) continue
      this.store.put(`tip/${room}`, tip)
      wrote = true
    }
    if (wrote) this.store.flush().catch(() => {})
  }

  /** @param {string} room */
  #tip(room) {
    const shown = lines(this.log.rows(room).slice(-TAIL), [], this.user)
    const last = shown.at(-1)
    if (!last) return undefined
    const { seq, at, kind, author, text, type, mine } = last
    const others = shown.filter((line) => !line.mine && line.kind !== 'gone').map((line) => line.seq).slice(-MOST_UNREAD)
    return { seq, at, kind, author, text, type, mine, others, data: last.data && { state: last.data.state, offer: last.data.offer } }
  }
}
