// What a document has to say before anybody is asked to sign it, from what this device itself knows (e2ee.md §9).
import { hex } from './dkx/bytes.js'
import { canonical } from './dkx/jcs.js'
import { hash32 } from './dkx/primitive.js'
import { sealedHash } from './dkx/protocol.js'
import { sayable } from './dkx/unicode15.js'

const FREE = new Set(['kind', 'prev', 'valid_until'])
/** Facts that events bring forward; all else is as the hub's view has it. */
const FACTS = ['offer', 'policy', 'q', 'returned', 'title', 'tz']
export const LONGEST = 15 * 86_400_000

/**
 * The rental as the log of its room tells it, with the seals of the protocols of its return, and the revision that the
 * log has come to.
 * @param {any} view of the hub
 * @param {import('./log.js').Row[]} rows
 */
export function factsOf(view, rows) {
  const seals = new Set()
  const facts = { ...view, title: view.item.title }
  let rev = 0
  for (const { kind, reason, type, data } of rows) {
    if (kind !== 'event' || reason !== undefined || data?.rental !== view.id) continue
    rev = data.rev ?? rev
    for (const name of FACTS) if (name in data) facts[name] = data[name]
    if (type === 'protocol_sealed' && data.kind === 'return') seals.add(data.seal)
  }
  return { facts: { ...facts, seals: [...seals] }, rev }
}

/** @param {any} facts @param {string} hub @param {any[]} parties the renter first @param {string} kind */
export function expectedFields(facts, hub, parties, kind) {
  const { rev, terms } = facts.offer
  return {
    v: 1, hub, room: facts.room, rental: facts.id, offer_rev: rev, parties, item: sayable(facts.title), from: terms.start, to: terms.end,
    price_cents: terms.price, deposit_cents: terms.deposit, currency: terms.cur,
    terms_hash: hex(kind === 'return' ? returnSeal(facts) : termsHash(facts)),
  }
}

/** The fields in which the document says something else. @param {Record<string, any>} document @param {Record<string, any>} expected */
export function differing(document, expected) {
  const names = [...new Set([...Object.keys(document), ...Object.keys(expected)])].filter((name) => !FREE.has(name))
  return names.filter((name) => said(document[name]) !== said(expected[name])).sort()
}

/** @param {any} value */
const said = (value) => (value === undefined ? '' : new TextDecoder().decode(canonical(value)))

/** @param {any} facts */
function termsHash({ offer: { terms: { lines, negotiated, place, q } }, policy, tz }) {
  return hash32('terms', canonical({ lines, negotiated, place, q, cancellation: policy, tz }))
}

/** @param {any} facts */
function returnSeal({ id, returned, seals }) {
  return sealedHash({ kind: 'return', media: seals, rental: id, words: sayable(returned.words), at: returned.at, verified_at: returned.verified_at })
}
