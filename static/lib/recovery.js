// The account's secrets under a recovery code that only the person has: made, changed, and used in a new browser.
//
// Changing the code does not undo a copy that somebody took of the backup before: for a lost device there is `remove`.
import { b64u, equal, fromB64u } from './dkx/bytes.js'
import { newBlobHead, openBlob, parsePasskeyBlob, passkeyKey, sealPasskeyBlob } from './dkx/backup.js'
import { parseDevList } from './dkx/devlist.js'
import { parseDlkCert } from './dkx/dlkcert.js'
import { DkxError } from './dkx/error.js'
import { currentList } from './dkx/pins.js'
import { signingKey } from './dkx/primitive.js'
import { makeCode, normalCode, normalWords, shownCode } from './dkx/recovery.js'
import { newDevice } from './device.js'
import { NotReady } from './errors.js'
import { newSecrets } from './renewal.js'

/** @import { Secrets } from './dkx/backup.js' */

const WRONG = 'recovery_code_wrong'

export class Recovery {
  #shown = ''

  /** @param {import('./renewal.js').Renewal} renewal @param {any} helper @param {string} user @param {(kind: string, told: any) => void} tell */
  constructor(renewal, helper, user, tell) {
    this.renewal = renewal
    this.backup = renewal.backup
    this.device = renewal.device
    this.store = renewal.store
    this.trust = renewal.trust
    this.http = renewal.http
    this.helper = helper
    this.user = user
    this.onProgress = (/** @type {number} */ share) => tell('working', { share })
  }

  /** Whether there is a backup, and whether this browser still holds the newest keys of the account. */
  async status() {
    const { code, passkey } = await this.http.call('GET', '/v1/backup')
    const { device, list, cert, dlkSeed } = this.device.self()
    const current = equal(parseDlkCert(cert).dlk, signingKey(dlkSeed))
    const devices = parseDevList(list).devices.map((row) => ({ device: row.device, added: row.added, mine: row.device === device }))
    return { exists: code !== null, passkey: passkey !== null, current, devices }
  }

