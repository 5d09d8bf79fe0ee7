// Disclosing messages to the moderators, or as evidence in a case: these and no others (e2ee.md §8).
import { NotReady } from './errors.js'

/**
 * Up to six messages by their seq, also such as their author has erased. HubRefused('report_unverifiable') if the hub
 * did not pass them on like this; NotReady for what was not read here.
 * @param {import('./hub.js').Hub & {http: any}} hub
 * @param {string} room
 * @param {number[]} seqs
 * @param {{reason: string, words?: string, case?: number}} told
 */
export async function reportMessages(hub, room, seqs, { reason, words = '', case: no }) {
  const messages = []
  for (const seq of seqs) messages.push(await disclosed(hub, room, seq))
  return hub.http.command(`/v1/rooms/${room}/reports`, { reason, words: words.trim(), messages, ...(no ? { case: no } : {}) })
}

/** @param {import('./hub.js').Hub} hub @param {string} room @param {number} seq */
async function disclosed({ log }, room, seq) {
  await log.open(room)
  const row = log.get(room, seq)
  const proof = await log.proof(room, seq)
  if (!row || !proof) throw new NotReady('this message was not read on this device')
  const { header, ...mark } = proof
  return { room, seq, hdr104: header, acct: row.account, ...mark }
}
