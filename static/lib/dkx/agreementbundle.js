// Whether an agreement holds, judged offline from its bundle alone: two parties, two devices, two times.
import { equal, fromHex, hex } from './bytes.js'
import { agreementDigest, parseAgreement, partyOf, timeOf } from './agreement.js'
import { deviceOf, parseDevList, verifyDevList } from './devlist.js'
import { dochash } from './document.js'
import { DkxError, demand } from './error.js'
import { parseDlkCert, verifyDlkCert } from './dlkcert.js'
import { demandNotary, demandSigRec, parseSigRec } from './sigrec.js'

/** @typedef {import('./bytes.js').Bytes} Bytes */
/** @typedef {{sigrec: Bytes, notary: import('./sigrec.js').Notary}} Signature */
/** `json`: canonical bytes. @typedef {{json: Bytes, signatures: Signature[]}} Signed */
/** @typedef {{devlists: Bytes[], dlkcerts: Bytes[], notaryKey: Bytes}} Evidence */
/** @typedef {{account: string, role: string, device: string, signedAt: number, notedAt: number}} Signer */

const CODE = 'agreement_invalid'

/**
 * Two valid signatures of two accounts, each in its role, and no withdrawal in time.
 * @param {Signed & Evidence & {withdrawals?: Signed[]}} bundle
 */
export function verifyAgreement({ json, signatures, withdrawals = [], ...evidence }) {
  const agreement = parseAgreement(json)
  const digest = agreementDigest(json)
  demand(signatures.length === 2, CODE, 'not two signatures')
  const signers = signatures.map((signature) => verifySignature(agreement, digest, signature, evidence))
  demand(signers[0].account !== signers[1].account, CODE, 'one account signed twice')
  const completedAt = Math.max(...signers.map(({ notedAt }) => notedAt))
  const withdrawn = withdrawals.some((one) => withdraws(one, digest, agreement, evidence, completedAt))
  if (withdrawn) throw new DkxError('agreement_withdrawn', 'withdrawn before both had signed')
  return { agreement, digest, signers, completedAt }
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
  demandNotary(sigrec, notary, evidence.notaryKey)
  demand(notary.ts <= (timeOf(agreement.valid_until) ?? 0), CODE, 'signed after the offer had expired')
  const list = listOf(notary.devlistHash, party, evidence)
  const device = deviceOf(list, record.device)
  demand(device, CODE, 'the device stood in no list of its owner')
  demandSigRec(record, device.dsk)
  const { account, role, signedAt } = record
  return { account, role, device: record.device, signedAt, notedAt: notary.ts }
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
  const names = said.kind === 'withdrawal' && said.prev === hex(digest)
  demand(names && sameParties(said, agreement), CODE, 'a withdrawal of something else')
  const signers = signatures.map((one) => verifySignature(said, agreementDigest(json), one, evidence))
  demand(signers.length > 0, CODE, 'a withdrawal that nobody signed')
  return signers.some(({ notedAt }) => notedAt <= completedAt)
}

/** @param {import('./agreement.js').Agreement} a @param {import('./agreement.js').Agreement} b */
const sameParties = (a, b) =>
  a.parties.every(({ account, aik, role }) => {
    const party = partyOf(b, account)
    return party?.aik === aik && party.role === role
  })
