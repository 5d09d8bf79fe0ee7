// BLOB: the account's three secrets under a recovery code or a passkey, and what must hold when it opens.
import { argon2idAsync } from '../vendor.js'
import { concat, equal, id, isZero, random, u32, u8, utf8, zeros } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { hash, label, seal, signingKey, unseal } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{aik: Bytes, dlk: Bytes, bk: Bytes}} Secrets seeds of AIK and DLK, and BK */
/** @typedef {{account: string, salt: Bytes, ops: number, memory: number}} BlobHead `memory` in KiB */

const CODE = 'backup_invalid'
const WEAK = 'backup_weak'
const LENGTH = 178
const HEADER = 42
const BY_CODE = 0x30
const BY_PASSKEY = 0x33
const COST = { ops: 3, memory: 65_536 }

/** @param {BlobHead} head @param {number} type */
const header = ({ account, salt, ops, memory }, type) => concat(u8(1), u8(type), id(account), salt, u32(ops), u32(memory))

/**
 * KEK = Argon2id; one second or more, so it runs in a worker.
 * @param {string} code in its normal form (see recovery.js)
 * @param {BlobHead} head
 * @param {(share: number) => void} [onProgress] 0 to 1
 */
export function codeKey(code, { salt, ops, memory }, onProgress) {
  demandCost(ops, memory)
  const options = { t: ops, m: memory, p: 1, dkLen: 32, onProgress }
  return argon2idAsync(utf8(code.normalize('NFKC')), salt, options)
}

/**
 * Too cheap would give the code away, too dear would stop the device: both before anything is derived.
 * @param {number} ops
 * @param {number} memory
 */
function demandCost(ops, memory) {
  demand(ops >= 2 && ops <= 16, WEAK, 'Argon2id passes out of bounds')
  demand(memory >= 32 * 1024 && memory <= 1024 * 1024, WEAK, 'Argon2id memory out of bounds')
}

/** A fresh head for a new blob. @param {string} account @returns {BlobHead} */
export const newBlobHead = (account) => ({ account, salt: random(16), ...COST })

/** @param {BlobHead} head @param {Bytes} kek from `codeKey` @param {Secrets} secrets @param {Bytes} [nonce] */
export const sealBlob = (head, kek, secrets, nonce) => sealed(header(head, BY_CODE), kek, secrets, nonce)

/** @param {string} account @param {Bytes} kek from `passkeyKey` @param {Secrets} secrets @param {Bytes} [nonce] */
export const sealPasskeyBlob = (account, kek, secrets, nonce) =>
  sealed(header({ account, salt: zeros(16), ops: 0, memory: 0 }, BY_PASSKEY), kek, secrets, nonce)

/** @param {Bytes} head @param {Bytes} kek @param {Secrets} secrets */
const sealed = (head, kek, { aik, dlk, bk }, nonce = random(24)) =>
  concat(head, nonce, seal(kek, nonce, concat(aik, dlk, bk), head))

/** What must be known before a key can be derived; weak or absurd costs are refused here. @param {Bytes} bytes */
export function parseBlob(bytes) {
  const head = parseHead(bytes, BY_CODE)
  demandCost(head.ops, head.memory)
  return head
}

/** @param {Bytes} bytes */
export function parsePasskeyBlob(bytes) {
  const head = parseHead(bytes, BY_PASSKEY)
  demand(isZero(head.salt) && head.ops === 0 && head.memory === 0, CODE, 'salt and costs must be zero')
  return head
}

/** @param {Bytes} bytes @param {number} type @returns {BlobHead} */
function parseHead(bytes, type) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  read.expect(1, type)
  return { account: read.id(), salt: read.take(16), ops: read.u32(), memory: read.u32() }
}

/**
 * Opens a blob of either kind and checks that its secrets are those of the account.
 * @param {Bytes} bytes already judged by `parseBlob` or `parsePasskeyBlob`
 * @param {Bytes} kek
 * @param {{account: string, aik?: Bytes, dlk?: Bytes}} expected public keys: the pinned AIK and the certificate's DLK;
 *   none where the blob is what tells them, as on a new machine
 * @returns {Secrets}
 */
export function openBlob(bytes, kek, expected) {
  const head = bytes[1] === BY_PASSKEY ? parsePasskeyBlob(bytes) : parseBlob(bytes)
  demand(head.account === expected.account, CODE, 'of another account')
  const text = unseal(kek, bytes.slice(HEADER, HEADER + 24), bytes.slice(HEADER + 24), bytes.slice(0, HEADER), CODE)
  const secrets = { aik: text.slice(0, 32), dlk: text.slice(32, 64), bk: text.slice(64) }
  demand(!expected.aik || equal(signingKey(secrets.aik), expected.aik), CODE, 'another identity key')
  demand(!expected.dlk || equal(signingKey(secrets.dlk), expected.dlk), CODE, 'another device-list key')
  return secrets
}

/** The input of the passkey's PRF (`eval.first`). @param {string} account */
export const prfInput = (account) => concat(label('prf-eval'), id(account))

/** KEK from the passkey's PRF output. @param {string} account @param {Bytes} prf */
export const passkeyKey = (account, prf) => hash(32, concat(label('prf'), id(account)), prf)
