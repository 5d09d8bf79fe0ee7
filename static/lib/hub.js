// The door of every tab to its account: what is on this device, what happens, and what may be asked for.
//
// One tab leads: it holds a Web Lock and runs the engine. The others read the same store, hear what the leader tells,
// and ask it over a BroadcastChannel; when the leading tab is closed, another one leads.
import { hex, random } from './dkx/bytes.js'
import { DkxError } from './dkx/error.js'
import { startHelper } from './dkx/helper.js'
import { Chat } from './chat.js'
import { newId } from './device.js'
import { Engine } from './engine.js'
import { Files } from './files.js'
import { Alarm, HubRefused, NotReady, Offline } from './errors.js'
import { Log } from './log.js'
import { openStore } from './store.js'
import { writeTime } from './when.js'

/**
 * Signed-in calls. `command` sends a body with an id of its own, and repeats it while repeating is safe; `token` gives
 * an access token, another one than before if asked; `adopt` takes the one that proving the device was answered with.
 * @typedef {{call: (method: string, path: string, body?: any, query?: Record<string, any>) => Promise<any>,
 *   command: (path: string, body: any) => Promise<any>, token: (renew?: boolean) => Promise<string>,
 *   adopt: (access: {access: string, access_expires: any}) => void, signOut: () => Promise<void>,
 *   upload: (path: string, body: Blob, onProgress: (share: number) => void, how?: any) => Promise<any>,
 *   stretch: (path: string, done: number, size: number, signal?: AbortSignal) => Promise<Response>}} Http
 */
/** How things stand in general. @typedef {{line: 'connecting' | 'up' | 'down' | 'ended', code?: string, since: number,
 *   device: 'unknown' | 'ready' | 'locked' | 'removed', settled: boolean, joining: {is: string, code?: string,
 *   digits?: string}, share?: number}} Standing how far a linking is, and a long computation */

const ANSWER_WITHIN = 60_000
const TYPING_FOR = 6000

export class Hub {
  /** @type {Map<string, {name: string, args: any[], resolve: (answer: any) => void, reject: (error: Error) => void}>} */
  #asked = new Map()
  /** @type {Set<(kind: string, told: any) => void>} */
  #listeners = new Set()
  /** @type {Engine | undefined} */
  engine
  /** @type {Standing} */
  standing = { line: 'connecting', since: Date.now(), device: 'unknown', settled: false, joining: { is: 'none' } }
  /** Who is about to write, by room: account → until. @type {Map<string, Map<string, number>>} */
  typing = new Map()
  /** Who is here: account → state and when it was told. @type {Map<string, {state: string, n: number}>} */
  presence = new Map()
  /** How much of a message's files is sent: client id → 0 to 1. @type {Map<string, number>} */
  progress = new Map()

