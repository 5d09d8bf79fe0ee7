// The rooms' logs as this device has them: opened rows in pages of 128, sealed like all else.
//
// A page is one wrapped value: five thousand rows are forty reads, and a new row rewrites one page.
/** @import { Store } from './store.js' */
/**
 * `kind` is `message`, `event`, `gone` or `duplicate`; `at` the hub's time. `name` is what later messages call it by
 * (hex). `reason` says why there is no content; `item` keeps what the hub delivered as long as it may still be opened.
 * `doubt` is a peers_hash (hex) that no known lists explain.
 * @typedef {{seq: number, kind: string, at: number, account: string, device?: string, chain?: string, idx?: number,
 *   cid?: string, name?: string, ctype?: number, sentAt?: number, content?: any, type?: string, data?: any,
 *   reason?: string, item?: any, doubt?: string, peersHash?: string}} Row
 */

export const PAGE = 128

/** @param {string} room @param {number} seq */
const pageName = (room, seq) => `log/${room}/${String(Math.floor(seq / PAGE)).padStart(8, '0')}`
/** @param {string} room @param {number} seq */
const proofName = (room, seq) => `proof/${room}/${String(Math.floor(seq / PAGE)).padStart(8, '0')}`

export class Log {
  /** Joined pages by room, thrown away when a page changes. @type {Map<string, Row[]>} */
  #joined = new Map()
  /** @type {Map<string, Indexes>} */
  #indexes = new Map()

  /** @param {Store} store */
  constructor(store) {
    this.store = store
    store.watch((names) => {
      for (const name of names) if (name.startsWith('log/')) this.#joined.delete(name.split('/')[1])
    })
  }

  /** Every room known, with its cursor. @returns {[string, number][]} */
  rooms() {
    return this.store.under('room/').map(([name, { cursor }]) => [name.slice(5), cursor])
  }

  /** Makes a room's rows readable here. @param {string} room */
  async open(room) {
    await this.store.open(`log/${room}/`)
  }

  /** @param {string} room @returns {{cursor: number, floor: number, eventHash: Uint8Array | null}} */
  meta(room) {
    return this.store.get(`room/${room}`) ?? { cursor: 0, floor: 1, eventHash: new Uint8Array(32) }
  }

  /** @param {string} room */
  meet(room) {
    if (!this.store.get(`room/${room}`)) this.store.put(`room/${room}`, this.meta(room))
  }

  /** All rows, in order; of a room that is open. @param {string} room @returns {Row[]} */
  rows(room) {
    const known = this.#joined.get(room)
    if (known) return known
    const rows = this.store.under(`log/${room}/`).flatMap(([, page]) => page)
    this.#joined.set(room, rows)
    return rows
  }

  /** @param {string} room @param {number} seq @returns {Row | undefined} */
  get(room, seq) {
    return this.store.get(pageName(room, seq))?.find((/** @type {Row} */ row) => row.seq === seq)
  }

  /**
   * Puts a row and moves the cursor onto it; an event moves the chain of events, too. Durable with the next flush.
   * @param {string} room
   * @param {Row} row
   * @param {Uint8Array} [eventHash]
   */
  append(room, row, eventHash) {
    this.keep(room, row)
    const meta = this.meta(room)
    this.store.put(`room/${room}`, { ...meta, cursor: row.seq, ...(eventHash ? { eventHash } : {}) })
  }

  /** Puts a row where it stands. @param {string} room @param {Row} row */
  keep(room, row) {
    const name = pageName(room, row.seq)
    const page = (this.store.get(name) ?? []).filter((/** @type {Row} */ one) => one.seq !== row.seq)
    page.push(row)
    page.sort((/** @type {Row} */ a, /** @type {Row} */ b) => a.seq - b.seq)
    this.store.put(name, page)
    this.#joined.delete(room)
    this.#indexes.get(room)?.take(row)
  }

