// Keys at rest in a browser: IndexedDB, every value wrapped by a WebCrypto key that no script can read out.
import { concat, fromB64u, fromUtf8, b64u, random, utf8 } from './bytes.js'

/** @import { Bytes } from './bytes.js' */
/**
 * What is written together. Reads see what was put before in the same writing.
 * @typedef {{get: (name: string) => Promise<any>, put: (name: string, value: unknown) => void,
 *   remove: (name: string) => void}} Writing
 */
/**
 * @typedef {{get: (name: string) => Promise<any>, names: (prefix?: string) => Promise<string[]>,
 *   all: (prefix?: string) => Promise<Map<string, any>>,
 *   write: <T>(work: (writing: Writing) => Promise<T> | T) => Promise<T>, close: () => void}} KeyStore
 */

const VALUES = 'values'
const KEYS = 'keys'
const WRAP = 'wrap'

/**
 * Opens the store of one account on this device, and makes its wrapping key the first time.
 *
 * Values are JSON with bytes, maps and undefined-free objects; `get` gives undefined for what is not there. `write`
 * runs alone among all tabs (a Web Lock), and what it puts becomes durable all at once or not at all: a chain state
 * that was read and written inside one `write` is never used twice.
 * @param {string} name
 * @returns {Promise<KeyStore>}
 */
export async function openKeyStore(name) {
  const database = await opened(`dkx:${name}`)
  const key = await alone(name, () => wrappingKey(database))
  const get = async (/** @type {string} */ at) => unwrap(key, at, await read(database, VALUES, at))
  return {
    get,
    names: async (prefix = '') => names(database, prefix),
    all: (prefix = '') => all(database, key, prefix),
    write: (work) => alone(name, () => written(database, key, get, work)),
    close: () => database.close(),
  }
}

/** Erases everything of an account on this device: what signing out must do. @param {string} name */
export const eraseKeyStore = (name) => alone(name, () => done(indexedDB.deleteDatabase(`dkx:${name}`)))

/**
 * Runs `work` while no other tab does.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
const alone = (name, work) => navigator.locks.request(`dkx:${name}`, work)

/** @param {string} name @returns {Promise<IDBDatabase>} */
async function opened(name) {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => [VALUES, KEYS].forEach((store) => request.result.createObjectStore(store))
  const database = await done(request)
  // Erasing must not wait for a forgotten tab.
  database.onversionchange = () => database.close()
  return database
}

/** Made once, not extractable: the structured clone in IndexedDB keeps it so. @param {IDBDatabase} database */
async function wrappingKey(database) {
  const known = await read(database, KEYS, WRAP)
  if (known) return known
  const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  await commit(database, KEYS, (store) => store.put(key, WRAP))
  return key
}

/**
 * @template T
 * @param {IDBDatabase} database
 * @param {CryptoKey} key
 * @param {(name: string) => Promise<any>} get
 * @param {(writing: Writing) => Promise<T> | T} work
 */
async function written(database, key, get, work) {
  /** @type {Map<string, any>} */
  const changes = new Map()
  const result = await work({
    get: (name) => (changes.has(name) ? changes.get(name) : get(name)),
    put: (name, value) => { changes.set(name, value) },
    remove: (name) => { changes.set(name, undefined) },
  })
  // Wrapped before the transaction begins: IndexedDB commits as soon as it has nothing to do.
  const wrapped = await Promise.all([...changes].map(async ([name, value]) => [name, await wrap(key, name, value)]))
  await commit(database, VALUES, (store) => wrapped.forEach(([name, value]) => change(store, name, value)))
  return result
}

/** @param {IDBObjectStore} store @param {any} name @param {any} value */
const change = (store, name, value) => (value === undefined ? store.delete(name) : store.put(value, name))

/**
 * The name is bound to the value: two values cannot be swapped on disk.
 * @param {CryptoKey} key
 * @param {string} name
 * @param {unknown} value
 */
async function wrap(key, name, value) {
  if (value === undefined) return undefined
  const iv = random(12)
  const sealed = await crypto.subtle.encrypt(bound(iv, name), key, utf8(toText(value)))
  return concat(iv, new Uint8Array(sealed))
}

/** @param {CryptoKey} key @param {string} name @param {Bytes | undefined} stored */
async function unwrap(key, name, stored) {
  if (!stored) return undefined
  const text = await crypto.subtle.decrypt(bound(stored.slice(0, 12), name), key, stored.slice(12))
  return fromText(fromUtf8(new Uint8Array(text)))
}

/** @param {Bytes} iv @param {string} name */
const bound = (iv, name) => ({ name: 'AES-GCM', iv, additionalData: utf8(name) })

/** @param {unknown} value */
const toText = (value) =>
  JSON.stringify(value, (_, item) => {
    if (item instanceof Uint8Array) return { $bytes: b64u(new Uint8Array(item)) }
    return item instanceof Map ? { $map: [...item] } : item
  })

/** @param {string} text */
const fromText = (text) =>
  JSON.parse(text, (_, item) => {
    if (item?.$bytes !== undefined) return fromB64u(item.$bytes)
    return item?.$map === undefined ? item : new Map(item.$map)
  })

/** @param {IDBDatabase} database @param {string} store @param {string} name */
const read = (database, store, name) => done(database.transaction(store).objectStore(store).get(name))

/** @param {IDBDatabase} database @param {string} prefix @returns {Promise<string[]>} */
async function names(database, prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
  const found = await done(database.transaction(VALUES).objectStore(VALUES).getAllKeys(range))
  return found.map(String)
}

/** Everything under a prefix, in two requests however much it is. @param {IDBDatabase} database @param {CryptoKey} key @param {string} prefix */
async function all(database, key, prefix) {
  const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
  const values = database.transaction(VALUES).objectStore(VALUES)
  const [found, stored] = await Promise.all([done(values.getAllKeys(range)), done(values.getAll(range))])
  const opened = await Promise.all(stored.map((value, n) => unwrap(key, String(found[n]), value)))
  return new Map(opened.map((value, n) => [String(found[n]), value]))
}

/** @param {IDBDatabase} database @param {string} store @param {(store: IDBObjectStore) => void} work */
function commit(database, store, work) {
  const transaction = database.transaction(store, 'readwrite', { durability: 'strict' })
  work(transaction.objectStore(store))
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(undefined)
    transaction.onabort = () => reject(transaction.error)
  })
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
