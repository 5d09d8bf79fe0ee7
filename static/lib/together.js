// What an account does across its devices: backup, recovery code, linking, comparing; as acts any tab may ask for.
import { DkxError } from './dkx/error.js'
import { eraseKeyStore } from './dkx/keystore.js'
import { compareSafetyQr, safetyQr } from './dkx/safety.js'
import { beginAnew } from './anew.js'
import { Backup } from './backup.js'
import { Alarm, HubRefused, NotReady, Offline } from './errors.js'
import { Host, Newcomer } from './linking.js'
import { Recovery } from './recovery.js'
import { Renewal } from './renewal.js'
import { eraseSealed } from './sealed.js'

/** The key of a new chain is in the backup within seconds: whoever restores then reads its messages. */
const BACK_UP_AFTER = 2000
const LOOK_EVERY = 20_000

export class Together {
  /** @type {any} */
  #due
  #asked = 0
  #looked = 0

  /** @param {import('./engine.js').Engine} engine */
  constructor(engine) {
    const { device, keyring, helper, user, tell } = engine
    this.engine = engine
    this.trust = engine.trust
    this.store = engine.store
    this.tell = tell
    this.backup = new Backup(keyring)
    this.renewal = new Renewal(device, this.backup)
    this.recovery = new Recovery(this.renewal, helper, user, tell)
    this.newcomer = new Newcomer(device, this.backup, user)
    this.host = new Host(device, this.backup)
  }

  stop() {
    clearTimeout(this.#due)
  }

  /** A chain was kept. */
  backUpSoon() {
    clearTimeout(this.#due)
    this.#due = setTimeout(() => this.#quietly(() => this.backup.upload()), BACK_UP_AFTER)
  }

  /** What was cut off when the page was closed. */
  async resume() {
    if (this.store.get('anew')) await this.#beginAnew()
    if (this.recovery.isUnderWay()) await this.recovery.finish()
    if (this.newcomer.isUnderWay()) await this.newcomer.finish()
  }

  /** The line is up: what others must hear of goes on. */
  async carryOn() {
    await this.#quietly(() => this.renewal.resume())
    await this.#quietly(() => this.host.resume())
    await this.#quietly(() => this.backup.upload())
  }

  /** Learns what another device has put into the backup meanwhile, now and then; whether it looked. */
  async look() {
    if (Date.now() - this.#looked < LOOK_EVERY) return false
    this.#looked = Date.now()
    await this.backup.fetch()
    return true
  }

  /** What fails here is tried again at the next start, hello, or new chain. @param {() => Promise<any>} work */
  async #quietly(work) {
    try {
      await work()
    } catch (error) {
      const expected = [Offline, HubRefused, NotReady, Alarm].some((kind) => error instanceof kind)
      if (!expected) this.trust.warn('bad_answer', { data: { error: String(error) } })
    }
  }

  /**
   * This browser asks to be let in. How far it is, is told as `joining`: the code to show or the digits to compare, in
   * the end `done` or what failed.
   * @param {'code' | 'digits'} how
   */
  async ask(how) {
    await this.cancel()
    this.#asked += 1
    const asked = this.#asked
    this.tell('joining', { is: 'asking' })
    if (how === 'code') this.tell('joining', { is: 'code', code: await this.newcomer.askByCode() })
    this.#join(asked, async () => {
      if (how === 'digits') this.tell('joining', { is: 'digits', digits: await this.newcomer.askByDigits() })
      await this.newcomer.finish()
    })
  }

  async cancel() {
    this.#asked += 1
    await this.newcomer.forget()
    this.tell('joining', { is: 'none' })
  }

  /** @param {number} asked @param {() => Promise<void>} work */
  async #join(asked, work) {
    try {
      await work()
      this.tell('joining', { is: 'done' })
      await this.engine.joined()
    } catch (error) {
      if (asked !== this.#asked) return // given up, or asked anew
      this.tell('joining', { is: 'failed', code: error instanceof HubRefused || error instanceof DkxError || error instanceof Alarm ? error.code : 'offline' })
    }
  }

