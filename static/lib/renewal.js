// Other keys for an account: a new epoch of the device-list key, a new backup key, and a list without lost devices.
//
// `begin` puts everything on disk; `resume` says it to the hub, as often as it takes. The list goes first: should the
// machine be lost before the backup follows, the old backup still opens everything, and a restore makes another epoch.
import { b64u, equal, random } from './dkx/bytes.js'
import { parseDevList } from './dkx/devlist.js'
import { makeDlkCert, parseDlkCert } from './dkx/dlkcert.js'
import { signingKey } from './dkx/primitive.js'
import { RACES, nextList } from './device.js'
import { HubRefused } from './errors.js'

/** @import { Secrets } from './dkx/backup.js' */

/** Fresh keys of everything below the identity. @param {import('./dkx/bytes.js').Bytes} aik seed @returns {Secrets} */
export const newSecrets = (aik) => ({ aik, dlk: random(32), bk: random(32) })

export class Renewal {
  /** @param {import('./device.js').Device} device @param {import('./backup.js').Backup} backup */
  constructor(device, backup) {
    this.device = device
    this.backup = backup
    this.store = device.store
    this.trust = device.trust
    this.http = device.http
  }

  /** The identity key certifies the next epoch and is needed no more; `without` these devices. @param {Secrets} fresh @param {any} blob @param {string[]} without */
  async begin({ aik, dlk, bk }, blob, without) {
    const { account, cert } = this.device.self()
    const next = { account, epoch: parseDlkCert(cert).epoch + 1, dlk: signingKey(dlk), notBefore: Date.now() }
    this.store.put('renewing', { cert: makeDlkCert(next, aik), dlk, bk, blob, without })
    await this.store.flush()
  }

  /** Nothing to do if none is under way. HubRefused('confirmation_required'): prove to be there, then again. */
  async resume() {
    const step = this.store.get('renewing')
    if (!step) return
    if (!equal(this.device.self().cert, step.cert)) await this.#publish(step)
    this.store.put('own', { ...this.store.get('own'), dlkSeed: step.dlk, bk: step.bk })
    await this.store.flush()
    await this.device.prove()
    await this.#putBlob(b64u(step.blob))
    await this.backup.upload()
    this.store.remove('renewing')
    await this.store.flush()
  }

  /** @param {any} step */
  async #publish({ cert, dlk, without }) {
    const { account } = this.device.self()
    for (;;) {
      const list = this.#list(dlk, parseDlkCert(cert).epoch, without)
      try {
        await this.device.publish(cert, list)
        return this.trust.learn(account, cert, list)
      } catch (error) {
        if (!(error instanceof HubRefused) || !RACES.has(error.code)) throw error
        await this.trust.refresh(account)
      }
    }
  }

  /** The newest rows, those of a thief perhaps: without the removed devices, and with this one. @param {any} dlk @param {number} epoch @param {string[]} without */
  #list(dlk, epoch, without) {
    const { device, dsk, dbk, list } = this.device.self()
    const current = parseDevList(list)
    const others = current.devices.filter((row) => row.device !== device && !without.includes(row.device))
    const mine = current.devices.find((row) => row.device === device) ?? { device, dsk, dbk, added: Date.now() }
    return nextList(current, [...others, mine], dlk, epoch)
  }

  /** @param {string} blob */
  async #putBlob(blob) {
    const { version, code } = await this.http.call('GET', '/v1/backup')
    if (code !== blob) await this.http.call('PUT', '/v1/backup', { version, code: blob, fresh: true })
  }
}
