// Linking a new device: by a scanned code, or by six digits that both devices show.
import { b64u, concat, equal, fromB64u, fromHex, hex, id, isZero, random, zeros } from './bytes.js'
import { reader } from './document.js'
import { demand, orRefuse } from './error.js'
import { canonical, parseCanonical } from './jcs.js'
import { agree, boxKey, demandBoxKey, demandSigningKey, hash, hash32, label, seal, signingKey, unseal } from './primitive.js'
import { makeQr, parseQr } from './qr.js'

/** @import { Bytes } from './bytes.js' */
/** What the new device shows of itself. @typedef {{link: string, dsk: Bytes, dbk: Bytes, eph: Bytes}} Offer */

const CODE = 'link_invalid'
const PREFIX = 'dk1:'
export const LINK_LIFE = 300_000
export const LINK_TRIES = 5
export const NO_SECRET = zeros(32)

/** @param {Offer & {secret: Bytes}} offer */
export function linkQr({ link, dsk, dbk, eph, secret }) {
  demand(!isZero(secret), CODE, 'a code without a secret')
  return makeQr(PREFIX, concat(id(link), dsk, dbk, eph, secret))
}

/** @param {string} text @returns {Offer & {secret: Bytes}} */
export function parseLinkQr(text) {
  const read = parseQr(text, PREFIX, 144, CODE)
  const offer = readOffer(read.id(), read)
  const secret = read.take(32)
  demand(!isZero(secret), CODE, 'a code without a secret')
  return { ...offer, secret }
}

/** @param {string} link @param {ReturnType<typeof reader>} read @returns {Offer} */
const readOffer = (link, read) => ({
  link,
  dsk: demandSigningKey(read.take(32), CODE),
  dbk: demandBoxKey(read.take(32), CODE),
  eph: demandBoxKey(read.take(32), CODE),
})

/**
 * The key of a link, the same on both devices: each gives its own ephemeral secret and the other's public half.
 * @param {Offer} offer
 * @param {Bytes} existingEph public half of the existing device
 * @param {Bytes} shared `linkAgreement` of the two ephemeral keys
 * @param {Bytes} secret of the code, or `NO_SECRET` by digits
 */
export function linkKey({ link, dsk, dbk, eph }, existingEph, shared, secret) {
  const key = hash(64, concat(label('linkdh'), shared, secret))
  return hash(32, concat(label('link'), id(link), dsk, dbk, eph, existingEph), key)
}

/** @param {Bytes} mine secret half @param {Bytes} theirs public half */
export const linkAgreement = (mine, theirs) => agree(mine, theirs)

/** Both ephemeral halves. @param {Bytes} [secret] */
export const ephemeral = (secret = random(32)) => ({ secret, key: boxKey(secret) })

/** The six digits that a person compares. @param {Bytes} key @param {Offer} offer @param {Bytes} existingEph */
export function linkDigits(key, { link, dsk, dbk, eph }, existingEph) {
  const digest = hash(8, concat(label('sas'), key, id(link), dsk, dbk, eph, existingEph))
  return String(BigInt(`0x${hex(digest)}`) % 1_000_000n).padStart(6, '0')
}

/** What the new device commits to before it sees the other's key. @param {Offer} offer @param {Bytes} rand */
export const linkCommit = ({ link, dsk, dbk, eph }, rand) => hash32('sascommit', id(link), dsk, dbk, eph, rand)

/**
 * What the new device reveals: dsk, dbk, its ephemeral key, and the random that hid them.
 * @param {Offer} offer
 * @param {Bytes} rand
 */
export const linkReveal = ({ dsk, dbk, eph }, rand) => concat(dsk, dbk, eph, rand)

/** @param {string} link @param {Bytes} bytes @returns {{offer: Offer, rand: Bytes}} */
export function parseLinkReveal(link, bytes) {
  const read = reader(bytes, CODE)
  const offer = readOffer(link, read)
  const rand = read.take(32)
  read.end()
  return { offer, rand }
}

/** Whether what was revealed is what was committed to. @param {Bytes} commit @param {Offer} offer @param {Bytes} rand */
export const demandRevealed = (commit, offer, rand) =>
  demand(rand.length === 32 && equal(linkCommit(offer, rand), commit), 'link_mismatch', 'not what was committed to')

/**
 * One use, five minutes, five tries; gives the state to keep.
 * @param {{made: number, tries: number, used: boolean}} state
 * @param {number} now
 */
export function tryLink(state, now) {
  const open = !state.used && state.tries < LINK_TRIES && now >= state.made && now - state.made <= LINK_LIFE
  demand(open, 'link_expired', 'this link was used, tried too often or is too old')
  return { ...state, tries: state.tries + 1 }
}

/**
 * Whether the new device stands in the list of the account it expected, with its own keys.
 * @param {import('./devlist.js').DevList} list a verified one
 * @param {{account: string, device: string, dsk: Bytes, dbk: Bytes}} self
 */
