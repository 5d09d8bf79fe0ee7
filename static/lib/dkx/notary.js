// NOTARY 104: the hub's countersignature of a signature record: the signer's device list then, and the time.
import { concat, u64 } from './bytes.js'
import { demandLength, reader } from './document.js'
import { demand } from './error.js'
import { hash32, sign, verifies } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{devlistHash: Bytes, ts: number, signature: Bytes}} Notary */

const CODE = 'notary_record_invalid'
const LENGTH = 104

/** @param {Bytes} sigrec @param {Bytes} told the first 40 bytes of the record */
const noted = (sigrec, told) => concat(hash32('sigrec', sigrec), told)

/** @param {Bytes} sigrec @param {{devlistHash: Bytes, ts: number}} told @param {Bytes} notarySeed */
export function makeNotary(sigrec, { devlistHash, ts }, notarySeed) {
  const told = concat(devlistHash, u64(ts))
  return concat(told, sign(notarySeed, 'notary', noted(sigrec, told)))
}

/** @param {Bytes} bytes @returns {Notary} */
export function parseNotary(bytes) {
  demandLength(bytes, LENGTH, CODE)
  const read = reader(bytes, CODE)
  return { devlistHash: read.take(32), ts: read.u64(), signature: read.take(64) }
}

/** @param {Bytes} bytes @param {Bytes} sigrec @param {Bytes} notaryKey @returns {Notary} */
export function verifyNotary(bytes, sigrec, notaryKey) {
  const notary = parseNotary(bytes)
  const holds = verifies(notaryKey, 'notary', noted(sigrec, bytes.subarray(0, 40)), notary.signature)
  demand(holds, CODE, 'not what the hub countersigned')
  return notary
}
