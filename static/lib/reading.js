// Rows of the log from what the hub delivered: verified, opened, compared with what came before (e2ee.md §4, §5).
//
// The hub's word is taken for the order only. Whatever does not fit becomes a row with a reason or a named warning; no
// row ever stops the log.
import { b64u, equal, fromB64u, fromHex, hex } from './dkx/bytes.js'
import { afterEvent, envelopeHash, parseEnvelope } from './dkx/envelope.js'
import { DkxError } from './dkx/error.js'
import { eventHash } from './dkx/event.js'
import { Alarm, HubRefused, NotReady, Offline } from './errors.js'
import { whyNot } from './keyring.js'
import { asMs } from './when.js'

/** @import { Row } from './log.js' */

const REFETCH = 60_000

export class Reader {
  /** @type {Map<string, number>} */
  #refetched = new Map()

  /**
   * @param {import('./log.js').Log} log
   * @param {import('./rosters.js').Rosters} rosters
   * @param {import('./keyring.js').Keyring} keyring
   * @param {{run: (task: 'openMany', told: any) => Promise<any>}} helper
   */
  constructor(log, rosters, keyring, helper) {
    this.log = log
    this.rosters = rosters
    this.trust = rosters.trust
    this.keyring = keyring
    this.helper = helper
  }

  /**
   * Messages as delivered, each with its record if it is there. Offline when a list it needs cannot be fetched now.
   * @param {string} room
   * @param {any} item
   * @returns {Promise<{row: Row, envelope?: any, record?: any, item: any}>}
   */
  async prepare(room, item) {
    const place = { seq: item.seq, kind: 'message', at: item.ts, account: item.from }
    /** @type {any} */
    let envelope
    let header
    try {
      envelope = fromB64u(item.env)
      header = parseEnvelope(envelope)
    } catch {
      return { row: this.#altered(room, place), item }
    }
    if (header.room !== room || header.device !== item.dev || header.cid !== item.cid) {
      return { row: this.#altered(room, place), item }
    }
    const { device, chain, index, cid } = header
    const row = { ...place, device, chain, idx: index, cid, name: hex(envelopeHash(envelope)) }
    try {
      return { row, envelope, record: await this.keyring.record({ room, device, chain }, item.key), item }
    } catch (error) {
      if (error instanceof Offline || error instanceof HubRefused) throw error
      if (!(error instanceof DkxError || error instanceof Alarm || error instanceof NotReady || error instanceof RangeError)) throw error
      return { row: { ...row, reason: this.#reason(row, error), item }, item }
    }
  }

  /** Opens what was prepared, in the worker. @param {any[]} prepared @returns {Promise<Map<any, any>>} results by what was prepared */
  async open(prepared) {
    const closed = prepared.filter(({ record }) => record)
    if (closed.length === 0) return new Map()
    const records = [...new Set(closed.map(({ record }) => record))]
    const results = await this.helper.run('openMany', { envelopes: closed.map(({ envelope }) => envelope), records })
    return new Map(closed.map((one, n) => [one, results[n]]))
  }

  /**
   * The finished row.
   * @param {string} room
   * @param {any} prepared
   * @param {any} result what opening it gave, if its key was there
   * @returns {Promise<{row: Row, proof?: any}>}
   */
  async judge(room, { row, record, item }, result) {
    if (!record) return { row }
    const account = record.account ?? ''
    if (account !== row.account) {
      this.trust.warn('author_differs', { room, seq: row.seq, data: { claimed: row.account, author: account } })
      row = { ...row, account }
    }
    if (!this.#rosterFits(room, row, record)) {
      this.trust.warn('stale_roster', { room, seq: row.seq, data: { account } })
      return { row: { ...row, reason: 'stale_roster' } }
    }
    if (result.code !== undefined) return { row: this.#altered(room, row) }
    const proof = proofOf(result.opened, item)
    if (!proof) this.trust.warn('unmarked', { room, seq: row.seq, data: { account } })
    return this.#compare(room, row, record, result, proof)
  }

  /** An event and its hash; checked against the event before it (e2ee.md §9). @param {string} room @param {any} item */
  event(room, item) {
    const row = { seq: item.seq, kind: 'event', at: asMs(item.at), account: item.by, cid: item.cmd_id, type: item.type, data: item.data }
    const previous = this.log.meta(room).eventHash
    try {
      const [claimed, prev] = [fromHex(item.hash, 32), fromHex(item.prev_hash, 32)]
      const { at, by, cmd_id, data, seq, type } = item
      const made = eventHash(prev, { at, by, cmd_id, data, room, seq, type })
      if (equal(made, claimed) && (!previous || equal(prev, previous))) {
        return { row: { ...row, name: hex(afterEvent(claimed)) }, eventHash: claimed }
      }
    } catch (error) {
      if (!(error instanceof DkxError || error instanceof RangeError)) throw error
    }
    this.trust.warn('event_chain', { room, seq: item.seq })
    return { row: { ...row, reason: 'altered' } }
  }

  /** @param {Row} row @param {unknown} error */
  #reason(row, error) {
    const reason = whyNot(error)
    const since = this.trust.own.added ?? 0
    return reason === 'no_key' && row.at < since ? 'before_device' : reason
  }

  /** @param {string} room @param {Row} row @returns {Row} */
  #altered(room, row) {
    this.trust.warn('altered', { room, seq: row.seq, data: { account: row.account } })
    return { ...row, reason: 'altered' }
  }

  /** Logged after the row of roster v, a message needs a chain made for v: else an ex-member wrote it. @param {string} room @param {Row} row @param {any} record */
  #rosterFits(room, row, record) {
    const roster = this.rosters.byHash(room, record.rosterHash)
    return roster !== undefined && roster.version >= this.rosters.versionAt(room, row.seq)
  }

  /** @param {string} room @param {any} row @param {any} record @param {any} result @param {any} proof */
  async #compare(room, row, record, { opened, content }, proof) {
    const indexes = this.log.indexes(room)
    const used = indexes.at(row)
    if (used && used.seq !== row.seq && used.name !== row.name) {
      this.trust.warn('replayed', { room, seq: row.seq, data: { seq: used.seq } })
      return { row: { ...row, reason: 'replayed' } }
    }
    if (used && used.seq !== row.seq) return { row: { ...row, kind: 'duplicate' } }
    const peers = hex(opened.peersHash)
    const doubt = (await this.listsAgree(room, peers)) ? {} : { doubt: peers }
    this.#checkContiguous(room, row, record)
    this.#checkHistory(room, row, opened)
    const said = content === null ? { reason: 'odd_body' } : { content }
    return { row: { ...row, ctype: opened.ctype, sentAt: opened.sentAt, ...said, ...doubt }, proof }
  }

  /**
   * Indexes of a chain run without a gap, and a chain says how much came before it: a dropped message shows. Erased
   * messages do not tell their index, so as many as the author erased are excused.
   * @param {string} room
   * @param {any} row
   * @param {any} record
   */
  #checkContiguous(room, row, record) {
    const indexes = this.log.indexes(room)
    const last = indexes.lastIndex(row)
    if (last === undefined && this.log.meta(room).floor > 1) return
    const missing = last === undefined
      ? row.idx + (record.sentBefore ?? 0) - indexes.countBefore(row.seq, row.device, row.account)
      : row.idx - last - 1 - indexes.countBefore(row.seq, '', row.account)
    if (missing > 0) this.trust.warn('messages_missing', { room, seq: row.seq, data: { account: row.account, n: missing } })
  }

