// Backup entries, one per chain, and the manifest that says which of them there are.
import { concat, equal, id, random, u32, u64, u8, zeros } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { demandSigningKey, hash, label, seal, unseal } from './primitive.js'

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {import('./record.js').ChainRecord} ChainRecord */

const CODE = 'backup_invalid'
const ENTRY = 191
const ENTRY_HEADER = 50
const MANIFEST = 114
const MANIFEST_HEADER = 58
/** @param {Bytes} bk @param {string} name */
const keyFor = (bk, name) => hash(32, label(name), bk)

/** @param {string} account @param {ChainRecord} record @param {Bytes} bk @param {Bytes} [nonce] */
export function sealEntry(account, record, bk, nonce = random(24)) {
  const header = concat(u8(1), u8(0x31), id(account), id(record.room), id(record.chain))
  const chain = [id(record.device), u32(record.start), record.ck, record.csk, record.rosterHash.subarray(0, 16), u8(1)]
  return concat(header, nonce, seal(keyFor(bk, 'backup-entry'), nonce, concat(...chain), header))
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
  const read = reader(opened(bytes, ENTRY_HEADER, keyFor(bk, 'backup-entry')), CODE)
  const device = read.id()
  const keys = { start: read.u32(), ck: read.take(32), csk: demandSigningKey(read.take(32)), rosterHash: read.take(16) }
  read.expect(1)
  return { ...place, device, account: '', ...keys }
}

/** @param {Bytes} bytes @param {number} header @param {Bytes} key */
const opened = (bytes, header, key) =>
  unseal(key, bytes.slice(header, header + 24), bytes.slice(header + 24), bytes.slice(0, header), CODE)

/** The xor over the hashes of all entries, in any order. @param {Bytes[]} entries */
export function entriesXor(entries) {
  const sum = zeros(32)
  for (const entry of entries) hash(32, entry).forEach((byte, index) => { sum[index] ^= byte })
  return sum
}

/**
 * @param {{account: string, version: number, created: number}} told
 * @param {Bytes[]} entries all of this version
 * @param {Bytes} bk
 * @param {Bytes} [nonce]
 */
export function sealManifest({ account, version, created }, entries, bk, nonce = random(24)) {
  const header = concat(u8(1), u8(0x32), id(account), u32(version), u32(entries.length), entriesXor(entries))
  const text = concat(u64(created), zeros(8))
  return concat(header, nonce, seal(keyFor(bk, 'backup-manifest'), nonce, text, header))
}

/** @param {Bytes} bytes @param {string} account @param {Bytes} bk */
export function openManifest(bytes, account, bk) {
  demandLength(bytes, MANIFEST, CODE)
  const head = reader(bytes, CODE)
  head.expect(1, 0x32)
  demand(head.id() === account, CODE, 'of another account')
  const told = { account, version: head.u32(), count: head.u32(), xor: head.take(32) }
  const read = reader(opened(bytes, MANIFEST_HEADER, keyFor(bk, 'backup-manifest')), CODE)
  const created = read.u64()
  read.zeros(8)
  return { ...told, created }
}

/**
 * What a restore lacks: `complete`, or how many entries more or fewer than the manifest counts, or others than it.
 * @param {{count: number, xor: Bytes}} manifest
 * @param {Bytes[]} entries
 */
export function judgeRestore({ count, xor }, entries) {
  if (entries.length !== count) return { complete: false, missing: count - entries.length }
  return { complete: equal(entriesXor(entries), xor), missing: 0 }
}
