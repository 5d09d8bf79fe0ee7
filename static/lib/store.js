// What this device keeps of one account: everything wrapped on disk, the newest state in memory, all tabs alike.
//
// `put` changes memory at once; `flush` makes all that was put since durable together, or nothing of it. One tab, the
// one that runs the engine (hub.js), writes what belongs to keys and logs; other tabs write only what is theirs alone
// (a message to send, a draft) and hear of every change.
import { openKeyStore } from './dkx/keystore.js'

/** What is too large to be read at start: logs, and photos that wait. */
const LAZY = ['log/', 'proof/', 'shot/']

/** @param {string} name */
const isLazy = (name) => LAZY.some((prefix) => name.startsWith(prefix))

/** @param {string} account */
export async function openStore(account) {
  const keys = await openKeyStore(account)
  const store = new Store(account, keys)
  await store.load()
  return store
}

export class Store {
  /** @type {Map<string, any>} */
  #known = new Map()
  /** @type {Set<string>} */
  #closed = false
  #dirty = new Set()
  /** @type {Map<string, Promise<void>>} */
  #loading = new Map()
  /** @type {Set<(names: Set<string>) => void>} */
  #watchers = new Set()
  /** @type {Set<string>} */
  #news = new Set()
  #flushing = Promise.resolve()

  /** @param {string} account @param {import('./dkx/keystore.js').KeyStore} keys */
  constructor(account, keys) {
    this.account = account
    this.keys = keys
    this.channel = new BroadcastChannel(`store:${account}`)
    this.channel.onmessage = ({ data }) => this.#reread(data)
  }

  async load() {
    const names = (await this.keys.names()).filter((name) => !isLazy(name))
    const prefixes = new Set(names.map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : name)))
    const parts = await Promise.all([...prefixes].map((prefix) => this.keys.all(prefix)))
    for (const part of parts) for (const [name, value] of part) if (!isLazy(name)) this.#known.set(name, value)
  }

  /** Brings what lies under a lazy prefix into memory, once. @param {string} prefix @returns {Promise<void>} */
  open(prefix) {
    const known = this.#loading.get(prefix)
    if (known) return known
    const loading = this.keys.all(prefix).then((part) => {
      for (const [name, value] of part) if (!this.#dirty.has(name)) this.#known.set(name, value)
      this.#tell([...part.keys()])
    })
    this.#loading.set(prefix, loading)
    return loading
  }

  /** @param {string} prefix */
  isOpen(prefix) {
    return this.#loading.has(prefix)
  }

  /** @param {string} name @returns {any} */
  get(name) {
    return this.#known.get(name)
  }

  /** Names and values under a prefix, by name. @param {string} prefix @returns {[string, any][]} */
  under(prefix) {
    return [...this.#known].filter(([name]) => name.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** @param {string} name @param {unknown} value undefined removes it */
  put(name, value) {
    if (value === undefined) this.#known.delete(name)
    else this.#known.set(name, value)
    this.#dirty.add(name)
    this.#tell([name])
  }

  /** @param {string} name */
  remove(name) {
    this.put(name, undefined)
  }

  /** Makes what was put durable, all at once. One flush after another, so that an older state never wins. */
  flush() {
    const next = this.#flushing.then(() => this.#write(), () => this.#write())
    this.#flushing = next
    return next
  }

  async #write() {
    const names = [...this.#dirty]
    if (this.#closed || names.length === 0) return
    this.#dirty.clear()
    try {
      await this.keys.write((writing) => {
        for (const name of names) {
          const value = this.#known.get(name)
          if (value === undefined) writing.remove(name)
          else writing.put(name, value)
        }
      })
    } catch (error) {
      names.forEach((name) => this.#dirty.add(name))
      throw error
    }
    this.channel.postMessage(names)
  }

  /** Hears of the names that changed, a few milliseconds' worth at a time. @param {(names: Set<string>) => void} watcher */
  watch(watcher) {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /** For good: what is put afterwards, by work that was under way, is kept nowhere. */
  close() {
    this.#closed = true
    this.channel.close()
    this.keys.close()
  }

  /** Another tab wrote. @param {string[]} names */
  async #reread(names) {
    const wanted = names.filter((name) => !isLazy(name) || [...this.#loading.keys()].some((prefix) => name.startsWith(prefix)))
    const values = await Promise.all(wanted.map((name) => this.keys.get(name)))
    wanted.forEach((name, n) => {
      if (this.#dirty.has(name)) return
      if (values[n] === undefined) this.#known.delete(name)
      else this.#known.set(name, values[n])
    })
    this.#tell(wanted)
  }

  /** @param {string[]} names */
  #tell(names) {
    if (this.#news.size === 0) queueMicrotask(() => this.#spread())
    names.forEach((name) => this.#news.add(name))
  }

  #spread() {
    const news = this.#news
    this.#news = new Set()
    for (const watcher of this.#watchers) watcher(news)
  }
}
