// DLKCERT: the account's identity key says which device-list key is in force, by epoch.
import { concat, equal, id, u32, u64, u8 } from './bytes.js'
import { DAY, demandLength, demandSigned, reader, signed } from './document.js'
import { demand } from './error.js'
import { demandSigningKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{account: string, epoch: number, dlk: Bytes, notBefore: number, bytes: Bytes}} DlkCert */

const CODE = 'dlkcert_invalid'
const LENGTH = 126

/** @param {{account: string, epoch: number, dlk: Bytes, notBefore: number}} told @param {Bytes} aikSeed */
export const makeDlkCert = ({ account, epoch, dlk, notBefore }, aikSeed) =>
  signed(aikSeed, 'dlkcert', concat(u8(1), u8(1), id(account), u32(epoch), dlk, u64(notBefore)))

/** Its fields; the signature is not looked at. @param {Bytes} bytes @returns {DlkCert} */
export function parseDlkCert(bytes) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  read.expect(1, 1)
  const cert = { account: read.id(), epoch: read.u32(), dlk: read.take(32), notBefore: read.u64(), bytes }
  demand(cert.epoch >= 1, CODE, 'epochs start at 1')
  demandSigningKey(cert.dlk, CODE)
  return cert
}

/** @param {Bytes} bytes @param {string} account @param {Bytes} aik @param {number} now @returns {DlkCert} */
export function verifyDlkCert(bytes, account, aik, now) {
  const cert = parseDlkCert(bytes)
  demand(cert.account === account, CODE, 'of another account')
  demand(cert.notBefore <= now + DAY, CODE, 'not valid yet')
  demandSigned(bytes, 'dlkcert', demandSigningKey(aik, CODE), CODE)
  return cert
}

/**
 * The newest of what is known and what came; a lower epoch is a rollback, another one of the same epoch a fork.
 * @param {DlkCert | undefined} known
 * @param {DlkCert} came
 */
export function newerDlkCert(known, came) {
  if (!known) return came
  demand(came.epoch >= known.epoch, 'dlkcert_rollback', 'an epoch lower than the one known')
  const fork = came.epoch === known.epoch && !equal(came.bytes, known.bytes)
  demand(!fork, 'dlkcert_fork', 'two certificates of one epoch')
  return came
}
