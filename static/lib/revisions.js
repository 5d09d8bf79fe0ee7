// What later messages make of earlier ones: edits, deletions, reactions and answers (e2ee.md §5).
//
// A message is named by its envhash, which nobody can make up. Who may change it is decided by the account that wrote
// it, as the keys prove it; the hub has no say.
import { CTYPES } from './dkx/rest.js'

/** @import { Row } from './log.js' */

const WORDS = new Set([CTYPES.text, CTYPES.bot])

/** All changes of one room's log. They count wherever they stand in it: what they name may come after them. */
export class Revisions {
  /** @type {Map<string, Row>} */
  #named = new Map()
  /** @type {Map<string, Row[]>} */
  #edits = new Map()
  /** @type {Map<string, Row[]>} */
  #reactions = new Map()
  /** @type {Map<string, Set<string>>} */
  #deleting = new Map()

  /** @param {Iterable<Row>} rows */
  constructor(rows) {
    for (const row of rows) this.#take(row)
  }

  /** @param {Row} row */
  #take(row) {
    if (row.name && (row.kind === 'message' || row.kind === 'gone')) this.#named.set(row.name, row)
    if (row.kind !== 'message' || !row.content) return
    const { ref } = row.content
    if (row.ctype === CTYPES.edit) push(this.#edits, ref, row)
    if (row.ctype === CTYPES.reaction) push(this.#reactions, ref, row)
    if (row.ctype === CTYPES.delete) this.#deleting.set(ref, new Set([...(this.#deleting.get(ref) ?? []), row.account]))
  }

  /** Whether its own author took it back, from any of their devices. @param {Row} row */
  deleted(row) {
    return row.name !== undefined && this.#deleting.get(row.name)?.has(row.account) === true
  }

  /** The author's last edit in the log; only words can be edited. @param {Row} row */
  edit(row) {
    if (!row.name || !WORDS.has(row.ctype ?? 0)) return undefined
    return this.#edits.get(row.name)?.findLast(({ account }) => account === row.account)
  }

  /** Each emoji with the accounts that gave it and have not taken it back, first come first. @param {Row} row @returns {[string, string[]][]} */
  reactions(row) {
    /** @type {Map<string, Set<string>>} */
    const found = new Map()
    for (const given of this.#reactions.get(row.name ?? '') ?? []) {
      if (this.deleted(given)) continue
      found.set(given.content.e, (found.get(given.content.e) ?? new Set()).add(given.account))
    }
    return [...found].map(([emoji, accounts]) => [emoji, [...accounts]])
  }

  /** The reactions by which somebody gave this emoji to a message and still does. @param {Row} row @param {string} account @param {string} emoji */
  given(row, account, emoji) {
    const known = this.#reactions.get(row.name ?? '') ?? []
    return known.filter((one) => one.account === account && one.content.e === emoji && !this.deleted(one))
  }

  /** The message that is answered; null if it is not on this device. @param {Row} row */
  answered(row) {
    const name = row.content?.reply_to
    if (!WORDS.has(row.ctype ?? 0) || !name) return undefined
    return this.#named.get(name) ?? null
  }
}

/** @param {Map<string, Row[]>} rows @param {string} name @param {Row} row */
const push = (rows, name, row) => rows.set(name, [...(rows.get(name) ?? []), row])
