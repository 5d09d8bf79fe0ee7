// The keys of every chain, kept on the hub under the backup key: a new or restored device reads with them (e2ee.md §7).
//
// Sealed here before they leave. Several devices of one account add to the same backup; what the hub keeps is compared
// with its manifest each time, so that a hub which drops or mixes entries is noticed.
import { b64u, fromB64u, zeros } from './dkx/bytes.js'
import { authorOf } from './dkx/accept.js'
import { openEntry, sealEntry } from './dkx/backup_entry.js'
import { DkxError } from './dkx/error.js'
import { judgeRestore, openManifest, sealManifest, sumEntries } from './dkx/manifest.js'
import { mergeRecord, recordName } from './dkx/record.js'
import { Alarm, HubRefused, NotReady } from './errors.js'

/** @import { Bytes } from './dkx/bytes.js' */
/** @import { ChainRecord } from './dkx/record.js' */
/**
 * How far this device has followed what the hub keeps: `count` entries to `last`, `xor` of their hashes.
 * @typedef {{generation: number, last: number, count: number, xor: Bytes, manifest: number}} Seen
 */

const BATCH = 100
const TRIES = 6
const NOTHING = { generation: 0, last: 0, count: 0, xor: zeros(32), manifest: 0 }

export class Backup {
  #busy = Promise.resolve()
  #full = false

  /** @param {import('./keyring.js').Keyring} keyring */
  constructor(keyring) {
    this.keyring = keyring
    this.store = keyring.store
    this.rosters = keyring.rosters
    this.trust = keyring.trust
    this.http = keyring.rosters.http
  }

  /** Learns every chain the backup holds; answers how many entries are missing that its manifest names. @returns {Promise<number>} */
  fetch() {
    return this.#alone(() => this.#follow())
  }

  /** Adds what it lacks. Devices that add at the same time take turns. */
  upload() {
    return this.#alone(() => this.#upload())
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  #alone(work) {
    const done = this.#busy.then(work)
    this.#busy = done.then(() => undefined, () => undefined)
    return done
  }

  async #upload() {
    for (let tries = 0; tries < TRIES && this.#unbacked(1).length > 0;) {
      if (await this.#follow()) return
      tries = (await this.#add(this.#unbacked(BATCH))) ? 0 : tries + 1
    }
  }

  /** Records that the backup does not hold yet, or not from their start. @param {number} most @returns {ChainRecord[]} */
  #unbacked(most) {
    const found = []
    for (const [name, records] of this.store.under('records/')) {
      const backed = this.#backed(name.slice('records/'.length))
      for (const [chain, record] of records) {
        if ((backed.get(chain) ?? Infinity) > record.start) found.push(record)
        if (found.length === most) return found
      }
    }
    return found
  }

