// The line to the hub: the loop that keeps making new sockets, and knows when to give up (realtime.md §3, §5).
import { HubRefused, Offline } from './errors.js'
import { openSocket } from './socket.js'

export const STABLE_AFTER = 10_000
/** Refusals that a fresh access token cures. */
export const TOKEN_CODES = new Set(['bad_token', 'token_expired'])
/** Refusals and farewells that time cures. Everything else ends the line: no reconnecting helps. */
const PASSING = new Set(['too_many_sockets', 'rate_limited', 'unavailable', 'internal', 'draining', 'slow_reader'])

/**
 * Milliseconds to wait before try number `attempt` (from 0): anywhere in 0 … min(ceiling, 2ⁿ s), so that a village
 * that lost its hub at one moment comes back spread (Brooker, "Exponential Backoff And Jitter", 2015).
 * @param {number} attempt
 * @param {number} [ceiling]
 */
export const fullJitter = (attempt, ceiling = 30_000) => Math.random() * Math.min(ceiling, 1000 * 2 ** Math.min(attempt, 10))

/**
 * Keeps a socket alive until `stop`. `introduce(renew)` makes the CONNECT payload, with a new token if asked;
 * `onState` hears `up`, `down` (with the time of the next try) and `ended` (with the refusal: sign in again).
 */
export class Line {
  #attempt = 0
  #stopped = true
  /** @type {import('./socket.js').Socket | undefined} */
  #socket
  /** @type {(() => void) | undefined} */
  #wake
  /** @type {Set<() => void>} */
  #hoping = new Set()
  up = false

  /**
   * @param {string} url
   * @param {{introduce: (renew: boolean) => Promise<Record<string, unknown>>, onHello: (hello: any) => void,
   *   onTold: import('./socket.js').OnTold, onState: (state: {is: 'up' | 'down' | 'ended', code?: string}) => void,
   *   open?: typeof openSocket}} parts
   */
  constructor(url, { introduce, onHello, onTold, onState, open = openSocket }) {
    Object.assign(this, { url, introduce, onHello, onTold, onState, open })
  }

  start() {
    if (!this.#stopped) return
    this.#stopped = false
    this.#run()
  }

  stop() {
    this.#stopped = true
    this.#socket?.close()
    this.#wake?.()
  }

  /** Try at once: the network has come back, or somebody looks at the page again. */
  hurry() {
    if (!this.up) this.#wake?.()
  }

  /** Drops the socket without a word, as a network does that goes away. */
  cut() {
    this.#socket?.close()
  }

  /** Resolves with the next live socket, at once if there is one. @returns {Promise<void>} */
  whenUp() {
    if (this.up) return Promise.resolve()
    return new Promise((resolve) => this.#hoping.add(resolve))
  }

  /** Asks over the live socket; Offline at once when there is none. @param {string} event @param {unknown} payload */
  async ask(event, payload) {
    if (!this.#socket || !this.up) throw new Offline('no connection')
    return this.#socket.ask(event, payload)
  }

  async #run() {
    let renew = false
    this.#attempt = 0
    while (!this.#stopped) {
      let pause = fullJitter(this.#attempt)
      try {
        this.#socket = await this.open(this.url, await this.introduce(renew), this.onTold)
        renew = false
        this.#attempt = (await this.#live(this.#socket)) ? 0 : this.#attempt + 1
      } catch (error) {
        if (this.#stopped) return
        if (error instanceof HubRefused && !mayPass(error, renew)) return this.#give(error)
        if (!(error instanceof HubRefused) && !(error instanceof Offline)) throw error
        this.#attempt += 1
        renew = error instanceof HubRefused && TOKEN_CODES.has(error.code)
        if (renew) pause = 0
        if (error instanceof HubRefused) pause = Math.max(pause, error.afterMs)
      }
      await this.#rest(pause)
    }
  }

  /** Serves one socket to its end; whether it lasted long enough to forget earlier failures. @param {any} socket */
  async #live(socket) {
    const began = Date.now()
    this.up = true
    this.onHello(socket.hello)
    this.onState({ is: 'up' })
    for (const go of this.#hoping) go()
    this.#hoping.clear()
    const code = await socket.closed
    this.up = false
    this.onState({ is: 'down' })
    if (code && !PASSING.has(code)) throw new HubRefused({ code, kind: 'unauthenticated' })
    return Date.now() - began >= STABLE_AFTER
  }

  /** @param {HubRefused} refusal */
  #give(refusal) {
    this.#stopped = true
    this.onState({ is: 'ended', code: refusal.code })
  }

  /** @param {number} pause */
  #rest(pause) {
    return new Promise((resolve) => {
      const timer = setTimeout(done, pause)
      function done() {
        clearTimeout(timer)
        resolve(undefined)
      }
      this.#wake = done
    })
  }
}

/** A token refused right after its renewal will not get better. @param {HubRefused} refusal @param {boolean} renewed */
function mayPass(refusal, renewed) {
  if (TOKEN_CODES.has(refusal.code)) return !renewed
  return refusal.retry || PASSING.has(refusal.code)
}