  /** What we may read begins at `floor`: nothing before it will come. @param {string} room @param {number} floor */
  skipTo(room, floor) {
    this.store.put(`room/${room}`, { ...this.meta(room), cursor: floor - 1, floor, eventHash: null })
  }

  /** What proves a message, to report it later. @param {string} room @param {number} seq @param {any} proof */
  async keepProof(room, seq, proof) {
    await this.store.open(`proof/${room}/`)
    const name = proofName(room, seq)
    this.store.put(name, { ...this.store.get(name), [seq]: proof })
  }

  /** @param {string} room @param {number} seq */
  async proof(room, seq) {
    await this.store.open(`proof/${room}/`)
    return this.store.get(proofName(room, seq))?.[seq]
  }

  /** Rows that a key or a decision may still open. @param {string} room */
  unreadable(room) {
    return this.rows(room).filter(({ item }) => item !== undefined)
  }

  /** @param {string} room */
  doubtful(room) {
    return this.rows(room).filter(({ doubt }) => doubt !== undefined)
  }

  /** The newest row with a name: what a new message says it follows. @param {string} room */
  newestNamed(room) {
    return this.rows(room).findLast(({ name }) => name !== undefined)
  }

  /** The message or erased message that others call by a name. @param {string} room @param {string} name */
  named(room, name) {
    return this.rows(room).find((row) => row.name === name && (row.kind === 'message' || row.kind === 'gone'))
  }

  /** @param {string} room @returns {Indexes} */
  indexes(room) {
    let known = this.#indexes.get(room)
    if (!known) {
      known = new Indexes()
      for (const row of this.rows(room)) known.take(row)
      this.#indexes.set(room, known)
    }
    return known
  }
}

/** What the reader asks about a room's messages: slots of chains, their last index, how many came before. */
class Indexes {
  /** @type {Map<string, Row>} */
  slots = new Map()
  /** @type {Map<string, Map<number, number>>} by chain: seq → index */
  chains = new Map()
  /** @type {Map<string, Set<number>>} by device: the seqs of its messages */
  devices = new Map()
  /** @type {Map<string, Set<number>>} by account: seqs of erased messages whose device is not known */
  erased = new Map()

  /** @param {Row} row */
  take(row) {
    const { seq, device, chain, idx, account } = row
    if (device && row.kind !== 'duplicate') add(this.devices, device, seq)
    if (row.kind === 'gone' && !device) add(this.erased, account, seq)
    if (!device || !chain || idx === undefined) return
    const place = `${device}/${chain}`
    if (!this.chains.has(place)) this.chains.set(place, new Map())
    this.chains.get(place)?.set(seq, idx)
    if (row.kind === 'message' && row.content !== undefined) this.slots.set(`${place}/${idx}`, row)
  }

  /** @param {{device: string, chain: string, idx: number}} place */
  at({ device, chain, idx }) {
    return this.slots.get(`${device}/${chain}/${idx}`)
  }

  /** The highest index of a chain before a row. @param {{device: string, chain: string, seq: number}} row */
  lastIndex({ device, chain, seq }) {
    const known = [...(this.chains.get(`${device}/${chain}`) ?? [])].filter(([at]) => at < seq).map(([, idx]) => idx)
    return known.length ? Math.max(...known) : undefined
  }

  /** Messages of a device before a row, and what its account erased. @param {number} seq @param {string} device @param {string} account */
  countBefore(seq, device, account) {
    return below(this.devices.get(device), seq) + below(this.erased.get(account), seq)
  }
}

/** @param {Map<string, Set<number>>} sets @param {string} name @param {number} seq */
function add(sets, name, seq) {
  if (!sets.has(name)) sets.set(name, new Set())
  sets.get(name)?.add(seq)
}

/** @param {Set<number> | undefined} seqs @param {number} seq */
const below = (seqs, seq) => [...(seqs ?? [])].filter((at) => at < seq).length
