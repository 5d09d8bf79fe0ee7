// Getting what was written into the log, once: the same bytes again until an answer, then the next (realtime.md §5).
//
// What waits lies on disk under out/ROOM/…, in the order written, with the client id it has for ever. One tab drains.
import { hex, random } from './dkx/bytes.js'
import { Alarm, HubRefused, NotReady, Offline } from './errors.js'
import { fullJitter } from './line.js'

const HELD_PAUSE = 30_000
/** The hub looked for the client id, did not find it, and refused: these bytes are not in the log and never will be. */
const RESEAL = new Set(['devices_stale', 'chain_stale', 'keys_missing', 'chain_index'])
const PASSING = new Set(['rate_limited', 'unavailable', 'internal', 'unauthenticated'])

/**
 * What waits. `message` is the sealed payload of `message:send`, once made; it is then sent as it is until an answer.
 * `held` is why it waits for a person, `failed` the code of a refusal for good.
 * @typedef {{room: string, cid: string, ctype: number, content: any, written: number, message?: any, acked?: number,
 *   failed?: string, held?: string, upload?: 'waiting' | 'done'}} Outgoing
 */

/**
 * What a refusal means for the bytes that were sent. Only a typed refusal that proves the message was not stored
 * allows other bytes; silence never does.
 * @param {HubRefused} refusal
 * @returns {'reseal' | 'stored' | 'retry' | 'failed'}
 */
export function judge(refusal) {
  if (RESEAL.has(refusal.code)) return 'reseal'
  if (refusal.code === 'cid_mismatch') return 'stored'
  return refusal.retry || PASSING.has(refusal.kind) ? 'retry' : 'failed'
}

let counter = 0

/**
 * Keeps what was written; answers its name. Durable with the next flush; any tab may do it.
 * @param {import('./store.js').Store} store
 * @param {{room: string, ctype: number, content: any, upload?: 'waiting', cid?: string}} told
 */
export function write(store, { cid = hex(random(16)), ...told }) {
  const written = Date.now()
  counter += 1
  const name = `out/${told.room}/${String(written).padStart(15, '0')}-${String(counter).padStart(6, '0')}-${cid.slice(0, 6)}`
  store.put(name, { ...told, cid, written })
  return { name, cid }
}

/** Whether a message still waits for an ack. @param {Outgoing} out */
const waits = (out) => out.acked === undefined && out.failed === undefined

/** One message in flight per room, in the order written; rooms do not wait for each other. */
export class Outbox {
  /** @type {Map<string, Promise<void>>} */
  #draining = new Map()
  /** @type {Map<string, () => void>} */
  #wakes = new Map()
  #stopped = false

  /**
   * @param {import('./sender.js').Sender} sender
   * @param {import('./line.js').Line} line
   * @param {{ready: (out: Outgoing) => Promise<boolean>}} errands
   * @param {(kind: string, told: any) => void} tell
   */
  constructor(sender, line, errands, tell) {
    this.sender = sender
    this.store = sender.store
    this.line = line
    this.errands = errands
    this.tell = tell
    // Another tab may have written: its nudge can be here before its message is.
    this.store.watch((names) => {
      const rooms = [...names].filter((name) => name.startsWith('out/')).map((name) => name.split('/')[1])
      for (const room of new Set(rooms)) if (!this.#draining.has(room) && this.#next(room)) this.nudge(room)
    })
  }

  /** Goes on with everything that waits, and no longer pauses for what was held. */
  start() {
    const rooms = this.store.under('out/').filter(([, out]) => waits(out)).map(([, { room }]) => room)
    for (const room of new Set(rooms)) this.nudge(room)
  }

  /** Something is there to send, or something that was missing has come. @param {string} room */
  nudge(room) {
    this.#wakes.get(room)?.()
    if (this.#stopped || this.#draining.has(room)) return
    const draining = this.#drain(room).finally(() => {
      this.#draining.delete(room)
      if (!this.#stopped && this.#next(room)) this.nudge(room)
    })
    this.#draining.set(room, draining)
  }

  stop() {
    this.#stopped = true
    for (const wake of this.#wakes.values()) wake()
  }

  /** Sends one that failed once more, under the same client id. @param {string} cid */
  async retry(cid) {
    const [name, out] = this.#named(cid)
    if (!out?.failed) return
    this.store.put(name, { ...out, failed: undefined, message: undefined })
    await this.store.flush()
    this.nudge(out.room)
  }

  /** Does not send it after all; false for what may be in the log already. @param {string} cid */
  async drop(cid) {
    const [name, out] = this.#named(cid)
    if (!out || (!out.failed && (out.message || out.acked !== undefined))) return false
    this.store.remove(name)
    await this.store.flush()
    return true
  }

  /** @param {string} cid @returns {[string, Outgoing | undefined]} */
  #named(cid) {
    return this.store.under('out/').find(([, out]) => out.cid === cid) ?? ['', undefined]
  }

  /** The oldest that waits for an ack; what has files to upload lets others pass until these are there. @param {string} room */
  #next(room) {
    return this.store.under(`out/${room}/`).find(([, out]) => waits(out) && out.upload !== 'waiting')?.[0]
  }

