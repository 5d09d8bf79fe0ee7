// Whether a bundle proves what it says, without asking anybody: who signed what and when, or why not (e2ee.md §9).
import { fromHex, hex } from './bytes.js'
import { partyOf, timeOf } from './agreement.js'
import { parseBundle } from './bundle.js'
import { deviceOf, verifyDevList } from './devlist.js'
import { DkxError, refuse } from './error.js'
import { verifyDlkCert } from './dlkcert.js'
import { parseNotary, verifyNotary } from './notary.js'
import { demandSigRec } from './sigrec.js'

/** @import { Bundle, Signed, Witnessed } from './bundle.js' */
/** Times in milliseconds since 1970: by the signer's clock, and by the hub's. @typedef {{account: string, role: string, device: string, signedAt: number, notedAt: number}} Signer */
/** `late`: a withdrawal that came after both had signed changes nothing. @typedef {{agreement: import('./agreement.js').Agreement, digest: string, signers: Signer[], late: boolean}} Verdict */

/**
 * Judges an archive. Whether `notary` is the hub's key, and an identity key its person's, is the caller's to compare.
 * @param {import('./bytes.js').Bytes} archive
 * @returns {{notary: import('./bytes.js').Bytes, documents: Verdict[]}}
 */
export function verifyBundle(archive) {
  const bundle = parseBundle(archive)
  const ordered = inOrder(bundle)
  demandIdentities(bundle, ordered[0])
  const judged = ordered.map((signed) => judge(bundle, signed))
  demandUsed(bundle)
  return { notary: bundle.notary, documents: judged.map((one) => weigh(one, judged)) }
}

/** The agreement, then what follows it, each before what follows it in turn; withdrawals last. @param {Bundle} bundle @returns {Signed[]} */
function inOrder({ documents }) {
  const of = (/** @type {string} */ kind) => documents.filter(({ agreement }) => agreement.kind === kind)
  const [first, ...more] = of('agreement')
  if (!first || more.length) refuse('agreement_missing', 'exactly one agreement begins a bundle')
  const withdrawals = of('withdrawal')
  const chain = followed(first, documents.filter((one) => one !== first && !withdrawals.includes(one)))
  const known = new Set(chain.map(({ digest }) => digest))
  const lost = chain.length + withdrawals.length < documents.length || withdrawals.some(({ agreement }) => !known.has(agreement.prev))
  if (lost) refuse('follows_nothing', 'a document follows none of the others')
  const ordered = [...chain, ...withdrawals]
  if (!ordered.every(({ agreement }) => sameRental(agreement, first.agreement))) refuse('another_rental', 'different rentals or parties')
  return ordered
}

/** @param {Signed} first @param {Signed[]} others */
function followed(first, others) {
  const chain = [first]
  for (;;) {
    const last = /** @type {Signed} */ (chain.at(-1))
    const following = others.filter(({ agreement }) => agreement.prev === last.digest)
    if (following.length === 0) return chain
    if (following.length > 1 || last.agreement.kind === 'return') refuse('fork', 'two documents follow one, or one follows the return')
    chain.push(following[0])
  }
}

/** @param {any} one @param {any} other */
const sameRental = (one, other) => ['hub', 'room', 'rental'].every((name) => one[name] === other[name])
  && one.parties.every((/** @type {any} */ { account, aik, role }) => {
    const party = partyOf(other, account)
    return party?.aik === aik && party.role === role
  })

/** @param {Bundle} bundle @param {Signed} first */
function demandIdentities({ aiks }, { agreement }) {
  const named = agreement.parties.every(({ account, aik }) => hex(aiks.get(account) ?? new Uint8Array()) === aik)
  if (!named || aiks.size !== agreement.parties.length) refuse('identity_differs', 'other identity keys than the parties\'')
}

/** Two signatures of both parties; of a withdrawal one. @param {Bundle} bundle @param {Signed} signed @returns {Verdict} */
function judge(bundle, { agreement, digest, signatures }) {
  const wanted = agreement.kind === 'withdrawal' ? 1 : 2
  if (signatures.length < wanted) refuse('signature_missing', agreement.kind)
  if (signatures.length > wanted) refuse('signature_surplus', agreement.kind)
  return { agreement, digest, late: false, signers: signatures.map((one) => signerOf(bundle, agreement, digest, one)) }
}

/** @param {Bundle} bundle @param {any} agreement @param {string} digest @param {Witnessed} signature @returns {Signer} */
function signerOf(bundle, agreement, digest, { role, record, notary }) {
  if (record.role !== role) refuse('signature_invalid', 'in another role than its name says')
  const party = agreement.parties.find((/** @type {any} */ one) => one.role === role)
  const { devlistHash, ts } = parseNotary(notary)
  const list = listOf(bundle, party, hex(devlistHash))
  const device = deviceOf(list, record.device)
  if (list.account === record.account && !device) refuse('device_not_listed', 'not in its account\'s list when the notary signed')
  const right = record.account === party.account && list.account === party.account && hex(record.digest) === digest
  if (!right || !device) refuse('signature_invalid', 'of somebody or something else')
  orRefuse('signature_invalid', () => demandSigRec(record, device.dsk))
  orRefuse('notary_invalid', () => verifyNotary(notary, record.bytes, bundle.notary))
  if (ts > (timeOf(agreement.valid_until) ?? 0)) refuse('expired', 'signed after the offer had expired')
  return { account: party.account, role, device: record.device, signedAt: record.signedAt, notedAt: ts }
}

/** The device list that the notary named, verified up to the identity key in the agreement. @param {Bundle} bundle @param {any} party @param {string} name */
function listOf({ lists, certs }, { aik }, name) {
  const known = lists.get(name)
  const cert = known && certs.get(`${known.account}-${known.epoch}`)
  if (!cert) refuse('list_missing', 'a device list or its certificate is not there')
  // The certificate was judged by the clock when it was new; here only its signature counts.
  return orRefuse('list_invalid', () => verifyDevList(known.bytes, verifyDlkCert(cert.bytes, known.account, fromHex(aik, 32), Number.MAX_SAFE_INTEGER)))
}

/** No list or certificate that nobody needs. @param {Bundle} bundle */
function demandUsed({ documents, lists, certs }) {
  const named = new Set(documents.flatMap(({ signatures }) => signatures.map(({ notary }) => hex(parseNotary(notary).devlistHash))))
  const places = new Set([...lists.values()].map(({ account, epoch }) => `${account}-${epoch}`))
  const needless = [...lists.keys()].some((name) => !named.has(name)) || [...certs.keys()].some((place) => !places.has(place))
  if (needless) refuse('file_surplus', 'a device list or certificate nobody needs')
}

/** A withdrawal counts unless it came after the later of the two signatures. @param {Verdict} one @param {Verdict[]} all @returns {Verdict} */
function weigh(one, all) {
  if (one.agreement.kind !== 'withdrawal') return one
  const withdrawn = all.find(({ digest }) => digest === one.agreement.prev)
  const completed = Math.max(...(withdrawn?.signers ?? []).map(({ notedAt }) => notedAt))
  if (one.signers[0].notedAt <= completed) refuse('withdrawn', 'before both had signed')
  return { ...one, late: true }
}

/** @template T @param {string} refusal @param {() => T} verify @returns {T} */
function orRefuse(refusal, verify) {
  try {
    return verify()
  } catch (error) {
    if (error instanceof DkxError) refuse(refusal, error.message)
    throw error
  }
}
