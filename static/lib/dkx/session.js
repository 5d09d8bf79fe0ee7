// Whether this device was shut down properly: after a crash its chains are replaced, for a state may have been lost.

const OPEN = 'session/open'

/** @import { KeyStore } from './keystore.js' */

/**
 * Marks the store as in use. `clean` is false when the last use never ended; `end` marks the end.
 * @param {KeyStore} store
 */
export async function startSession(store) {
  const clean = await store.write(async (writing) => {
    const open = await writing.get(OPEN)
    writing.put(OPEN, true)
    return open === undefined
  })
  return { clean, end: () => store.write((writing) => writing.remove(OPEN)) }
}