  /** @param {string} room */
  async #drain(room) {
    let attempt = 0
    for (let name = this.#next(room); name && !this.#stopped; name = this.#next(room)) {
      const pause = await this.#try(name, attempt)
      attempt = pause === undefined ? 0 : attempt + 1
      if (pause !== undefined) await this.#pause(room, pause)
    }
  }

  /** One attempt; undefined when this message needs no other, else the milliseconds until the next. @param {string} name @param {number} attempt */
  async #try(name, attempt) {
    try {
      await this.line.whenUp()
      if (this.#stopped) return undefined
      if (!(await this.errands.ready(this.store.get(name)))) return undefined
      const message = this.store.get(name)?.message ?? (await this.sender.seal(name))
      await this.#acked(name, (await this.line.ask('message:send', message)).seq)
      return undefined
    } catch (error) {
      if (!this.store.get(name)) return undefined
      if (error instanceof Offline) return fullJitter(attempt)
      if (error instanceof Alarm) return this.#held(name, error.code, error.account)
      if (error instanceof NotReady) return this.#held(name, 'no_device')
      if (error instanceof HubRefused) return this.#refused(name, error, attempt)
      await this.#fail(name, 'cannot_seal')
      throw error
    }
  }

  /** @param {string} name @param {string} code @param {string} [account] */
  #held(name, code, account) {
    const out = this.store.get(name)
    this.store.put(name, { ...out, held: code })
    this.tell('held', { room: out.room, cid: out.cid, code, account })
    return HELD_PAUSE
  }

  /** @param {string} name @param {HubRefused} refusal @param {number} attempt */
  async #refused(name, refusal, attempt) {
    const { room } = this.store.get(name)
    switch (judge(refusal)) {
      case 'retry': return Math.max(fullJitter(attempt), refusal.afterMs)
      case 'reseal':
        await this.#learnFrom(room, refusal.data)
        this.store.remove(`sending/${room}`)
        this.store.put(name, { ...this.store.get(name), message: undefined })
        await this.store.flush()
        return attempt ? fullJitter(attempt) : 0
      case 'stored': await this.#acked(name, 0); break
      case 'failed': await this.#fail(name, refusal.code); break
    }
    return undefined
  }

  /** Fetches and verifies what the hub says is newer; its word alone changes nothing. @param {string} room @param {any} told */
  async #learnFrom(room, told) {
    try {
      for (const account of Object.keys(told.lists ?? {})) await this.sender.trust.refresh(account)
      if (told.roster) await this.sender.rosters.catchUp(room)
    } catch (error) {
      if (!(error instanceof Alarm || error instanceof NotReady || error instanceof Offline)) throw error
    }
  }

  /** Refused for good. Its index is used up, so the chain ends with it. @param {string} name @param {string} code */
  async #fail(name, code) {
    const out = this.store.get(name)
    this.store.remove(`sending/${out.room}`)
    this.store.put(name, { ...out, failed: code, held: undefined })
    await this.store.flush()
    this.tell('failed', { room: out.room, cid: out.cid, code })
  }

  /** The log may have shown it meanwhile: then it is gone from here already. @param {string} name @param {number} seq */
  async #acked(name, seq) {
    const out = this.store.get(name)
    if (!out) return
    this.store.put(name, { ...out, acked: seq, held: undefined })
    await this.store.flush()
    this.tell('sent', { room: out.room, cid: out.cid, seq })
  }

  /** @param {string} room @param {number} pause */
  #pause(room, pause) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause)
      this.#wakes.set(room, () => {
        clearTimeout(timer)
        resolve(undefined)
      })
    })
  }
}
