// Whether an agreement holds, judged offline from its bundle alone: two parties, two devices, two times.
import { equal, fromHex, hex } from './bytes.js'
import { agreementDigest, parseAgreement, partyOf, timeOf } from './agreement.js'
import { deviceOf, parseDevList, verifyDevList } from './devlist.js'
import { dochash } from './document.js'
import { demand } from './error.js'
import { parseDlkCert, verifyDlkCert } from './dlkcert.js'
import { verifyNotary } from './notary.js'
import { demandSigRec, parseSigRec } from './sigrec.js'

/** @import { Bytes } from './bytes.js' */
/** @typedef {{sigrec: Bytes, notary: Bytes}} Signature */
/** `json`: canonical bytes. @typedef {{json: Bytes, signatures: Signature[]}} Signed */
/** @typedef {{devlists: Bytes[], dlkcerts: Bytes[], notaryKey: Bytes}} Evidence */
/** @typedef {{account: string, role: string, device: string, signedAt: number, notedAt: number}} Signer */
/**
 * @typedef {{agreement: import('./agreement.js').Agreement, digest: string, signers: Signer[],
 *   state: 'complete' | 'incomplete' | 'withdrawn', completedAt?: number}} Verdict
 */

const CODE = 'bundle_invalid'
const NAMES = {
  document: /^document\/([0-9a-f]{64})\.json$/,
  sigrec: /^sigrec\/([0-9a-f]{64}-(?:renter|owner))\.sigrec$/,
  notary: /^notary\/([0-9a-f]{64}-(?:renter|owner))\.notary$/,
  devlist: /^devlist\/([0-9a-f]{64})\.devlist$/,
  dlkcert: /^dlkcert\/([0-9a-f]{32}-[1-9]\d*)\.dlkcert$/,
  aik: /^aik\/([0-9a-f]{32})\.aik$/,
}

/**
 * Judges every document of a bundle, by the names and bytes of its files.
 * @param {Map<string, Bytes>} files
 * @param {Bytes} notaryKey of the hub that one believes in; the one in the bundle must be the same
 * @returns {Verdict[]}
 */
export function verifyBundle(files, notaryKey) {
  const parts = sorted(files)
  demand(equal(files.get('notary.key') ?? new Uint8Array(), notaryKey), CODE, 'the notary of another hub')
  const evidence = { devlists: [...parts.devlist.values()], dlkcerts: [...parts.dlkcert.values()], notaryKey }
  const signed = [...parts.document].map(([digest, json]) => ({ json, digest, signatures: signaturesOf(digest, parts) }))
  const parsed = signed.map((one) => ({ ...one, agreement: parseAgreement(one.json) }))
  for (const { json, digest, agreement } of parsed) demandWhole(agreement, json, digest, parts.aik)
  const withdrawals = parsed.filter(({ agreement }) => agreement.kind === 'withdrawal')
  return parsed
    .filter(({ agreement }) => agreement.kind !== 'withdrawal')
    .map((one) => judgeAgreement({ ...one, ...evidence, withdrawals: withdrawals.filter(names(one.digest)) }))
}

/** @param {string} digest @returns {(one: {agreement: import('./agreement.js').Agreement}) => boolean} */
const names = (digest) => ({ agreement }) => agreement.prev === digest

/** Files by kind and name; none of another name is allowed. @param {Map<string, Bytes>} files */
function sorted(files) {
  const kinds = Object.keys(NAMES)
  const parts = Object.fromEntries(kinds.map((kind) => [kind, /** @type {Map<string, Bytes>} */ (new Map())]))
  for (const [name, bytes] of files) {
    const kind = Object.entries(NAMES).find(([, form]) => form.test(name))
    demand(kind || name === 'notary.key', CODE, 'a file that a bundle does not have')
    if (kind) parts[kind[0]].set(kind[1].exec(name)?.[1] ?? '', bytes)
  }
  return parts
}

/** @param {string} digest @param {ReturnType<typeof sorted>} parts @returns {Signature[]} */
function signaturesOf(digest, parts) {
  const roles = ['owner', 'renter'].map((role) => `${digest}-${role}`).filter((name) => parts.sigrec.has(name))
  return roles.map((name) => {
    const [sigrec, notary] = [parts.sigrec.get(name), parts.notary.get(name)]
    demand(sigrec && notary, CODE, 'a signature that the hub did not countersign')
    return { sigrec, notary }
  })
}

/**
 * A document under its own name, and the parties' keys as the bundle shows them.
 * @param {import('./agreement.js').Agreement} agreement
 * @param {Bytes} json
 * @param {string} digest
 * @param {Map<string, Bytes>} aiks
 */
