// The manifest of a backup: which entries there are, so that a restore knows what the hub left out.
import { backupKey, unsealBackup } from './backup_entry.js'
import { concat, equal, id, random, u32, u64, u8, zeros } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { hash, seal } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'backup_invalid'
const MANIFEST = 114
const MANIFEST_HEADER = 58

/** How many entries there are, and the xor over their hashes, in any order. @typedef {{count: number, xor: Bytes}} Sum */

/** More entries, added to those counted before. @param {Bytes[]} entries @param {Sum} [before] @returns {Sum} */
export function sumEntries(entries, before = { count: 0, xor: zeros(32) }) {
  const xor = before.xor.slice()
  for (const entry of entries) hash(32, entry).forEach((byte, index) => { xor[index] ^= byte })
  return { count: before.count + entries.length, xor }
}

/**
 * @param {{account: string, version: number, created: number} & Sum} told of all entries of this version
 * @param {Bytes} bk
 * @param {Bytes} [nonce]
 */
export function sealManifest({ account, version, created, count, xor }, bk, nonce = random(24)) {
  const header = concat(u8(1), u8(0x32), id(account), u32(version), u32(count), xor)
  const text = concat(u64(created), zeros(8))
  return concat(header, nonce, seal(backupKey(bk, 'backup-manifest'), nonce, text, header))
}

/** An older manifest than one seen before is refused. @param {Bytes} bytes @param {string} account @param {Bytes} bk */
export function openManifest(bytes, account, bk, atLeast = 1) {
  demandLength(bytes, MANIFEST, CODE)
  const head = reader(bytes, CODE)
  head.expect(1, 0x32)
  demand(head.id() === account, CODE, 'of another account')
  const told = { account, version: head.u32(), count: head.u32(), xor: head.take(32) }
  demand(told.version >= atLeast, CODE, 'older than one seen before')
  const read = reader(unsealBackup(bytes, MANIFEST_HEADER, backupKey(bk, 'backup-manifest')), CODE)
  const created = read.u64()
  read.zeros(8)
  return { ...told, created }
}

/**
 * What a restore lacks: `complete`, or how many entries more or fewer than the manifest counts, or others than it.
 * @param {Sum} manifest
 * @param {Sum} found
 */
export function judgeRestore(manifest, found) {
  const missing = manifest.count - found.count
  return { complete: missing === 0 && equal(found.xor, manifest.xor), missing }
}
