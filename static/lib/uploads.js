// Getting sealed files to the hub, one after the other, from wherever the hub says they end (e2ee.md §6).
import { HubRefused, Offline } from './errors.js'
import { fullJitter } from './line.js'
import { judge } from './outbox.js'
import { dropSealed, readSealed } from './sealed.js'
import { Worklist } from './worklist.js'

/** Its sealed copy is not on this device any more. */
const LOST = 'file_lost'
/** The hub has more or less of it than we thought: it says where to go on. */
const OFFSET = 'file_offset'

export class Uploads {
  /** @type {Worklist<[string, any]>} */
  #work
  /** @type {{cid: string, stop: AbortController} | undefined} */
  #current

  /**
   * @param {import('./store.js').Store} store
   * @param {any} http
   * @param {string} user
   * @param {(kind: string, told: any) => void} tell
   */
  constructor(store, http, user, tell) {
    this.store = store
    this.http = http
    this.user = user
    this.tell = tell
    this.#work = new Worklist(() => this.#next(), ([name, upload], attempt) => this.#try(name, upload, attempt))
    /** Told the room of each message whose files are all there. @type {(room: string) => void} */
    this.onDone = () => {}
  }

  /** Goes on with what waits; also after what was missing may have come. */
  start() {
    this.#work.start()
  }

  stop() {
    this.#work.stop()
    this.#current?.stop.abort()
  }

  /** Whether the hub has all files of a message, and keeps them for the day that its sending may take. @param {import('./outbox.js').Outgoing} out */
  async ready(out) {
    let all = true
    for (const [name, upload] of this.#of(out.cid)) {
      if ((await this.#offset(name, upload)) >= upload.size || !this.store.get(name)) continue // given up meanwhile
      this.store.put(name, { ...upload, done: false })
      all = false
    }
    if (!all) {
      this.#mark(out.cid, 'waiting')
      await this.store.flush()
      this.start()
    }
    return all
  }

  /** Takes a message back with its files; false when it may be in the log already. @param {string} cid */
  async giveUp(cid) {
    const [name, out] = this.store.under('out/').find(([, one]) => one.cid === cid) ?? ['', undefined]
    if (!out || (!out.failed && (out.message || out.acked !== undefined))) return false
    this.store.remove(name)
    const files = this.#of(cid)
    for (const [upload] of files) this.store.remove(upload)
    await this.store.flush()
    if (this.#current?.cid === cid) this.#current.stop.abort()
    for (const [upload] of files) await this.#forget(idOf(upload), true)
    return true
  }

  /** What is in the log needs no copy here any more. */
  async tidy() {
    for (const [name, { cid }] of this.store.under('upload/')) {
      const out = this.store.under('out/').find(([, one]) => one.cid === cid)
      if (out && out[1].acked === undefined) continue
      this.store.remove(name)
      await this.#forget(idOf(name), false)
    }
    await this.store.flush()
  }

  /** @param {string} id @param {boolean} atHub */
  async #forget(id, atHub) {
    await dropSealed(this.user, id).catch(() => {})
    if (atHub) await this.http.call('DELETE', `/v1/files/${id}`).catch(() => {}) // else the hub removes it after a day
  }

  /** In the order in which the messages were written. @returns {[string, any] | undefined} */
  #next() {
    const left = this.store.under('upload/').filter(([, { done }]) => !done)
    const waiting = left.length ? this.store.under('out/').filter(([, { failed }]) => !failed) : []
    const [, first] = waiting.find(([, { cid }]) => left.some(([, upload]) => upload.cid === cid)) ?? []
    return left.find(([, { cid }]) => cid === first?.cid)
  }

  /** One attempt; undefined when there is nothing more to try, else the milliseconds until the next. @param {string} name @param {any} upload @param {number} attempt */
  async #try(name, upload, attempt) {
    const stop = new AbortController()
    this.#current = { cid: upload.cid, stop }
    try {
      if (!(await this.#send(name, upload, stop.signal))) return fullJitter(attempt)
      await this.#arrived(name, upload)
      return undefined
    } catch (error) {
      if (stop.signal.aborted) return undefined
      if (error instanceof Offline) return fullJitter(attempt)
      if (!(error instanceof HubRefused)) throw error
      if (error.code === OFFSET || judge(error) === 'retry') return Math.max(fullJitter(attempt), error.afterMs)
      await this.#fail(upload, error.code)
      return undefined
    } finally {
      this.#current = undefined
    }
  }

  /** Whether all of it is there now. @param {string} name @param {any} upload @param {AbortSignal} signal */
  async #send(name, upload, signal) {
    const sealed = await readSealed(this.user, idOf(name))
    if (!sealed) throw new HubRefused({ code: LOST, kind: 'conflict' })
    const offset = await this.#offset(name, upload)
    if (offset >= upload.size) return true
    const told = (/** @type {number} */ share) => this.tell('progress', { room: upload.room, cid: upload.cid, share: (offset + share * (upload.size - offset)) / upload.size })
    const rest = sealed.slice(offset, undefined, 'application/octet-stream')
    const answer = await this.http.upload(`/v1/files/${idOf(name)}?offset=${offset}`, rest, told, { method: 'PUT', signal })
    return answer.offset === upload.size
  }

  /** Announces the file, or hears how far it came. @param {string} name @param {any} upload @returns {Promise<number>} */
  async #offset(name, { room, cid, size }) {
    return (await this.http.call('POST', '/v1/files', { file: idOf(name), room, cid, size })).offset
  }

  /** @param {string} name @param {any} upload */
  async #arrived(name, upload) {
    if (!this.store.get(name)) return
    this.store.put(name, { ...upload, done: true })
    if (this.#of(upload.cid).every(([, { done }]) => done)) this.#mark(upload.cid, 'done')
    await this.store.flush()
    this.onDone(upload.room)
  }

  /** Its message will not be sent. @param {any} upload @param {string} code */
  async #fail({ cid, room }, code) {
    const [name, out] = this.store.under('out/').find(([, one]) => one.cid === cid) ?? ['', undefined]
    if (!out) return
    if (out.message) this.store.remove(`sending/${room}`)
    this.store.put(name, { ...out, failed: code })
    await this.store.flush()
    this.tell('failed', { room, cid, code })
  }

  /** @param {string} cid @returns {[string, any][]} */
  #of(cid) {
    return this.store.under('upload/').filter(([, upload]) => upload.cid === cid)
  }

  /** @param {string} cid @param {'waiting' | 'done'} upload */
  #mark(cid, upload) {
    const [name, out] = this.store.under('out/').find(([, one]) => one.cid === cid) ?? ['', undefined]
    if (out) this.store.put(name, { ...out, upload })
  }
}

/** @param {string} name */
const idOf = (name) => name.slice('upload/'.length)
