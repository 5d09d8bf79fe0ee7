// Putting rows into the store: read, opened together in the worker, judged one by one, durable together, told after it.
import { Alarm, HubRefused, NotReady } from './errors.js'

const REPORTABLE = 30 * 86_400_000
/** How long lists may differ before it is called odd: an honest hub needs seconds (e2ee.md §5). */
const DOUBT = 600_000

/** Errors that are no fault of what was read: the same is tried again later. @param {unknown} error */
export const isPassing = (error) => error instanceof HubRefused || error instanceof Alarm || error instanceof NotReady

export class Applier {
  /** Told of each entry of somebody else once it is on disk. @type {(room: string, seq: number) => void} */
  onStored = () => {}
  /** Told of each event once it is on disk. @type {(room: string, row: any) => void} */
  onEvent = () => {}

  /**
   * @param {import('./log.js').Log} log
   * @param {import('./reading.js').Reader} reader
   * @param {(kind: string, told: any) => void} tell
   */
  constructor(log, reader, tell) {
    this.log = log
    this.store = log.store
    this.reader = reader
    this.rosters = reader.rosters
    this.trust = reader.trust
    this.tell = tell
  }

  /**
   * Makes the items after the cursor the newest rows; they follow each other. Offline when one cannot be judged now:
   * what came before it is kept.
   * @param {string} room
   * @param {any[]} items
   */
  async apply(room, items) {
    await this.log.open(room)
    const ready = []
    let stopped
    for (const item of items) {
      try {
        ready.push(await this.#prepare(room, item))
      } catch (error) {
        stopped = error
        break
      }
    }
    const results = await this.reader.open(ready)
    const rows = []
    for (const one of ready) rows.push(await this.#put(room, one, results.get(one)))
    await this.store.flush()
    rows.forEach((row) => this.#told(room, row))
    if (stopped) throw stopped
  }

  /** @param {string} room @param {any} item */
  async #prepare(room, item) {
    if (item.kind === 'message') return this.reader.prepare(room, item)
    if (item.kind === 'event') {
      if (item.type === 'roster_changed') await this.#followRoster(room)
      return { event: item }
    }
    return { row: { seq: item.seq, kind: 'gone', at: item.ts, account: item.from } }
  }

  /** @param {string} room @param {any} one @param {any} result */
  async #put(room, one, result) {
    if (one.event) {
      const { row, eventHash } = this.reader.event(room, one.event)
      this.log.append(room, row, eventHash)
      return row
    }
    const { row, proof } = await this.reader.judge(room, one, result)
    this.log.append(room, row)
    if (proof) await this.log.keepProof(room, row.seq, proof)
    if (this.#isMine(row) && row.content !== undefined) this.#seen(room, row)
    return row
  }

  /** The log shows this message: it is sent, whether or not an ack ever came. @param {string} room @param {any} row */
  #seen(room, row) {
    const [name] = this.store.under(`out/${room}/`).find(([, out]) => out.cid === row.cid) ?? []
    if (name) this.store.remove(name)
  }

  /** @param {any} row */
  #isMine(row) {
    return row.device !== undefined && row.device === this.trust.own.device
  }

  /** @param {string} room @param {any} row */
  #told(room, row) {
    const mine = this.#isMine(row)
    this.tell('entry', { room, seq: row.seq, mine })
    if (row.kind === 'event') this.onEvent(room, row)
    if (!mine) this.onStored(room, row.seq)
  }

  /** Tries again what could not be read; rows are replaced where they stand. @param {string} room */
  async heal(room) {
    await this.log.open(room)
    const unreadable = this.log.unreadable(room)
    if (unreadable.length === 0) return
    const ready = []
    for (const { item } of unreadable) ready.push(await this.reader.prepare(room, item))
    const results = await this.reader.open(ready)
    for (const one of ready) {
      const { row, proof } = await this.reader.judge(room, one, results.get(one))
      if (row.reason !== undefined && row.reason === this.log.get(room, row.seq)?.reason) continue
      this.log.keep(room, row)
      if (proof) await this.log.keepProof(room, row.seq, proof)
      this.tell('healed', { room, seq: row.seq })
    }
    await this.store.flush()
  }

  /** Looks again at messages whose sender seemed to know other lists; after ten minutes says so. @param {string} room */
  async settleDoubts(room) {
    for (const { doubt, ...row } of this.log.doubtful(room)) {
      const agreed = await this.reader.listsAgree(room, doubt ?? '')
      if (!agreed && Date.now() - row.at < DOUBT) continue
      if (!agreed) this.trust.warn('peers_differ', { room, seq: row.seq, data: { account: row.account } })
      this.log.keep(room, row)
    }
    await this.store.flush()
  }

  /** `message:gone`: its author erased it; its place and its name stay, and for a while what proves it. @param {string} room @param {number} seq */
  async erase(room, seq) {
    await this.log.open(room)
    const row = this.log.get(room, seq)
    if (!row || row.kind !== 'message') return
    const { content, reason, item, doubt, ...left } = row
    this.log.keep(room, { ...left, kind: 'gone' })
    if (Date.now() - row.at > REPORTABLE) await this.log.keepProof(room, seq, undefined)
    await this.store.flush()
    this.tell('entry', { room, seq, mine: false })
  }

  /** What may be read begins here; the chain of events begins with whatever comes next. @param {string} room @param {number} floor */
  skipTo(room, floor) {
    this.trust.warn('history_begins', { room, seq: floor })
    this.log.skipTo(room, floor)
  }

  /** @param {string} room */
  async #followRoster(room) {
    try {
      await this.rosters.catchUp(room)
    } catch (error) {
      if (!(error instanceof Alarm || error instanceof NotReady)) throw error
    }
  }
}

