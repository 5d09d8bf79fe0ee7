// Files in a room: sealed before they leave, opened only when all of them is here and as described (e2ee.md §6).
//
// Any tab seals and opens; what is to be sent lies sealed on disk, and the tab that runs the engine sends it (uploads.js).
import { hex, random } from './dkx/bytes.js'
import { DkxError } from './dkx/error.js'
import { FILE_MOST, storedSize } from './dkx/file.js'
import { startHelper } from './dkx/helper.js'
import { CTYPES } from './dkx/rest.js'
import { newId } from './device.js'
import { HubRefused, Offline } from './errors.js'
import { write } from './outbox.js'
import { dropSealed, keepSealed, readSealed } from './sealed.js'
import { remember } from './seen.js'

/** @import { Descriptor } from './dkx/file.js' */
/**
 * A file as it is sent: for a picture its sides in pixels, and a small one to show before it is fetched.
 * @typedef {{blob: Blob, name: string, w?: number, h?: number, thumb?: Blob}} Sending
 */

const ANY = 'application/octet-stream'
const NAME_BYTES = 255
/** How often a line that breaks is taken up again. */
const TRIES = 5
const PAUSE = 800

/** @param {number} ms */
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms) })

export class Files {
  /** @param {import('./store.js').Store} store @param {any} http @param {string} user @param {(room: string) => void} wake whoever sends */
  constructor(store, http, user, wake) {
    this.store = store
    this.http = http
    this.user = user
    this.wake = wake
  }

  /**
   * Seals a file; it is on disk to be sent when this resolves, with its message. DkxError('file_large' | 'cancelled').
   * Nothing is left of what was cancelled.
   * @param {string} room
   * @param {Sending} sending
   * @param {(share: number) => void} onProgress
   * @param {AbortSignal} [signal]
   * @returns {Promise<string>} the message's client id
   */
  async send(room, { blob, name, w = 0, h = 0, thumb }, onProgress, signal) {
    if (blob.size > FILE_MOST) throw new DkxError('file_large', 'larger than 25 MiB')
    /** @type {Descriptor[]} */
    const sealed = []
    // A worker of its own: stopping it gives the sealing up, and nothing else.
    const sealer = startHelper()
    signal?.addEventListener('abort', () => sealer.stop())
    try {
      const whole = await this.#seal(sealer, blob, onProgress, sealed)
      const small = thumb ? { thumb: await this.#seal(sealer, thumb, () => {}, sealed) } : {}
      if (signal?.aborted) throw new DkxError('cancelled', 'given up')
      const content = { ...whole, mime: kindOf(blob.type), name: shorter(name), w, h, ...small }
      const { cid } = write(this.store, { room, ctype: CTYPES.file, content, upload: 'waiting', cid: hex(random(16)) })
      for (const { id, size } of sealed) this.store.put(`upload/${id}`, { room, cid, size: storedSize(size) })
      await this.store.flush()
      this.wake(room)
      return cid
    } catch (error) {
      for (const { id } of sealed) await dropSealed(this.user, id)
      throw signal?.aborted ? new DkxError('cancelled', 'given up') : error
    } finally {
      sealer.stop()
    }
  }

  /** @param {ReturnType<typeof startHelper>} sealer @param {Blob} blob @param {(share: number) => void} onProgress @param {Descriptor[]} done */
  async #seal(sealer, blob, onProgress, done) {
    const { sealed, told } = await sealer.run('sealAttachment', { file: blob, id: newId() }, onProgress)
    await keepSealed(this.user, told.id, sealed)
    done.push(told)
    return told
  }

  /** Starts the worker that opens files: without a network a browser may not have its scripts at hand. */
  warm() {
    this.opener ??= startHelper()
    return this.opener
  }

  /**
   * The file of a message, whole and as its sender described it, or not at all; from this device if it was here before.
   * After a broken line it goes on where that broke. DkxError('file_invalid' | 'cancelled'); HubRefused; Offline.
   * @param {Descriptor & {mime?: string}} told
   * @param {(share: number) => void} [onProgress]
   * @param {AbortSignal} [signal]
   * @returns {Promise<Blob>}
   */
  async fetch(told, onProgress = () => {}, signal) {
    const { id, key, b2, size } = told
    const kept = await readSealed(this.user, id)
    const sealed = kept ?? (await this.#download(id, storedSize(size), onProgress, signal))
    const opened = await this.warm().run('openAttachment', { sealed, told: { id, key, b2, size } }).catch(async (error) => {
      if (kept) await dropSealed(this.user, id)
      throw error
    })
    await remember(this.store, this.user, id, kept ? undefined : sealed)
    return new Blob([opened], { type: told.mime ?? ANY })
  }

  /** @param {string} id @param {number} size @param {(share: number) => void} onProgress @param {AbortSignal} [signal] */
  async #download(id, size, onProgress, signal) {
    /** @type {Blob[]} */
    const parts = []
    let done = 0
    for (let tried = 1; done < size; tried += 1) {
      try {
        const response = await this.http.stretch(`/v1/files/${id}`, done, size, signal)
        for await (const part of /** @type {any} */ (response.body)) {
          parts.push(new Blob([part]))
          onProgress((done += part.length) / size)
        }
        if (done < size) throw new Offline('the hub stopped before the end')
      } catch (error) {
        if (signal?.aborted) throw new DkxError('cancelled', 'given up')
        if (error instanceof HubRefused && !error.retry) throw error
        if (tried === TRIES) throw error instanceof HubRefused ? error : new Offline()
        await pause(PAUSE * tried)
      }
    }
    return new Blob(parts)
  }
}

/** @param {string} type */
const kindOf = (type) => (/^[a-z0-9][a-z0-9.+-]{0,62}\/[a-z0-9][a-z0-9.+-]{0,62}$/.test(type) ? type : ANY)

/** A name that may be one: no path, nothing that moves a cursor, not too long; its ending stays. @param {string} name */
function shorter(name) {
  const clean = name.replace(/[/\\\u0000-\u001f\u007f]/g, '_') || 'datei'
  const ending = clean.match(/\.[^.]{1,10}$/)?.[0] ?? ''
  let stem = clean.slice(0, clean.length - ending.length)
  while (new TextEncoder().encode(stem + ending).length > NAME_BYTES) stem = [...stem].slice(0, -1).join('')
  return stem + ending
}
