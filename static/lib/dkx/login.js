// The signature by which a device proves its key when it signs in, bound to the hub's origin.
import { concat, id, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'
import { hash32, sign, verifies } from './primitive.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'login_invalid'

/** scheme://host[:port]: lower case, punycode, no default port, no final slash. @param {string} url */
export function canonicalOrigin(url) {
  const { origin } = orRefuse(CODE, 'not an address', () => new URL(url))
  demand(origin !== 'null', CODE, 'no origin')
  return origin
}

/** @param {{challenge: Bytes, origin: string, account: string, device: string}} told */
function message({ challenge, origin, account, device }) {
  demand(challenge.length === 32, CODE, 'the challenge has 32 bytes')
  demand(canonicalOrigin(origin) === origin, CODE, 'the origin is not in its canonical form')
  return concat(challenge, hash32('origin', utf8(origin)), id(account), id(device))
}

/** @param {{challenge: Bytes, origin: string, account: string, device: string}} told @param {Bytes} dskSeed */
export const signLogin = (told, dskSeed) => sign(dskSeed, 'login', message(told))

/**
 * @param {{challenge: Bytes, origin: string, account: string, device: string}} told
 * @param {Bytes} signature
 * @param {Bytes} dsk
 */
export const verifyLogin = (told, signature, dsk) =>
  demand(verifies(dsk, 'login', message(told), signature), CODE, 'the signature does not hold')
