// Saying things in a room: every kind of message, each on disk when the promise resolves (e2ee.md §5). Any tab may.
import { CTYPES } from './dkx/rest.js'
import { write } from './outbox.js'
import { Revisions } from './revisions.js'

/** What cannot be done to a message: it is not one's own, not of this kind, or not on this device. */
export class NotPossible extends Error {}

export class Chat {
  /**
   * @param {import('./log.js').Log} log
   * @param {string} own account
   * @param {(room: string) => void} nudge somebody who sends
   */
  constructor(log, own, nudge) {
    this.log = log
    this.store = log.store
    this.own = own
    this.nudge = nudge
  }

  /** Sends any content as it is. @param {string} room @param {number} ctype @param {any} content @returns {Promise<string>} its client id */
  async say(room, ctype, content) {
    const { cid } = write(this.store, { room, ctype, content })
    await this.store.flush()
    this.nudge(room)
    return cid
  }

  /** Words, perhaps in answer to the message at a seq. @param {string} room @param {string} text @param {number} [replyTo] */
  text(room, text, replyTo) {
    const reply = replyTo === undefined ? {} : { reply_to: this.#message(room, replyTo).name }
    return this.say(room, CTYPES.text, { t: text, ...reply })
  }

  /** Other words in place of one's own message. @param {string} room @param {number} seq @param {string} text */
  edit(room, seq, text) {
    const row = this.#mine(room, seq)
    if (row.ctype !== CTYPES.text) throw new NotPossible('only words can be edited')
    return this.say(room, CTYPES.edit, { ref: row.name, t: text })
  }

  /** Takes one's own message back: the hub erases it with its files, then the others are told. @param {string} room @param {number} seq */
  remove(room, seq) {
    return this.say(room, CTYPES.delete, { ref: this.#mine(room, seq).name })
  }

  /** Gives an emoji, or takes it back if one has given it. @param {string} room @param {number} seq @param {string} emoji */
  async react(room, seq, emoji) {
    const row = this.#message(room, seq)
    const given = new Revisions(this.log.rows(room)).given(row, this.own, emoji)
    if (given.length === 0) return this.say(room, CTYPES.reaction, { ref: row.name, e: emoji })
    for (const { name } of given) await this.say(room, CTYPES.delete, { ref: name })
    return undefined
  }

  /** @param {string} room @param {number} seq */
  #message(room, seq) {
    const row = this.log.get(room, seq)
    if (row?.kind !== 'message' || !row.name || !row.content) throw new NotPossible('no message that can be read is there')
    return row
  }

  /** @param {string} room @param {number} seq */
  #mine(room, seq) {
    const row = this.#message(room, seq)
    if (row.account !== this.own) throw new NotPossible('not a message of one’s own')
    return row
  }
}
