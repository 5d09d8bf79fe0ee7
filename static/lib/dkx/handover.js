// The code that one neighbour shows and the other scans when a thing changes hands.
import { concat, id, u8 } from './bytes.js'
import { demand } from './error.js'
import { demandSigningKey } from './primitive.js'
import { makeQr, parseQr } from './qr.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'handover_code_invalid'
const PREFIX = 'dk1h:'

/**
 * The code that proves a handover (kind 1) or a return (kind 2), shown by whoever receives the thing.
 * @param {{rental: string, kind: number, secret: Bytes, aik: Bytes}} told
 */
export const handoverQr = ({ rental, kind, secret, aik }) =>
  makeQr(PREFIX, concat(u8(1), id(rental), u8(kind), secret, aik))

/** @param {string} text */
export function parseHandoverQr(text) {
  const read = parseQr(text, PREFIX, 66, CODE)
  read.expect(1)
  const told = { rental: read.id(), kind: read.u8(), secret: read.take(16), aik: demandSigningKey(read.take(32), CODE) }
  demand(told.kind === 1 || told.kind === 2, CODE, 'unknown kind')
  return told
}