  /** @param {string} typed */
  async restore(typed) {
    const missing = await this.recovery.restore(typed)
    await this.engine.joined()
    return { missing }
  }

  /** @param {any} secret of the passkey */
  async restoreByPasskey(secret) {
    const missing = await this.recovery.restoreByPasskey(secret)
    await this.engine.joined()
    return { missing }
  }

  /**
   * For who has lost every device and the code: another identity. Nobody here reads any more what was written before,
   * the backup is gone, and the others are asked whether to go on. The hub wants a proof of the last five minutes.
   */
  async beginAnew() {
    await this.#beginAnew()
    await this.engine.joined()
  }

  async #beginAnew() {
    await beginAnew(this.engine.device, this.engine.user)
    const { rooms } = await this.engine.http.call('GET', '/v1/rooms')
    for (const { id } of rooms) await this.#quietly(() => this.engine.rosters.catchUp(id))
    this.store.remove('anew')
    await this.store.flush()
  }

  /** What two people compare; while a changed identity waits for a decision, that one. @param {string} account */
  async safety(account) {
    const [mine, theirs] = await this.#identities(account)
    const digits = await this.engine.helper.run('safety', { mine, theirs })
    const pin = this.trust.pins.get(account)
    return { digits, code: safetyQr(mine, theirs), verified: pin?.verified === true && !pin.pending, aik: theirs.aik }
  }

  /** Whether a scanned code says what is known here; then, and only then, the other is verified. @param {string} account @param {string} text */
  async scanned(account, text) {
    const [mine, theirs] = await this.#identities(account)
    const same = compareSafetyQr(text, mine, theirs)
    if (same) await this.engine.acts.setVerified(account, true, theirs.aik)
    return same
  }

  /** @param {string} account */
  async #identities(account) {
    const pin = await this.trust.account(account)
    return [{ account: this.engine.user, aik: this.trust.own.aik }, { account, aik: pin.pending ?? pin.aik }]
  }

  /**
   * Signs out for good: this browser leaves the account's list, its sign-in ends, for it belongs to keys that are gone,
   * and everything of the account here is erased. Every tab begins anew. The last device stays in the list.
   */
  async forget() {
    await this.#quietly(() => this.#leave())
    this.engine.stop()
    await this.engine.http.signOut()
    await this.store.flush()
    this.store.close()
    await eraseKeyStore(this.engine.user)
    await eraseSealed(this.engine.user)
    this.tell('forgotten', {})
  }

  async #leave() {
    const { device } = this.engine.device.self()
    const others = (/** @type {any[]} */ rows) => rows.filter((row) => row.device !== device)
    await this.engine.device.change((rows) => (rows.length > 1 ? others(rows) : rows))
  }

  /** @type {Record<string, (...args: any[]) => any>} */
  acts = {
    keys: () => this.recovery.status(),
    codePrepare: () => this.recovery.prepare(),
    codeConfirm: (typed, old) => this.recovery.confirm(typed, old),
    codeRenew: (typed) => this.recovery.renew(typed),
    passkeyKeep: (typed, secret) => this.recovery.keepPasskey(typed, secret),
    restore: (typed) => this.restore(typed),
    restoreByPasskey: (secret) => this.restoreByPasskey(secret),
    beginAnew: () => this.beginAnew(),
    removeDevices: (devices, typed) => this.recovery.remove(devices, typed),
    linkAsk: (how) => this.ask(how),
    linkCancel: () => this.cancel(),
    links: () => this.host.waiting(),
    linkScan: (text) => this.host.admitByCode(text),
    linkCompare: (link) => this.host.compare(link),
    linkConfirm: (link) => this.host.confirm(link),
    linkReject: (link) => this.host.reject(link),
    safety: (account) => this.safety(account),
    safetyScanned: (account, text) => this.scanned(account, text),
    forget: () => this.forget(),
  }
}