  /** A fresh code, to be shown once and written down. Nothing is kept before `confirm`. */
  prepare() {
    this.#shown = makeCode()
    return shownCode(this.#shown)
  }

  /**
   * The person types it back: the secrets go to the hub under it, and the identity key leaves this device. `old` is
   * the code that was valid so far, where there is one. The hub wants a proof of the last five minutes.
   * @param {string} typed
   * @param {string} [old]
   */
  async confirm(typed, old) {
    if (!this.#shown || normal(typed) !== this.#shown) throw new DkxError(WRONG, 'not what was shown')
    const { aikSeed, dlkSeed, bk, aik } = this.device.self()
    const seed = aikSeed ?? (await this.unlock(old ?? '', { aik })).aik
    const blob = await this.#seal({ aik: seed, dlk: dlkSeed, bk }, this.#shown)
    const { version, passkey } = await this.http.call('GET', '/v1/backup')
    await this.http.call('PUT', '/v1/backup', { version, code: b64u(blob), passkey })
    const { aikSeed: _, ...own } = this.store.get('own')
    this.store.put('own', own)
    await this.store.flush()
    this.#shown = ''
    await this.backup.upload()
  }

  /**
   * The account's secrets, opened with the code or the words. NotReady without a backup.
   * @param {string} typed
   * @param {{aik?: any, dlk?: any}} [expected]
   * @returns {Promise<Secrets>}
   */
  async unlock(typed, expected = {}) {
    const kept = await this.http.call('GET', '/v1/backup')
    if (kept.code === null) throw new NotReady('this account has no backup')
    const told = { blob: fromB64u(kept.code), code: normal(typed), expected: { account: this.user, ...expected } }
    try {
      return await this.helper.run('unlockBackup', told, this.onProgress)
    } catch (error) {
      if (error instanceof DkxError && error.code === 'backup_invalid') throw new DkxError(WRONG, error.message)
      throw error
    }
  }

  /**
   * Lets a passkey open the backup as well, until the account's keys are replaced. The hub wants a proof of the last
   * five minutes.
   * @param {string} typed
   * @param {any} secret of the passkey, for `prfInput`
   */
  async keepPasskey(typed, secret) {
    const secrets = await this.unlock(typed, { aik: this.device.self().aik })
    const { version, code } = await this.http.call('GET', '/v1/backup')
    const passkey = b64u(sealPasskeyBlob(this.user, passkeyKey(this.user, secret), secrets))
    await this.http.call('PUT', '/v1/backup', { version, code, passkey })
  }

  /** As `restore`, by a passkey that was allowed to. @param {any} secret @returns {Promise<number>} */
  async restoreByPasskey(secret) {
    if (!this.device.exists()) {
      const kept = await this.http.call('GET', '/v1/backup')
      if (kept.passkey === null) throw new NotReady('no passkey opens this backup')
      const blob = fromB64u(kept.passkey)
      const found = openBlob(blob, passkeyKey(parsePasskeyBlob(blob).account, secret), { account: this.user })
      if (await this.#adopt(found)) throw new NotReady('the account has new keys: the recovery code is needed')
      await this.store.flush()
    }
    return this.finish()
  }

  /** Another device has replaced the account's keys: take the new ones from the backup. @param {string} typed */
  async renew(typed) {
    await this.trust.refresh(this.user)
    const { aik, cert } = this.device.self()
    const { dlk, bk } = await this.unlock(typed, { aik, dlk: parseDlkCert(cert).dlk })
    this.store.put('own', { ...this.store.get('own'), dlkSeed: dlk, bk })
    await this.store.flush()
    await this.backup.upload()
  }

  /**
   * Makes this browser a device of the account; may be called again after it was cut off. Alarm when the hub shows
   * another identity than the backup holds.
   * @param {string} typed
   * @returns {Promise<number>} how many chains the backup lost
   */
  async restore(typed) {
    if (!this.device.exists()) {
      const found = await this.unlock(typed)
      if (await this.#adopt(found)) await this.#begin(found.aik, typed, [])
      else await this.store.flush()
    }
    return this.finish()
  }

  /** Whether a restore was begun here and not finished. */
  isUnderWay() {
    return this.store.get('restoring') === true
  }

  /** What `restore` does once the code was right; needs the code no more. */
  async finish() {
    if (!this.store.get('renewing')) {
      await this.device.join()
      await this.device.prove()
    }
    await this.renewal.resume()
    const missing = await this.backup.fetch()
    this.store.remove('restoring')
    await this.store.flush()
    return missing
  }

  /**
   * Shuts out lost or distrusted devices: other account keys, another backup key, and a list without them. Whoever has
   * one of them reads nothing that is written from now on. The hub wants a proof of the last five minutes.
   * @param {string[]} devices
   * @param {string} typed
   */
  async remove(devices, typed) {
    const { aik } = await this.unlock(typed, { aik: this.device.self().aik })
    await this.trust.refresh(this.user)
    await this.#begin(aik, typed, devices)
    await this.renewal.resume()
  }

  /** Becomes a device with these secrets, not yet on disk; true where the account's keys were replaced since. @param {Secrets} found */
  async #adopt(found) {
    this.#meet(signingKey(found.aik))
    const pin = await this.trust.fill(this.user)
    const cert = /** @type {import('./dkx/dlkcert.js').DlkCert} */ (pin.cert)
    const keys = { dlkSeed: found.dlk, bk: found.bk, aik: pin.aik }
    this.store.put('restoring', true)
    this.device.adopt({ account: this.user, ...newDevice(), ...keys, cert: cert.bytes, list: currentList(pin).bytes, added: Date.now() })
    return !equal(signingKey(found.dlk), cert.dlk)
  }

  /** @param {any} aik */
  #meet(aik) {
    try {
      this.trust.meet(this.user, aik)
    } catch (error) {
      if (error instanceof DkxError) throw this.trust.alarm(error.code, this.user)
      throw error
    }
  }

  /** @param {any} aik seed @param {string} typed @param {string[]} without */
  async #begin(aik, typed, without) {
    const fresh = newSecrets(aik)
    await this.renewal.begin(fresh, await this.#seal(fresh, normal(typed)), without)
  }

  /** @param {Secrets} secrets @param {string} code */
  #seal(secrets, code) {
    return this.helper.run('lockBackup', { head: newBlobHead(this.user), code, secrets }, this.onProgress)
  }
}

/** What is hashed of a typed code or typed words. @param {string} typed */
function normal(typed) {
  try {
    return normalCode(typed)
  } catch {
    return normalWords(typed)
  }
}
