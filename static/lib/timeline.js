// A room as its neighbour reads it: messages and rental events of the one log, then what is still on its way.
//
// It is made from the whole log each time, so the order in which things arrived, were opened or healed changes nothing.
import { CTYPES } from './dkx/rest.js'
import { Revisions } from './revisions.js'

/** @import { Row } from './log.js' */
/**
 * `author` is an account; for an event the one who acted. `content` is what a message says whole; `text` what is read
 * first: words, a file's name, a title. `edited` is the seq of the edit that holds, `replyTo` the line that is
 * answered (null: not on this device). `reason` tells why a message cannot be read or was not sent.
 * @typedef {{key: string, seq?: number, kind: 'text' | 'file' | 'reference' | 'location' | 'preview' | 'bot' | 'event' |
 *   'gone' | 'unreadable', author: string, at: number, mine: boolean, text: string, content?: any, type?: string,
 *   data?: any, edited?: number, replyTo?: {seq: number, author: string, text: string} | null, reactions:
 *   [string, string[]][], reason?: string, name?: string, device?: string, since?: number,
 *   state?: 'sending' | 'held' | 'failed' | 'stored', cid?: string, upload?: string}} Line
 */

/** @type {Map<number, any>} */
const KINDS = new Map([
  [CTYPES.text, 'text'], [CTYPES.file, 'file'], [CTYPES.reference, 'reference'], [CTYPES.location, 'location'],
  [CTYPES.preview, 'preview'], [CTYPES.bot, 'bot'],
])
/** They are no lines of their own. @type {Set<number | undefined>} */
const HIDDEN = new Set([CTYPES.edit, CTYPES.delete, CTYPES.reaction, CTYPES.dummy])

/**
 * What is shown, in order; entries that are not for people are left out.
 * @param {Row[]} rows
 * @param {[string, import('./outbox.js').Outgoing][]} outgoing
 * @param {string} own account
 * @returns {Line[]}
 */
export function lines(rows, outgoing, own) {
  const changes = new Revisions(rows)
  const shown = rows.filter(({ kind, ctype }) => kind !== 'duplicate' && !HIDDEN.has(ctype))
  const inLog = new Set(rows.map(({ cid }) => cid))
  const waiting = outgoing.filter(([, out]) => !inLog.has(out.cid) && (!HIDDEN.has(out.ctype) || out.failed))
  return [...shown.map((row) => lineOf(row, changes, own)), ...waiting.map(([name, out]) => pending(name, out, changes, rows, own))]
}

/** @param {Row} row @param {Revisions} changes @param {string} own @returns {Line} */
function lineOf(row, changes, own) {
  const { seq, account: author, at, name, device } = row
  const base = { key: row.cid ?? `s${seq}`, seq, author, at, mine: author === own, text: '', reactions: [], name, device }
  if (row.kind === 'event') return { ...base, key: `s${seq}`, kind: 'event', type: row.type, data: row.data, reason: row.reason }
  const deleted = changes.deleted(row)
  if (row.kind === 'gone' || deleted) return { ...base, kind: 'gone', reason: deleted ? 'deleted' : '' }
  if (row.reason !== undefined) return { ...base, kind: 'unreadable', reason: row.reason }
  return message(row, base, changes)
}

/** @param {Row} row @param {any} base @param {Revisions} changes @returns {Line} */
function message(row, base, changes) {
  const kind = KINDS.get(row.ctype ?? 0)
  if (!kind || !row.content) return { ...base, kind: 'unreadable', reason: 'odd_body' }
  const edit = changes.edit(row)
  return {
    ...base, kind, content: row.content, text: edit ? edit.content.t : textOf(row.content), edited: edit?.seq,
    replyTo: quoted(row, changes), reactions: changes.reactions(row),
  }
}

/** @param {Row} row @param {Revisions} changes */
function quoted(row, changes) {
  const found = changes.answered(row)
  if (!found) return found
  const gone = found.kind === 'gone' || changes.deleted(found)
  const text = gone ? '' : (changes.edit(found)?.content.t ?? textOf(found.content ?? {}))
  return { seq: found.seq, author: found.account, text }
}

/** What is read first of a message. @param {any} content @returns {string} */
export const textOf = (content) => content.t ?? content.name ?? content.title ?? content.e ?? content.kind ?? ''

/** @param {string} name @param {import('./outbox.js').Outgoing} out @param {Revisions} changes @param {Row[]} rows @param {string} own @returns {Line} */
function pending(name, out, changes, rows, own) {
  const replied = out.content.reply_to ? rows.find((row) => row.name === out.content.reply_to) : undefined
  const replyTo = out.content.reply_to ? (replied ? quoted({ ...replied, content: { reply_to: replied.name }, ctype: CTYPES.text }, changes) : null) : undefined
  return {
    key: out.cid, kind: KINDS.get(out.ctype) ?? 'text', author: own, at: out.written, mine: true, reactions: [],
    text: textOf(out.content), content: out.content, cid: out.cid, name, replyTo, upload: out.upload,
    state: stateOf(out), reason: out.failed ?? out.held,
  }
}

/** @param {import('./outbox.js').Outgoing} out */
function stateOf(out) {
  if (out.failed) return 'failed'
  if (out.acked !== undefined) return 'stored'
  return out.held ? 'held' : 'sending'
}
