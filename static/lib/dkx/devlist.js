// DEVLIST: an account's devices with their keys, signed by the device-list key, each version chained to the last.
import { concat, hex, id, isZero, u32, u64, u8 } from './bytes.js'
import { ascending, demandLength, demandSigned, distinct, dochash, reader, signed } from './document.js'
import { DkxError, demand } from './error.js'
import { demandBoxKey, demandSigningKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{device: string, dsk: Bytes, dbk: Bytes, added: number}} Device */
/**
 * @typedef {{account: string, epoch: number, version: number, prev: Bytes, created: number, devices: Device[],
 *   hash: Bytes, bytes: Bytes}} DevList
 */

const CODE = 'devlist_invalid'
const HEAD = 67
const ROW = 88
const MOST = 10

/**
 * @param {{account: string, epoch: number, version: number, prev: Bytes, created: number, devices: Device[]}} told
 * @param {Bytes} dlkSeed
 */
export function makeDevList({ account, epoch, version, prev, created, devices }, dlkSeed) {
  const sorted = [...devices].sort((a, b) => (a.device < b.device ? -1 : 1))
  const rows = sorted.map(({ device, dsk, dbk, added }) => concat(id(device), dsk, dbk, u64(added)))
  const head = concat(u8(1), u8(2), id(account), u32(epoch), u32(version), prev, u64(created), u8(rows.length))
  return signed(dlkSeed, 'devlist', concat(head, ...rows))
}

/** Its fields; the signature is not looked at. @param {Bytes} bytes @returns {DevList} */
export function parseDevList(bytes) {
  const read = reader(bytes, CODE)
  read.expect(1, 2)
  const head = { account: read.id(), epoch: read.u32(), version: read.u32(), prev: read.take(32), created: read.u64() }
  const count = read.u8()
  demand(count <= MOST, CODE, 'too many devices')
  demandLength(bytes, HEAD + ROW * count + 64, CODE)
  const devices = Array.from({ length: count }, () => ({
    device: read.id(), dsk: read.take(32), dbk: read.take(32), added: read.u64(),
  }))
  const list = { ...head, devices, hash: dochash(bytes), bytes }
  check(list)
  return list
}

/** @param {DevList} list */
function check({ epoch, version, prev, devices }) {
  demand(epoch >= 1 && version >= 1, CODE, 'epochs and versions start at 1')
  demand((version === 1) === isZero(prev), CODE, 'version 1 follows nothing, and only it')
  demand(ascending(devices.map(({ device }) => device)), CODE, 'devices are not sorted, or twice')
  demand(distinct(devices.map(({ dsk }) => hex(dsk))), CODE, 'a DSK stands twice')
  demand(distinct(devices.map(({ dbk }) => hex(dbk))), CODE, 'a DBK stands twice')
  devices.forEach(({ dsk, dbk }) => demandSigningKey(dsk, CODE) && demandBoxKey(dbk, CODE))
}

/** @param {Bytes} bytes @param {import('./dlkcert.js').DlkCert} cert a verified one @returns {DevList} */
export function verifyDevList(bytes, cert) {
  const list = parseDevList(bytes)
  demand(list.account === cert.account, CODE, 'of another account')
  demand(list.epoch === cert.epoch, CODE, 'of another epoch than its certificate')
  demandSigned(bytes, 'devlist', cert.dlk, CODE)
  return list
}

/** @param {DevList} list @param {string} device */
export const deviceOf = (list, device) => list.devices.find((row) => row.device === device)

/** Whether `a` is older than `b`; (epoch, version) compare lexicographically. @param {DevList} a @param {DevList} b */
export const isOlder = (a, b) => a.epoch < b.epoch || (a.epoch === b.epoch && a.version < b.version)

/**
 * Whether `came` may follow the lists known of this account, oldest first. True: it is new. False: it is the newest
 * one known. Throws for a rollback, a fork, a gap or a broken chain.
 * @param {DevList[]} known
 * @param {DevList} came
 */
export function followsDevLists(known, came) {
  const newest = known.at(-1)
  if (!newest) return true
  demand(came.account === newest.account, CODE, 'of another account')
  demand(!isOlder(came, newest), 'devlist_rollback', 'older than the newest list known')
  if (came.epoch > newest.epoch) return forks(known, came)
  if (came.version === newest.version) {
    demand(hex(came.hash) === hex(newest.hash), 'devlist_fork', 'one version, two lists')
    return false
  }
  demand(came.version === newest.version + 1, 'devlist_gap', 'the version before is not known')
  demand(hex(came.prev) === hex(newest.hash), 'devlist_fork', 'does not follow the version before')
  return true
}

/**
 * A higher epoch may follow any list known, so that a thief who publishes first does not lock the owner out.
 * @param {DevList[]} known
 * @param {DevList} came
 */
function forks(known, came) {
  const before = known.filter(({ version }) => version === came.version - 1)
  if (before.some((list) => hex(list.hash) === hex(came.prev))) return true
  if (came.version > Math.max(...known.map(({ version }) => version)) + 1) {
    throw new DkxError('devlist_gap', 'the version before is not known')
  }
  throw new DkxError('devlist_fork', 'does not follow a version known')
}