  /** From which index of each chain the backup holds the key. @param {string} room @returns {Map<string, number>} */
  #backed(room) {
    return this.store.get(`backed/${room}`) ?? new Map()
  }

  /** @param {ChainRecord[]} chains */
  #mark(chains) {
    for (const chain of chains) {
      const backed = this.#backed(chain.room)
      const start = Math.min(chain.start, backed.get(recordName(chain)) ?? Infinity)
      this.store.put(`backed/${chain.room}`, new Map([...backed, [recordName(chain), start]]))
    }
  }

  /** False where another device was faster. @param {ChainRecord[]} records */
  async #add(records) {
    const { account, bk } = this.trust.own
    if (records.length === 0) return true
    const entries = records.map((record) => sealEntry(account, record, bk))
    const then = { ...this.#seen, ...sumEntries(entries, this.#seen), manifest: this.#seen.manifest + 1 }
    const manifest = sealManifest({ account, version: then.manifest, created: Date.now(), count: then.count, xor: then.xor }, bk)
    try {
      const { last } = await this.http.call('POST', '/v1/backup/entries', { entries: entries.map(b64u), manifest: b64u(manifest) })
      this.#mark(records)
      this.store.put('backup', { ...then, last })
      await this.store.flush()
      return true
    } catch (error) {
      if (!(error instanceof HubRefused)) throw error
      if (error.code === 'quota_exceeded' && !this.#full) {
        this.#full = true
        this.trust.warn('backup_full')
      }
      if (error.code !== 'manifest_stale') throw error
      return false
    }
  }

  /** Entries in the order they came, each page on disk before the next is asked for. @returns {Promise<number>} */
  async #follow() {
    for (;;) {
      const seen = this.#seen
      const page = await this.http.call('GET', '/v1/backup/entries', undefined, { after: seen.last })
      if (page.generation !== seen.generation) this.#startOver(page.generation)
      else if (page.entries.length === 0) return this.#compare(page)
      else await this.#learn(page.entries.map(fromB64u), page.last)
      await this.store.flush()
    }
  }

  /** There is another backup key: what was kept under the old one is gone, and comes anew. @param {number} generation */
  #startOver(generation) {
    for (const [name] of this.store.under('backed/')) this.store.remove(name)
    this.store.put('backup', { ...NOTHING, generation, manifest: this.#seen.manifest })
  }

  /** How many entries the manifest names that did not come. @param {any} page */
  #compare(page) {
    const seen = this.#seen
    if (page.manifest === null) {
      this.store.put('backup', { ...seen, manifest: page.manifest_version })
      return 0
    }
    const { account, bk } = this.trust.own
    const manifest = this.#opened(() => openManifest(fromB64u(page.manifest), account, bk, Math.max(1, seen.manifest)))
    if (!manifest) {
      this.trust.warn('backup_rolled_back')
      return 1
    }
    this.store.put('backup', { ...seen, manifest: manifest.version })
    const { complete, missing } = judgeRestore(manifest, seen)
    if (complete) return 0
    this.trust.warn('backup_incomplete', { data: { missing: Math.max(1, missing) } })
    return Math.max(1, missing)
  }

  /** @param {Bytes[]} raws @param {number} last */
  async #learn(raws, last) {
    const { account, bk } = this.trust.own
    const chains = raws.flatMap((raw) => {
      const chain = this.#opened(() => openEntry(raw, account, bk))
      if (!chain) this.trust.warn('backup_altered')
      return chain ?? []
    })
    for (const room of new Set(chains.map((chain) => chain.room))) await this.#prepare(room)
    this.#mark(chains)
    for (const chain of chains) this.#keep(chain)
    this.store.put('backup', { ...this.#seen, ...sumEntries(raws, this.#seen), last })
  }

  /** What opens, or nothing. @template T @param {() => T} open @returns {T | undefined} */
  #opened(open) {
    try {
      return open()
    } catch (error) {
      if (error instanceof DkxError) return undefined
      throw error
    }
  }

  /** Rosters and lists by which authors are found; a room that is not ours any more has none for us. @param {string} room */
  async #prepare(room) {
    try {
      await this.rosters.catchUp(room)
      const members = this.rosters.all(room).flatMap(({ roster }) => roster.members)
      for (const account of new Set(members.map((member) => member.account))) await this.trust.fill(account)
    } catch (error) {
      const passing = error instanceof Alarm || error instanceof NotReady
      if (!passing && !(error instanceof HubRefused && error.kind === 'not_found')) throw error
    }
  }

  /** What does not fit any roster we know is left in the backup. @param {ChainRecord} chain */
  #keep(chain) {
    const { room, device } = chain
    const roster = this.rosters.byHash(room, chain.rosterHash)
    if (!roster) return
    const known = this.keyring.records(room).get(recordName(chain))
    const came = { ...chain, account: authorOf(device, roster, this.trust.pins) ?? this.rosters.formerMember(roster), rosterHash: roster.hash, created: 0 }
    try {
      this.keyring.keep(room, { ...came, ...known, ...mergeRecord(known, came) })
    } catch (error) {
      if (!(error instanceof DkxError)) throw error
      this.trust.warn(error.code, { room, data: { device } })
    }
  }

  /** @returns {Seen} */
  get #seen() {
    return this.store.get('backup') ?? NOTHING
  }
}