  /** @param {{store: import('./store.js').Store, http: Http, user: string, origin: string, lang: string}} parts */
  constructor({ store, http, user, origin, lang }) {
    Object.assign(this, { store, http, user, origin, lang })
    this.log = new Log(store)
    this.files = new Files(store, http, user, () => this.do('upload').catch(() => {}))
    this.chat = new Chat(this.log, user, (room) => this.do('nudge', room).catch(() => {}))
    this.channel = new BroadcastChannel(`hub:${user}`)
    this.channel.onmessage = ({ data }) => this.#heard(data)
    store.watch((names) => this.#spread('changed', { names }))
    this.channel.postMessage({ is: 'hello' })
    this.leading = navigator.locks.request(`hub:${user}`, () => this.#lead())
  }

  /** Runs the engine for as long as this tab lives. @returns {Promise<void>} */
  async #lead() {
    const { store, log, http, user, origin, lang } = this
    const helper = startHelper()
    this.engine = new Engine({ store, log, http, user, origin, lang, helper, tell: (kind, told) => this.#tell(kind, told) })
    await this.engine.start()
    for (const [id, { name, args }] of this.#asked) this.#run(name, args).then((answer) => this.#answered(id, { answer }), (error) => this.#answered(id, { error: plain(error) }))
    await new Promise((resolve) => { this.resign = resolve })
    this.engine.stop()
    helper.stop()
  }

  /** Stops for good: signed out, or the page goes on with somebody else. */
  close() {
    this.resign?.(undefined)
    this.channel.close()
  }

  /** Hears everything from now on. @param {(kind: string, told: any) => void} listener */
  listen(listener) {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Asks the engine, in whichever tab it runs. @see Engine.run
   * @param {string} name
   * @param {...any} args
   * @returns {Promise<any>}
   */
  do(name, ...args) {
    if (this.engine) return this.#run(name, args)
    const id = hex(random(8))
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { name, args, resolve, reject })
      this.channel.postMessage({ is: 'ask', id, name, args })
      setTimeout(() => this.#answered(id, { error: plain(new Offline('the other tab does not answer')) }), ANSWER_WITHIN)
    })
  }

  /** @param {string} name @param {any[]} args */
  async #run(name, args) {
    return this.engine?.run(name, args)
  }

  /** @param {any} said what another tab says */
  #heard(said) {
    if (said.is === 'tell') this.#hear(said.kind, said.told)
    if (said.is === 'answer') this.#answered(said.id, said)
    if (said.is === 'ask' && this.engine) this.#reply(said)
    if (said.is === 'hello' && this.engine) this.channel.postMessage({ is: 'standing', standing: this.standing, presence: this.presence })
    if (said.is === 'standing' && !this.engine) {
      this.standing = said.standing
      this.presence = said.presence
      this.#spread('standing', {})
    }
  }

  /** @param {{id: string, name: string, args: any[]}} said */
  async #reply({ id, name, args }) {
    try {
      this.channel.postMessage({ is: 'answer', id, answer: await this.#run(name, args) })
    } catch (error) {
      this.channel.postMessage({ is: 'answer', id, error: plain(error) })
    }
  }

  /** @param {string} id @param {{answer?: any, error?: any}} said */
  #answered(id, { answer, error }) {
    const asked = this.#asked.get(id)
    if (!asked) return
    this.#asked.delete(id)
    if (error) asked.reject(revived(error))
    else asked.resolve(answer)
  }

  /** The engine of this tab tells something: to this tab and all others. @param {string} kind @param {any} told */
  #tell(kind, told) {
    this.channel.postMessage({ is: 'tell', kind, told })
    this.#hear(kind, told)
  }

