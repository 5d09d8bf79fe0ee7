// The only door to vendored code: whoever needs a library imports it from here, so that no import map is needed.
export { argon2idAsync, blake2b, ed25519, hmac, sha256, sha512, x25519, xchacha20poly1305 } from '../vendor/noble.js'
