// What was done in a rental while the hub was away: on disk, and done there as soon as it is back, in order, each once.
import { newId } from './device.js'
import { HubRefused, Offline } from './errors.js'
import { fullJitter } from './line.js'
import { judge } from './outbox.js'
import { keepProtocol } from './protocols.js'
import { Worklist } from './worklist.js'

/**
 * `title` names it for people: a key of their words. `shots` are photos, as keys under shot/ROOM/, that go first; each
 * gets its `media` once the hub has it. `hash` is what a protocol will be known by. `failed` is the code of a refusal for good.
 * @typedef {{title: string, method: string, path: string, body: any, at: number, hash?: string, shots?: {key: string, media?: string}[],
 *   failed?: string}} Deed
 */

/** @param {string} room */
export const deedsOf = (room) => `act/${room}/`
/** @param {string} room @param {string} key */
export const shotName = (room, key) => `shot/${room}/${key}`

let counter = 0

/**
 * Keeps what is to be done; durable when it resolves. Any tab may.
 * @param {import('./store.js').Store} store
 * @param {string} room
 * @param {Omit<Deed, 'at'>} deed
 */
export async function doLater(store, room, deed) {
  const at = Date.now()
  counter += 1
  const name = `${deedsOf(room)}${String(at).padStart(15, '0')}-${String(counter).padStart(4, '0')}`
  store.put(name, { ...deed, at })
  await store.flush()
  return name
}

/**
 * Does it now, or keeps it for later where the hub is away: then the answer is undefined.
 * @param {import('./hub.js').Hub & {store: import('./store.js').Store}} hub
 * @param {any} deal
 * @param {string} what the end of its path
 * @param {any} body
 * @param {string} title
 */
export async function actOrLater(hub, deal, what, body, title) {
  const whole = { cmd_id: newId(), ...body }
  try {
    if (!navigator.onLine) throw new Offline()
    return await hub.act(deal.id, what, whole)
  } catch (error) {
    if (!(error instanceof Offline)) throw error
    await doLater(hub.store, deal.room, { title, method: 'POST', path: `/v1/rentals/${deal.id}/${what}`, body: whole })
    return undefined
  }
}

/** Forgets what was refused, or not begun, with its photos. @param {import('./store.js').Store} store @param {string} name */
export async function forget(store, name) {
  const room = name.split('/')[1]
  for (const { key } of store.get(name)?.shots ?? []) store.remove(shotName(room, key))
  store.remove(name)
  await store.flush()
}

export class Pending {
  /** @type {Worklist<string>} */
  #work

  /** @type {Promise<void> | undefined} */
  #running
  /** @type {(() => void) | undefined} */
  #wake

  /**
   * @param {import('./store.js').Store} store
   * @param {any} http
   * @param {(kind: string, told: any) => void} tell
   * @param {(rental: any) => void} keepRental
   */
  constructor(store, http, tell, keepRental) {
    this.store = store
    this.http = http
    this.tell = tell
    this.keepRental = keepRental
    this.#work = new Worklist(() => this.#next(), (name, attempt) => this.#try(name, attempt))
    store.watch((names) => {
      if ([...names].some((name) => name.startsWith('act/')) && this.#next()) this.start()
    })
  }

  start() {
    this.#work.start()
  }

  stop() {
    this.#work.stop()
  }

  #next() {
    return this.store.under('act/').find(([, { failed }]) => !failed)?.[0]
  }

  /** One attempt; undefined when it is over, else the milliseconds until the next. @param {string} name @param {number} attempt */
  async #try(name, attempt) {
    try {
      await this.#sendShots(name)
      const { method, path, body, shots = [] } = this.store.get(name)
      const photos = shots.length ? { photos: [...(body.photos ?? []), ...shots.map((/** @type {any} */ { media }) => media)] } : {}
      const answer = await this.http.call(method, path, { ...body, ...photos })
      await this.#done(name, answer)
      return undefined
    } catch (error) {
      if (!this.store.get(name)) return undefined
      if (error instanceof Offline) return fullJitter(attempt)
      if (!(error instanceof HubRefused)) throw error
      if (judge(error) === 'retry') return Math.max(fullJitter(attempt), error.afterMs)
      this.store.put(name, { ...this.store.get(name), failed: error.code })
      await this.store.flush()
      return undefined
    }
  }

  /** @param {string} name */
  async #sendShots(name) {
    const room = name.split('/')[1]
    for (const { key, media } of this.store.get(name).shots ?? []) {
      if (media) continue
      await this.store.open(shotName(room, key))
      const { bytes, type } = this.store.get(shotName(room, key))
      const photo = await this.http.upload('/v1/media', new Blob([bytes], { type }), () => {})
      const deed = this.store.get(name)
      this.store.put(name, { ...deed, shots: deed.shots.map((/** @type {any} */ one) => (one.key === key ? { key, media: photo.id } : one)) })
      await this.store.flush()
    }
  }

  /** @param {string} name @param {any} answer */
  async #done(name, answer) {
    const room = name.split('/')[1]
    if (answer.rental?.allowed_actions) this.keepRental(answer.rental)
    if (answer.hash && answer.kind) keepProtocol(this.store, room, answer)
    await forget(this.store, name)
  }
}