function demandWhole(agreement, json, digest, aiks) {
  demand(hex(agreementDigest(json)) === digest, CODE, 'a document under another name')
  for (const { account, aik } of agreement.parties) {
    demand(hex(aiks.get(account) ?? new Uint8Array()) === aik, CODE, 'another identity key than the one signed')
  }
}

/**
 * Complete with two valid signatures of two accounts, each in its role; withdrawn if a party did so in time. A
 * signature that does not hold is refused, one that is missing makes it incomplete.
 * @param {Signed & Evidence & {withdrawals?: Signed[]}} told
 * @returns {Verdict}
 */
export function judgeAgreement({ json, signatures, withdrawals = [], ...evidence }) {
  const agreement = parseAgreement(json)
  const digest = agreementDigest(json)
  const signers = signatures.map((signature) => verifySignature(agreement, digest, signature, evidence))
  demand(new Set(signers.map(({ account }) => account)).size === signers.length, CODE, 'one account signed twice')
  const told = { agreement, digest: hex(digest), signers }
  const completedAt = signers.length === 2 ? Math.max(...signers.map(({ notedAt }) => notedAt)) : Infinity
  const withdrawn = withdrawals.some((one) => withdraws(one, digest, agreement, evidence, completedAt))
  if (withdrawn) return { ...told, state: 'withdrawn' }
  return signers.length === 2 ? { ...told, state: 'complete', completedAt } : { ...told, state: 'incomplete' }
}

/**
 * One party's signature, the device list it stood in, and the hub's countersignature of both.
 * @param {import('./agreement.js').Agreement} agreement
 * @param {Bytes} digest
 * @param {Signature} signature
 * @param {Evidence} evidence
 * @returns {Signer}
 */
export function verifySignature(agreement, digest, { sigrec, notary }, evidence) {
  const record = parseSigRec(sigrec)
  demand(equal(record.digest, digest), CODE, 'signed something else')
  const party = partyOf(agreement, record.account)
  demand(party && party.role === record.role, CODE, 'not a party in this role')
  const { devlistHash, ts } = verifyNotary(notary, sigrec, evidence.notaryKey)
  demand(ts <= (timeOf(agreement.valid_until) ?? 0), CODE, 'signed after the offer had expired')
  const device = deviceOf(listOf(devlistHash, party, evidence), record.device)
  demand(device, CODE, 'the device stood in no list of its owner')
  demandSigRec(record, device.dsk)
  const { account, role, signedAt } = record
  return { account, role, device: record.device, signedAt, notedAt: ts }
}

/** @param {Bytes} hash @param {import('./agreement.js').AgreementParty} party @param {Evidence} evidence */
function listOf(hash, { account, aik }, { devlists, dlkcerts }) {
  const bytes = devlists.find((one) => equal(dochash(one), hash))
  demand(bytes, CODE, 'the device list is not in the bundle')
  const { epoch } = parseDevList(bytes)
  const found = dlkcerts.find((one) => isCertOf(one, account, epoch))
  demand(found, CODE, 'the certificate is not in the bundle')
  // The certificate was judged by the clock when it was new; here only its signature counts.
  return verifyDevList(bytes, verifyDlkCert(found, account, fromHex(aik, 32), Number.MAX_SAFE_INTEGER))
}

/** @param {Bytes} bytes @param {string} account @param {number} epoch */
function isCertOf(bytes, account, epoch) {
  const cert = parseDlkCert(bytes)
  return cert.account === account && cert.epoch === epoch
}

/**
 * Whether a withdrawal counts: it names the digest, a party signed it, and the hub saw it in time.
 * @param {Signed} withdrawal
 * @param {Bytes} digest
 * @param {import('./agreement.js').Agreement} agreement
 * @param {Evidence} evidence
 * @param {number} completedAt
 */
function withdraws({ json, signatures }, digest, agreement, evidence, completedAt) {
  const said = parseAgreement(json)
  const about = said.kind === 'withdrawal' && said.prev === hex(digest)
  demand(about && sameParties(said, agreement), CODE, 'a withdrawal of something else')
  const signers = signatures.map((one) => verifySignature(said, agreementDigest(json), one, evidence))
  return signers.some(({ notedAt }) => notedAt <= completedAt)
}

/** @param {import('./agreement.js').Agreement} a @param {import('./agreement.js').Agreement} b */
const sameParties = (a, b) =>
  a.parties.every(({ account, aik, role }) => {
    const party = partyOf(b, account)
    return party?.aik === aik && party.role === role
  })
