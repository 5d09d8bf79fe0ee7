// SIGREC and notary record: who signed an agreement with which device, and when the hub saw it.
import { concat, id, u64, u8 } from './bytes.js'
import { SIGNATURE, demandLength, demandSigned, reader, signed } from './document.js'
import { demand } from './error.js'
import { hash32, sign, verifies } from './primitive.js'

/** @typedef {import('./bytes.js').Bytes} Bytes */
/**
 * @typedef {{role: 'renter' | 'owner', account: string, device: string, signedAt: number, digest: Bytes,
 *   bytes: Bytes}} SigRec
 */
/** The hub's countersignature. @typedef {{devlistHash: Bytes, ts: number, signature: Bytes}} Notary */

const CODE = 'agreement_invalid'
const LENGTH = 137
const ROLES = /** @type {const} */ (['renter', 'owner'])

/**
 * @param {{role: 'renter' | 'owner', account: string, device: string, signedAt: number, digest: Bytes}} told
 * @param {Bytes} dskSeed
 */
export function makeSigRec({ role, account, device, signedAt, digest }, dskSeed) {
  const body = concat(u8(ROLES.indexOf(role) + 1), id(account), id(device), u64(signedAt), digest)
  return signed(dskSeed, 'agree', body)
}

/** @param {Bytes} bytes @returns {SigRec} */
export function parseSigRec(bytes) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  const role = ROLES[read.u8() - 1]
  demand(role, CODE, 'unknown role')
  return { role, account: read.id(), device: read.id(), signedAt: read.u64(), digest: read.take(32), bytes }
}

/** @param {SigRec} record @param {Bytes} dsk */
export const demandSigRec = ({ bytes }, dsk) => demandSigned(bytes, 'agree', dsk, CODE)

/** @param {Bytes} sigrec @param {Bytes} devlistHash @param {number} ts */
const noted = (sigrec, devlistHash, ts) => concat(hash32('sigrec', sigrec), devlistHash, u64(ts))

/** @param {Bytes} sigrec @param {Bytes} devlistHash @param {number} ts @param {Bytes} notarySeed @returns {Notary} */
export const notarise = (sigrec, devlistHash, ts, notarySeed) => ({
  devlistHash, ts, signature: sign(notarySeed, 'notary', noted(sigrec, devlistHash, ts)),
})

/** @param {Bytes} sigrec @param {Notary} notary @param {Bytes} notaryKey */
export function demandNotary(sigrec, { devlistHash, ts, signature }, notaryKey) {
  demand(devlistHash.length === 32 && signature.length === SIGNATURE, CODE, 'not a notary record')
  demand(Number.isSafeInteger(ts) && ts >= 0, CODE, 'not a notary record')
  const holds = verifies(notaryKey, 'notary', noted(sigrec, devlistHash, ts), signature)
  demand(holds, CODE, 'not what the hub countersigned')
}
