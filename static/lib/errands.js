// What has to be done at the hub before a message goes out: its files are there, what it takes back is erased.
import { CTYPES } from './dkx/rest.js'
import { HubRefused } from './errors.js'

/** Everything here may be done again after a lost line or a crash. */
export class Errands {
  /** @param {import('./log.js').Log} log @param {import('./hub.js').Http} http @param {import('./uploads.js').Uploads} uploads */
  constructor(log, http, uploads) {
    this.log = log
    this.http = http
    this.uploads = uploads
  }

  /** False when the message must wait. @param {import('./outbox.js').Outgoing} out */
  async ready(out) {
    const { room, ctype, content } = out
    if (ctype === CTYPES.file) return this.uploads.ready(out)
    if (ctype === CTYPES.delete) await this.#erase(room, content.ref)
    return true
  }

  /** @param {string} room @param {string} name */
  async #erase(room, name) {
    await this.log.open(room)
    const row = this.log.named(room, name)
    if (!row || row.kind === 'gone') return
    try {
      await this.http.call('DELETE', `/v1/rooms/${room}/messages/${row.seq}`)
    } catch (error) {
      if (!(error instanceof HubRefused) || error.code !== 'message_not_found') throw error
    }
  }
}