export function demandListed(list, { account, device, dsk, dbk }) {
  demand(list.account === account, CODE, 'linked to another account')
  const row = list.devices.find((one) => one.device === device)
  demand(row && equal(row.dsk, dsk) && equal(row.dbk, dbk), CODE, 'this device is not in the list')
}

/**
 * What the new device needs to be one of them. `aik` is the public key; a pin brings the newest documents known.
 * @typedef {{account: string, aik: Bytes, verified: boolean, cert: Bytes | null, list: Bytes | null}} LinkPin
 * @typedef {{aik: Bytes, bk: Bytes, dlkSeed: Bytes, dlkCert: Bytes, pins: LinkPin[],
 *   chains?: import('./record.js').ChainRecord[]}} LinkBundle
 */

/** @param {Bytes} key @param {string} link @param {LinkBundle} bundle @param {Bytes} [nonce] */
export const sealBundle = (key, link, bundle, nonce = random(24)) => sealBundleText(key, link, written(bundle), nonce)

/** @param {Bytes} key @param {string} link @param {Bytes} text @param {Bytes} nonce */
export const sealBundleText = (key, link, text, nonce) => concat(nonce, seal(key, nonce, text, bundleAd(link)))

/** @param {string} link */
const bundleAd = (link) => concat(label('bundle'), id(link))

/** @param {LinkBundle} bundle */
function written({ aik, bk, dlkSeed, dlkCert, pins, chains }) {
  const fields = { aik: b64u(aik), bk: b64u(bk), dlk_seed: b64u(dlkSeed), dlkcert: b64u(dlkCert), pins: pins.map(pinRow), v: 1 }
  return canonical(chains ? { ...fields, chains: chains.map(chainRow) } : fields)
}

/** @param {LinkPin} pin */
const pinRow = ({ account, aik, verified, cert, list }) =>
  [account, b64u(aik), verified, cert && b64u(cert), list && b64u(list)]

/** @param {import('./record.js').ChainRecord} record */
const chainRow = ({ room, device, chain, account, start, ck, csk, rosterHash }) =>
  [room, device, chain, account, start, b64u(ck), b64u(csk), hex(rosterHash)]

/** @param {Bytes} key @param {string} link @param {Bytes} sealed @returns {LinkBundle} */
export function openBundle(key, link, sealed) {
  demand(sealed.length > 40, CODE, 'too short')
  const told = parseCanonical(unseal(key, sealed.slice(0, 24), sealed.slice(24), bundleAd(link), CODE))
  return orRefuse(CODE, 'not a bundle', () => read(told))
}

/** @param {any} told @returns {LinkBundle} */
function read(told) {
  const names = Object.keys(told).filter((name) => name !== 'chains').join()
  demand(told.v === 1 && names === 'aik,bk,dlk_seed,dlkcert,pins,v' && Array.isArray(told.pins), CODE, 'not a bundle')
  const [aik, bk, dlkSeed] = [told.aik, told.bk, told.dlk_seed].map((text) => sized(text, 32))
  demand(equal(signingKey(dlkSeed), sized(told.dlkcert, 126).slice(22, 54)), CODE, 'not the key certified')
  const bundle = { aik: demandSigningKey(aik, CODE), bk, dlkSeed, dlkCert: sized(told.dlkcert, 126), pins: told.pins.map(readPin) }
  return 'chains' in told ? { ...bundle, chains: told.chains.map(readChain) } : bundle
}

/** @param {string} text @param {number} length */
function sized(text, length) {
  const bytes = fromB64u(text)
  demand(bytes.length === length, CODE, `not ${length} bytes`)
  return bytes
}

/** @param {[string, string, boolean, string | null, string | null]} row @returns {LinkPin} */
function readPin([account, aik, verified, cert, list, ...more]) {
  id(account)
  demand(more.length === 0 && typeof verified === 'boolean', CODE, 'not a pin')
  const documents = { cert: cert === null ? null : sized(cert, 126), list: list === null ? null : fromB64u(list) }
  return { account, aik: demandSigningKey(sized(aik, 32), CODE), verified, ...documents }
}

/** @param {[string, string, string, string | null, number, string, string, string]} row */
function readChain([room, device, chain, account, start, ck, csk, rosterHash, ...more]) {
  for (const name of [room, device, chain]) id(name)
  demand(more.length === 0 && Number.isInteger(start) && start >= 0 && start < 2 ** 32, CODE, 'not a chain')
  if (account !== null) id(account)
  const hash = fromHex(rosterHash, rosterHash.length === 32 ? 16 : 32)
  const keys = { start, ck: sized(ck, 32), csk: demandSigningKey(sized(csk, 32), CODE), rosterHash: hash }
  return { room, device, chain, account, ...keys }
}
