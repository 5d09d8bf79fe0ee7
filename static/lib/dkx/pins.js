// What a client has learned to trust of each account: identity key, device-list key, lists, prekeys, decisions.
import { equal, hex } from './bytes.js'
import { followsDevLists, verifyDevList } from './devlist.js'
import { newerDlkCert, verifyDlkCert } from './dlkcert.js'
import { DkxError, demand } from './error.js'
import { demandSigningKey } from './primitive.js'
import { newerSpk, verifySpk } from './spk.js'

/** @import { Bytes } from './bytes.js' */
/** @import { DevList } from './devlist.js' */
/**
 * `pending` is an identity key that was offered instead of the pinned one: nothing is sent until the person decides.
 * @typedef {{account: string, aik: Bytes, verified: boolean, pending?: Bytes, cert?: import('./dlkcert.js').DlkCert,
 *   lists: DevList[], spks: Map<string, import('./spk.js').Spk>}} Pin
 */
/** All pins by account. @typedef {Map<string, Pin>} Pins */

/**
 * Trust on first use; another key later is kept apart and refused until the person decides.
 * @param {Pins} pins
 * @param {string} account
 * @param {Bytes} aik
 * @returns {Pin}
 */
export function pinIdentity(pins, account, aik) {
  const known = pins.get(account)
  if (known) {
    if (!equal(known.aik, aik)) {
      known.pending = demandSigningKey(aik)
      throw new DkxError('identity_changed', 'another identity key than the pinned one')
    }
    return known
  }
  const pin = { account, aik: demandSigningKey(aik), verified: false, lists: [], spks: new Map() }
  pins.set(account, pin)
  return pin
}

/** @param {Pins} pins @param {string} account @returns {Pin} */
export function pinOf(pins, account) {
  const pin = pins.get(account)
  demand(pin, 'pin_invalid', 'nothing is pinned of this account')
  return pin
}

/**
 * Takes a certificate and the list under it, each checked against all that is pinned, of this account and others.
 * Nothing is kept unless all holds. True: the list is new.
 * @param {Pins} pins
 * @param {string} account
 * @param {{cert: Bytes, list: Bytes}} came
 * @param {number} now
 */
export function pinDevList(pins, account, came, now) {
  const pin = pinOf(pins, account)
  const cert = newerDlkCert(pin.cert, verifyDlkCert(came.cert, account, pin.aik, now))
  const list = verifyDevList(came.list, cert)
  demandOwnDevices(pins, list)
  const isNew = followsDevLists(pin.lists, list)
  pin.cert = cert
  if (isNew) pin.lists.push(list)
  return isNew
}

/**
 * An older list, proven by the hash that the oldest pinned one holds of it: history before the first contact.
 * @param {Pins} pins
 * @param {string} account
 * @param {DevList} list parsed; its certificate may be gone, the chain of hashes proves it
 */
export function pinEarlierDevList(pins, account, list) {
  const pin = pinOf(pins, account)
  const oldest = pin.lists[0]
  demand(oldest && list.account === account && equal(list.hash, oldest.prev), 'devlist_invalid', 'not in the chain')
  demandOwnDevices(pins, list)
  pin.lists.unshift(list)
}

/** A device id, DSK or DBK of somebody else is refused. @param {Pins} pins @param {DevList} list */
function demandOwnDevices(pins, list) {
  const names = new Set(list.devices.flatMap(deviceNames))
  const others = [...pins.values()].filter(({ account }) => account !== list.account)
  const taken = others.flatMap((pin) => pin.lists).flatMap((other) => other.devices).flatMap(deviceNames)
  demand(!taken.some((name) => names.has(name)), 'devlist_foreign', 'a device or key of another account')
}

/** @param {import('./devlist.js').Device} device */
const deviceNames = ({ device, dsk, dbk }) => [device, `dsk${hex(dsk)}`, `dbk${hex(dbk)}`]

/** The newest list. @param {Pin} pin */
export function currentList(pin) {
  const list = pin.lists.at(-1)
  demand(list, 'devlist_missing', 'no device list is known')
  return list
}

/**
 * @param {Pin} pin
 * @param {string} device of the current list
 * @param {Bytes} bytes
 * @param {number} now
 */
export function pinSpk(pin, device, bytes, now) {
  const row = currentList(pin).devices.find((one) => one.device === device)
  demand(row, 'spk_invalid', 'not a device of the current list')
  const spk = newerSpk(pin.spks.get(device), verifySpk(bytes, device, row.dsk, now))
  pin.spks.set(device, spk)
  return spk
}

/** Refuses while an identity change is undecided. @param {Pin} pin */
export const demandDecided = (pin) => demand(!pin.pending, 'identity_changed', 'an identity change waits for a decision')

/**
 * The person takes the new identity: everything pinned under the old one is void. Verification ends with it.
 * @param {Pins} pins
 * @param {string} account
 */
export function acceptIdentity(pins, account) {
  const { pending } = pinOf(pins, account)
  demand(pending, 'pin_invalid', 'there is nothing to decide')
  pins.set(account, { account, aik: pending, verified: false, lists: [], spks: new Map() })
}

/** Which account ever held a device, as far as its lists are pinned. @param {Pins} pins @param {string} device */
export const holderOf = (pins, device) =>
  [...pins.values()].find((pin) => pin.lists.some((list) => list.devices.some((row) => row.device === device)))