  /** The author named the newest entry it knew: ours at that place must be the same. @param {string} room @param {Row} row @param {any} opened */
  #checkHistory(room, row, { afterSeq, afterHash }) {
    if (afterSeq === 0) return
    const known = this.log.get(room, afterSeq)
    const differs = known?.name !== undefined && known.name !== hex(afterHash)
    if (afterSeq >= row.seq || differs) this.trust.warn('history_differs', { room, seq: row.seq, data: { after: afterSeq } })
  }

  /** Whether the author sent to the devices we know; lists are fetched again, now and then, before a no. @param {string} room @param {string} named */
  async listsAgree(room, named) {
    const roster = this.rosters.known(room)
    if (!roster || this.rosters.explains(roster, named)) return true
    if (Date.now() - (this.#refetched.get(room) ?? 0) < REFETCH) return false
    this.#refetched.set(room, Date.now())
    for (const { account } of roster.members) {
      await this.trust.refresh(account).catch((error) => {
        if (!(error instanceof Alarm || error instanceof NotReady)) throw error
      })
    }
    return this.rosters.explains(roster, named)
  }
}

/** What a report of a message needs; nothing where the hub gave no mark that could ever count. @param {any} opened @param {any} item */
function proofOf({ header, kf, rest }, { kid, ft, ts }) {
  if (typeof kid !== 'string' || typeof ft !== 'string') return undefined
  return { header: b64u(header.bytes), kf: b64u(kf), rest: b64u(rest), kid, ft, ts }
}
