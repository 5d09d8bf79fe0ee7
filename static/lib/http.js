// Signed-in calls of a page: each with a short token that the browser's cookie is good for, got once for all who wait.
import { HubRefused, Offline } from './errors.js'
import { newId } from './device.js'

/** A token is renewed when it has less than this left. */
const EARLY = 30_000
/** The same command with the same id may be sent again: so often, each time after a longer pause. */
const TRIES = 4
const PAUSE = 400

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

export class Http {
  #access = ''
  #until = 0
  /** @type {Promise<any> | undefined} */
  #asking
  /** Whose browser this is; known after the first token. */
  user = ''

  /**
   * An access token; another one than before if asked. Refused with `sign_in_required` where nobody is signed in.
   * @param {boolean} [renew]
   */
  async token(renew = false) {
    if (!renew && this.#until - Date.now() > EARLY) return this.#access
    this.#asking ??= this.#send('POST', '/v1/session/token').finally(() => { this.#asking = undefined })
    const lent = await this.#asking
    this.user = lent.user
    this.adopt(lent)
    return this.#access
  }

  /** Takes a token that was given otherwise: proving the device brings one. @param {{access: string, access_expires: number}} lent */
  adopt({ access, access_expires: until }) {
    this.#access = access
    this.#until = until
  }

  /** @param {string} method @param {string} path @param {any} [body] @param {Record<string, any>} [query] */
  async call(method, path, body, query) {
    const asked = query ? `${path}?${new URLSearchParams(query)}` : path
    const token = await this.token()
    try {
      return await this.#send(method, asked, body, token)
    } catch (error) {
      if (!(error instanceof HubRefused) || error.code !== 'token_expired') throw error
      return this.#send(method, asked, body, await this.token(true))
    }
  }

  /**
   * Sends a file as the body, and tells how far it is, 0 to 1. Refused and answered as `call`.
   * @param {string} path
   * @param {Blob} body
   * @param {(share: number) => void} onProgress
   * @param {{method?: string, signal?: AbortSignal}} [how]
   */
  async upload(path, body, onProgress, { method = 'POST', signal } = {}) {
    const token = await this.token()
    return new Promise((resolve, reject) => {
      const line = new XMLHttpRequest()
      signal?.addEventListener('abort', () => line.abort())
      line.open(method, path)
      line.responseType = 'json'
      line.setRequestHeader('Authorization', `Bearer ${token}`)
      line.setRequestHeader('Content-Type', body.type)
      line.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0)
      line.onload = () => (line.status < 300 ? resolve(line.response) : reject(new HubRefused(line.response ?? {})))
      line.onerror = () => reject(new Offline())
      line.onabort = () => reject(new Offline('given up'))
      line.send(body)
    })
  }

  /**
   * The answer with bytes from `done` on, as they come.
   * @param {string} path
   * @param {number} done
   * @param {number} size of the whole
   * @param {AbortSignal} [signal]
   */
  async stretch(path, done, size, signal) {
    const headers = { Authorization: `Bearer ${await this.token()}`, ...(done ? { Range: `bytes=${done}-${size - 1}` } : {}) }
    const response = await fetch(path, { headers, signal }).catch(() => { throw new Offline() })
    if (!response.ok) throw new HubRefused(await response.json().catch(() => ({})))
    return response
  }

  /** Ends the sign-in of this browser, also while the hub is away: then it ends by itself. */
  async signOut() {
    await fetch('/signin/out', { method: 'POST', body: new URLSearchParams() }).catch(() => {})
    this.#until = 0
  }

  /** Sends a command with an id of its own, and again while that may help: the hub does it once. @param {string} path @param {any} body */
  async command(path, body) {
    const whole = { cmd_id: newId(), ...body }
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.call('POST', path, whole)
      } catch (error) {
        const again = error instanceof Offline || (error instanceof HubRefused && error.retry)
        if (!again || tried === TRIES) throw error
        await pause(Math.max(PAUSE * 2 ** tried * (0.5 + Math.random() / 2), error instanceof HubRefused ? error.afterMs : 0))
      }
    }
  }

  /** @param {string} method @param {string} path @param {any} [body] @param {string} [token] */
  async #send(method, path, body, token) {
    /** @type {Record<string, string>} */
    const headers = token ? { Authorization: `Bearer ${token}` } : {}
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    let response
    try {
      response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    } catch {
      throw new Offline()
    }
    const told = await response.json().catch(() => ({}))
    if (!response.ok) throw new HubRefused(told)
    return told
  }
}
