// Signed agreements: what both parties sign, in canonical JSON that the hub can read too.
import { fromHex, isId } from './bytes.js'
import { demand } from './error.js'
import { canonical, parseCanonical } from './jcs.js'
import { demandSigningKey, hash32 } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{account: string, aik: string, role: 'renter' | 'owner'}} AgreementParty */
/** @typedef {Record<string, any> & {kind: string, parties: AgreementParty[], valid_until: string}} Agreement */

const CODE = 'agreement_invalid'
const KINDS = new Set(['agreement', 'amendment', 'return', 'withdrawal'])
/** @param {unknown} value */
const isText = (value) => typeof value === 'string' && value !== ''
/** @param {unknown} value */
const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
/** @param {unknown} value a time of a day that exists */
const isTime = (value) => typeof value === 'string' && timeOf(value) !== undefined

/** @type {(least: number) => (value: unknown) => boolean} */
const from = (least) => (value) => Number.isSafeInteger(value) && Number(value) >= least
/** @param {unknown} value */
const isCurrency = (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value)

const FIELDS = Object.freeze({
  v: (/** @type {unknown} */ value) => value === 1,
  kind: (/** @type {any} */ value) => KINDS.has(value),
  hub: isText, room: isId, rental: isId, offer_rev: from(1), valid_until: isTime, parties: areParties,
  item: isText, from: isTime, to: isTime, price_cents: from(0), deposit_cents: from(0),
  currency: isCurrency, terms_hash: isHash,
})

/** @param {unknown} parties */
function areParties(parties) {
  if (!Array.isArray(parties) || parties.length !== 2 || !parties.every(isParty)) return false
  const [one, other] = parties
  return one.account !== other.account && one.aik !== other.aik && one.role !== other.role
}

/** @param {any} party */
const isParty = (party) =>
  typeof party === 'object' && party !== null && Object.keys(party).sort().join() === 'account,aik,role' &&
  isId(party.account) && isHash(party.aik) && ['renter', 'owner'].includes(party.role)

/** Milliseconds of `YYYY-MM-DDTHH:MM:SSZ`, or undefined. @param {string} text */
export function timeOf(text) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return undefined
  const ms = Date.parse(text)
  // The 30th of February becomes a day in March: written again it is another text.
  return Number.isNaN(ms) || new Date(ms).toISOString() !== text.replace('Z', '.000Z') ? undefined : ms
}

/** The canonical bytes of an agreement, whose every field was checked. @param {Agreement} agreement */
export function makeAgreement(agreement) {
  const bytes = canonical(agreement)
  check(agreement)
  return bytes
}

/** @param {Bytes} bytes @returns {Agreement} */
export function parseAgreement(bytes) {
  const agreement = parseCanonical(bytes)
  check(agreement)
  return agreement
}

/** @param {any} agreement */
function check(agreement) {
  demand(typeof agreement === 'object' && agreement !== null && !Array.isArray(agreement), CODE, 'not an object')
  const { prev, ...fields } = agreement
  demand(Object.keys(fields).sort().join() === Object.keys(FIELDS).sort().join(), CODE, 'missing or unknown fields')
  for (const [name, holds] of Object.entries(FIELDS)) demand(holds(fields[name]), CODE, `${name} is wrong`)
  demand('prev' in agreement === (agreement.kind !== 'agreement'), CODE, 'prev stands in all but the first')
  demand(prev === undefined || isHash(prev), CODE, 'prev is wrong')
  demand(fields.from < fields.to, CODE, 'it ends before it begins')
  for (const { aik } of fields.parties) demandSigningKey(fromHex(aik, 32), CODE)
}

/** @param {Bytes} bytes canonical */
export const agreementDigest = (bytes) => hash32('agreement', bytes)

/** @param {Agreement} agreement @param {string} account */
export const partyOf = (agreement, account) => agreement.parties.find((party) => party.account === account)
