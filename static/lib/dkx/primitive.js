// The primitives of DKX-1 section 1 over @noble: labelled BLAKE2b and Ed25519, X25519, XChaCha20-Poly1305.
import { blake2b, ed25519, x25519, xchacha20poly1305 } from '../vendor.js'
import { concat, hex, utf8 } from './bytes.js'
import { demand, orRefuse } from './error.js'

/** @import { Bytes } from './bytes.js' */

/** `"DKv1:" name 0x00`: keeps the uses of one primitive apart. @param {string} name */
export const label = (name) => utf8(`DKv1:${name}\0`)

/**
 * H_n(m, key): BLAKE2b of `length` bytes.
 * @param {number} length
 * @param {Bytes} message
 * @param {Bytes} [key]
 * @returns {Bytes}
 */
export const hash = (length, message, key) => blake2b(message, key?.length ? { dkLen: length, key } : { dkLen: length })

/** The hash of a label and parts, 32 bytes. @param {string} name @param {...Bytes} parts */
export const hash32 = (name, ...parts) => hash(32, concat(label(name), ...parts))

/** The hash of a label and parts, 16 bytes. @param {string} name @param {...Bytes} parts */
export const hash16 = (name, ...parts) => hash(16, concat(label(name), ...parts))

/** @param {Bytes} seed */
export const signingKey = (seed) => ed25519.getPublicKey(seed)

/** @param {Bytes} secret */
export const boxKey = (secret) => x25519.getPublicKey(secret)

/** Sig(sk, name, m). @param {Bytes} seed @param {string} name @param {Bytes} message */
export const sign = (seed, name, message) => ed25519.sign(concat(label(name), message), seed)

/**
 * Whether a signature holds. Judged as libsodium judges: canonical S and R, R and key in the prime-order subgroup;
 * noble alone would take torsion in either.
 * @param {Bytes} key
 * @param {string} name
 * @param {Bytes} message
 * @param {Bytes} signature
 */
export function verifies(key, name, message, signature) {
  if (signature.length !== 64 || !isSigningKey(key)) return false
  const signed = ed25519.verify(signature, concat(label(name), message), key, { zip215: false })
  return signed && isPrimeOrder(signature.subarray(0, 32))
}

/** Keys that passed: the check costs a scalar multiplication, and a room meets the same few keys again and again. */
const KNOWN = new Set()
const KNOWN_MOST = 4096
const ANY_SECRET = new Uint8Array(32).fill(1)

/** Whether 32 bytes are an Ed25519 key that every library judges alike. @param {Bytes} key */
export function isSigningKey(key) {
  const name = hex(key)
  if (KNOWN.has(name)) return true
  if (!isPrimeOrder(key)) return false
  know(name)
  return true
}

/** @param {string} name */
function know(name) {
  if (KNOWN.size >= KNOWN_MOST) KNOWN.clear()
  KNOWN.add(name)
}

/**
 * Refuses an X25519 key of small order, with which every agreement gives zeros; gives the key itself.
 * @param {Bytes} key
 * @param {string} [code] of the document it stands in
 */
export function demandBoxKey(key, code = 'key_invalid') {
  const name = `box${hex(key)}`
  if (KNOWN.has(name)) return key
  // Any secret shows it: scalars are multiples of the cofactor.
  agree(ANY_SECRET, key, code)
  know(name)
  return key
}

/** Canonical, in the prime-order subgroup, not the identity. @param {Bytes} encoded */
function isPrimeOrder(encoded) {
  try {
    const point = ed25519.Point.fromBytes(encoded, false)
    return !point.is0() && point.isTorsionFree()
  } catch {
    return false
  }
}

/**
 * Refuses a key that libraries judge differently; gives the key itself.
 * @param {Bytes} key
 * @param {string} [code] of the document it stands in
 */
export function demandSigningKey(key, code = 'key_invalid') {
  demand(isSigningKey(key), code, 'not a canonical point of the prime-order subgroup')
  return key
}

/**
 * DH; a result of zeros, which a key of small order gives, is refused.
 * @param {Bytes} secret
 * @param {Bytes} key
 * @param {string} [code]
 */
export const agree = (secret, key, code = 'key_invalid') =>
  orRefuse(code, 'the agreement gives zeros', () => x25519.getSharedSecret(secret, key))

/** AE. @param {Bytes} key @param {Bytes} nonce @param {Bytes} text @param {Bytes} ad */
export const seal = (key, nonce, text, ad) => xchacha20poly1305(key, nonce, ad).encrypt(text)

/**
 * Opens AE, or refuses with `code`.
 * @param {Bytes} key
 * @param {Bytes} nonce
 * @param {Bytes} sealed
 * @param {Bytes} ad
 * @param {string} code
 */
export const unseal = (key, nonce, sealed, ad, code) =>
  orRefuse(code, 'does not open', () => xchacha20poly1305(key, nonce, ad).decrypt(sealed))
