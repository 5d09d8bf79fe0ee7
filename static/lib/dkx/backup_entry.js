// Backup entries: one per chain, under the backup key, so that the hub can neither read nor add any.
import { concat, id, random, u32, u8 } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { demandSigningKey, hash, label, seal, unseal } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @import { ChainRecord } from './record.js' */

const CODE = 'backup_invalid'
const ENTRY = 191
const ENTRY_HEADER = 50
/** @param {Bytes} bk @param {string} name */
export const backupKey = (bk, name) => hash(32, label(name), bk)

/** @param {string} account @param {ChainRecord} record @param {Bytes} bk @param {Bytes} [nonce] */
export function sealEntry(account, record, bk, nonce = random(24)) {
  const header = concat(u8(1), u8(0x31), id(account), id(record.room), id(record.chain))
  const chain = [id(record.device), u32(record.start), record.ck, record.csk, record.rosterHash.subarray(0, 16), u8(1)]
  return concat(header, nonce, seal(backupKey(bk, 'backup-entry'), nonce, concat(...chain), header))
}

/**
 * The record of an entry; its author is found as for a forward (`authorOf`).
 * @param {Bytes} bytes
 * @param {string} account
 * @param {Bytes} bk
 * @returns {ChainRecord}
 */
export function openEntry(bytes, account, bk) {
  demandLength(bytes, ENTRY, CODE)
  const head = reader(bytes, CODE)
  head.expect(1, 0x31)
  demand(head.id() === account, CODE, 'of another account')
  const place = { room: head.id(), chain: head.id() }
  const read = reader(unsealBackup(bytes, ENTRY_HEADER, backupKey(bk, 'backup-entry')), CODE)
  const device = read.id()
  const keys = { start: read.u32(), ck: read.take(32), csk: demandSigningKey(read.take(32), CODE) }
  const rosterHash = read.take(16)
  read.expect(1)
  return { ...place, device, account: null, ...keys, rosterHash }
}

/** What is sealed behind a header. @param {Bytes} bytes @param {number} header @param {Bytes} key */
export const unsealBackup = (bytes, header, key) =>
  unseal(key, bytes.slice(header, header + 24), bytes.slice(header + 24), bytes.slice(0, header), CODE)
