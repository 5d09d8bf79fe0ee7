// SIGREC: who signed an agreement, in which role and with which device.
import { concat, id, u64, u8 } from './bytes.js'
import { demandLength, demandSigned, reader, signed } from './document.js'
import { demand } from './error.js'

/** @import { Bytes } from './bytes.js' */
/**
 * @typedef {{role: 'renter' | 'owner', account: string, device: string, signedAt: number, digest: Bytes,
 *   bytes: Bytes}} SigRec
 */

const CODE = 'signature_record_invalid'
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