  /** @param {string} kind @param {any} told */
  #hear(kind, told) {
    if (kind === 'line') this.standing = { ...this.standing, line: told.is, code: told.code, since: Date.now(), settled: told.is === 'up' && this.standing.settled }
    if (kind === 'device') this.standing = { ...this.standing, device: told.is }
    if (kind === 'joining') this.standing = { ...this.standing, joining: told }
    if (kind === 'working') this.standing = { ...this.standing, share: told.share < 1 ? told.share : undefined }
    if (kind === 'settled') this.standing = { ...this.standing, settled: true }
    if (kind === 'typing') this.#typing(told)
    if (kind === 'progress') this.progress.set(told.cid, told.share)
    if (kind === 'presence') this.#present(told)
    this.#spread(kind, told)
  }

  /** @param {{room: string, user: string, on: boolean}} told */
  #typing({ room, user, on }) {
    if (user === this.user) return
    const known = new Map(this.typing.get(room) ?? [])
    if (on) known.set(user, Date.now() + TYPING_FOR)
    else known.delete(user)
    this.typing.set(room, known)
    if (on) setTimeout(() => this.#spread('typing', { room, user }), TYPING_FOR + 50)
  }

  /** @param {{user: string, state: string, n?: number}} told `n` lets a stale hint be dropped */
  #present({ user, state, n = 0 }) {
    if (n && n < (this.presence.get(user)?.n ?? 0)) return
    this.presence = new Map(this.presence).set(user, { state, n })
  }

  /** @param {string} kind @param {any} told */
  #spread(kind, told) {
    for (const listener of this.#listeners) listener(kind, told)
  }

  /** Who is about to write in a room just now. @param {string} room */
  typers(room) {
    return [...(this.typing.get(room) ?? [])].filter(([, until]) => until > Date.now()).map(([user]) => user)
  }

  /** How far one has read: here, or on another device. @param {string} room */
  readUpTo(room) {
    const sheet = this.store.get(`sheet/${room}`)
    const receipt = sheet?.receipts?.find((/** @type {any} */ one) => one.user === this.user)
    return Math.max(this.store.get(`read/${room}`) ?? 0, receipt?.read ?? 0)
  }

  /** @param {string} room @param {number} seq */
  async markRead(room, seq) {
    if (seq <= this.readUpTo(room)) return
    this.store.put(`read/${room}`, seq)
    await this.store.flush()
    await this.do('read', room, seq)
  }

  /** Entries of others that were not read here. @param {string} room */
  unread(room) {
    const read = this.readUpTo(room)
    return (this.store.get(`tip/${room}`)?.others ?? []).filter((/** @type {number} */ seq) => seq > read).length
  }

  /** Rooms, the newest first. */
  rooms() {
    const rooms = this.store.under('sheet/').map(([, sheet]) => ({
      id: sheet.id, sheet, deal: this.store.get(`deal/${sheet.id}`), tip: this.store.get(`tip/${sheet.id}`), unread: this.unread(sheet.id),
    }))
    const at = (/** @type {any} */ { tip, deal }) => tip?.at ?? Date.parse(deal?.updated_at ?? 0)
    return rooms.sort((a, b) => at(b) - at(a))
  }

  /**
   * A rental command; the answer's view is kept at once. Repeated while repeating is safe.
   * @param {string} rental
   * @param {string} what the end of its path
   * @param {any} [body]
   */
  async act(rental, what, body = {}) {
    const answer = await this.http.command(`/v1/rentals/${rental}/${what}`, body)
    if (answer.rental) {
      await this.do('keepRental', answer.rental)
    }
    return answer
  }

  /**
   * Asks a neighbour for a thing: opens the room, with a first offer if there are dates, and says the words.
   * @param {{item: string, owner?: string, from?: string | Date, to?: string | Date, price?: number, q?: number,
   *   negotiated?: boolean, text?: string}} told
   */
  ask({ item, owner, from, to, price, q = 1, negotiated = false, text }) {
    const terms = from && to ? { start: stamp(from), end: stamp(to), q, price, negotiated } : undefined
    return this.do('openRoom', { item, owner, room: newId(), cmd: newId(), terms, text })
  }
}

/** @param {string | Date} moment */
const stamp = (moment) => writeTime(typeof moment === 'string' ? Date.parse(moment) : moment)

/** @type {Promise<Hub> | undefined} */
let started

/**
 * The account's hub in this tab; the same one however often it is asked for.
 * @param {{http: Http, user: string, origin?: string, lang?: string}} parts
 */
export function startHub({ http, user, origin = location.origin, lang = document.documentElement.lang }) {
  started ??= openStore(user).then((store) => new Hub({ store, http, user, origin, lang }))
  return started
}

/** An error as it travels between tabs. @param {any} error */
const plain = (error) => ({ name: error.name, message: error.message, code: error.code, kind: error.kind, data: error.data, retry: error.retry, after_ms: error.afterMs, account: error.account })

/** @param {any} error */
function revived(error) {
  switch (error.name) {
    case 'HubRefused': return new HubRefused(error)
    case 'Alarm': return new Alarm(error.code, error.account)
    case 'NotReady': return new NotReady(error.message)
    case 'Offline': return new Offline(error.message)
    case 'DkxError': return new DkxError(error.code, error.message)
    default: return new Error(error.message)
  }
}
