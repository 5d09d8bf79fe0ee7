// Protocols of condition: what one says of the thing when it changes hands, and whether the other has said so, too.
//
// Under protocols/ROOM lie those that the hub has, for reading offline; what was written meanwhile waits in pending.js.
import { hex } from './dkx/bytes.js'
import { sealedHash } from './dkx/protocol.js'
import { sayable } from './dkx/unicode15.js'

export const CONDITIONS = ['new', 'very_good', 'good', 'worn', 'damaged']
const SAID = ['rental', 'by', 'kind', 'made_at', 'q', 'condition', 'meter', 'note', 'lines']
/** While a rental is in one of these, such a protocol is written. @type {Record<string, Set<string>>} */
const WRITTEN = { hand_over: new Set(['confirmed', 'active']), return: new Set(['active', 'returned']) }

/** @param {any} deal */
export const kindsNow = (deal) => Object.keys(WRITTEN).filter((kind) => WRITTEN[kind].has(deal.state))

/** Who gives the thing away is shown the other's code, and so can enter it. @param {string} kind */
export const giverOf = (kind) => (kind === 'hand_over' ? 'owner' : 'renter')

/** @param {BufferSource} bytes SHA-256 in hex */
export const sha256 = async (bytes) => hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

/** What a protocol is known by: the seal over all that it says, and by whom; known before the hub is asked. @param {any} protocol */
export function hashOf(protocol) {
  const said = sayable(Object.fromEntries(SAID.map((name) => [name, protocol[name]])))
  const media = [...new Set(protocol.photos.map((/** @type {any} */ photo) => photo.sha256))]
  return hex(sealedHash({ v: 1, protocol: protocol.id, media, ...said }))
}

/** Whether it is what its hash says: nobody is asked to confirm anything else. @param {any} protocol */
export function saysItsHash(protocol) {
  try {
    return hashOf(protocol) === protocol.hash
  } catch {
    return false
  }
}

/** @param {import('./store.js').Store} store @param {string} room @returns {any[]} */
export const protocolsOf = (store, room) => store.get(`protocols/${room}`) ?? []

/** @param {import('./store.js').Store} store @param {string} room @param {any} protocol */
export function keepProtocol(store, room, protocol) {
  const others = protocolsOf(store, room).filter(({ id }) => id !== protocol.id)
  store.put(`protocols/${room}`, [...others, protocol].sort((a, b) => a.no - b.no))
}

/** Learns them anew. @param {any} hub @param {any} deal */
export async function learnProtocols(hub, deal) {
  const { protocols } = await hub.http.call('GET', `/v1/rentals/${deal.id}/protocols`)
  hub.store.put(`protocols/${deal.room}`, protocols)
  await hub.store.flush()
}

/**
 * What one needs where there is no network: the code to show, and what goes with the thing. Kept once it is known.
 * @param {any} hub
 * @param {any} deal
 */
export async function packForTheWay(hub, deal) {
  const kind = shownKind(deal)
  const code = `code/${deal.id}/${kind}`
  if (kind && !hub.store.get(code)) hub.store.put(code, await hub.http.call('GET', `/v1/rentals/${deal.id}/codes/${kind}`))
  const kit = `kit/${deal.id}`
  if (!hub.store.get(kit)) hub.store.put(kit, (await hub.http.call('GET', `/v1/items/${deal.item.id}`)).accessories ?? [])
  await hub.store.flush()
}

/** The code that one shows now, as the one who receives the thing. @param {any} deal @returns {'hand_over' | 'return' | undefined} */
export function shownKind({ state, role }) {
  if (state === 'confirmed' && role === 'renter') return 'hand_over'
  return state === 'active' && role === 'owner' ? 'return' : undefined
}
