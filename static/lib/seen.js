// Which sealed files that were looked at stay on this device, to be seen offline: the newest, up to a bound.
import { dropSealed, keepSealed } from './sealed.js'

const MOST = 200 * 1024 * 1024
/** Larger files are for keeping elsewhere. */
const LARGEST = 8 * 1024 * 1024

/**
 * It was just looked at; `sealed` where it was not here before. Forgets the oldest beyond the bound.
 * @param {import('./store.js').Store} store
 * @param {string} account
 * @param {string} id
 * @param {Blob} [sealed]
 */
export async function remember(store, account, id, sealed) {
  const size = sealed?.size ?? store.get(`seen/${id}`)?.size
  if (size === undefined || size > LARGEST) return
  if (sealed) await keepSealed(account, id, sealed)
  store.put(`seen/${id}`, { at: Date.now(), size })
  const known = store.under('seen/').sort(([, a], [, b]) => b.at - a.at)
  let sum = 0
  for (const [name, one] of known) {
    sum += one.size
    if (sum <= MOST) continue
    store.remove(name)
    await dropSealed(account, name.slice('seen/'.length))
  }
  await store.flush()
}
