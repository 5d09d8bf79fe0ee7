// A rental as one of its parties reads it: an old view and the events of its room make a fresh one.
//
// What an event carries under a name takes the place of what stands there; of numbered lists it carries the changed
// elements. What one may do next (`allowed_actions`) only the hub says, with the next view: until then none is sure.

const NUMBERED = new Set(['cases', 'ledger'])
/** What events carry beside the rental's own fields. */
const OTHER = new Set(['rental', 'item', 'rev', 'title', 'state'])

/**
 * `allowed_actions` of the result are null: the hub has not said yet.
 * @param {any} rental
 * @param {{data: any, at: number | string}} event
 */
export function applyEvent(rental, { data, at }) {
  if (data?.rental !== rental.id || !(data.rev > rental.rev)) return rental
  const fresh = { ...rental, rev: data.rev, state: data.state, allowed_actions: null, updated_at: stamp(at) }
  if (data.title !== undefined) fresh.item = { ...rental.item, title: data.title }
  for (const [name, value] of Object.entries(data)) {
    if (OTHER.has(name) || !(name in rental)) continue
    fresh[name] = NUMBERED.has(name) ? merged(rental[name], value) : value
  }
  return fresh
}

/** @param {any} rental @param {Iterable<any>} events */
export const applyEvents = (rental, events) => [...events].reduce(applyEvent, rental)

/** The newer of two views of one rental; the one that knows what is allowed, if they are the same. @param {any} a @param {any} b */
export function newer(a, b) {
  if (!a || !b) return a ?? b
  if (a.rev !== b.rev) return a.rev > b.rev ? a : b
  return b.allowed_actions ? b : a
}

/** @param {any[]} known @param {any[]} changed */
function merged(known, changed) {
  const by = new Map([...known, ...changed].map((element) => [element.no, element]))
  return [...by.values()].sort((a, b) => a.no - b.no)
}

/** @param {number | string} at */
const stamp = (at) => (typeof at === 'string' ? at : `${new Date(at).toISOString().slice(0, 19)}Z`)
