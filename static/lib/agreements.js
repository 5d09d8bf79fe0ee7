// Signing what was agreed: offered when there is something to sign, signed when the person says so (e2ee.md §9).
import { agreementDigest, makeAgreement, parseAgreement, timeOf } from './dkx/agreement.js'
import { b64u, fromB64u, hex } from './dkx/bytes.js'
import { verifyBundle } from './dkx/verdict.js'
import { DkxError, orRefuse } from './dkx/error.js'
import { OWNER, RENTER, memberOf } from './dkx/roster.js'
import { makeSigRec } from './dkx/sigrec.js'
import { LONGEST, differing, expectedFields, factsOf } from './agreed.js'
import { HubRefused } from './errors.js'

const NOTHING = new Set(['nothing_to_sign', 'rental_not_found'])
const ROLES = /** @type {const} */ (['renter', 'owner'])
const NUMBERS = { renter: RENTER, owner: OWNER }
/** The log may be a moment behind the hub's view. */
const PATIENCE = 5000
const LOOK = 100

/** @param {string[]} fields */
const differs = (fields) => new DkxError('agreement_differs', fields.join(', '))

/** The hub drafts and keeps the documents; each is compared with the room's log before it is shown. */
export class Agreements {
  /** @param {import('./engine.js').Engine} engine */
  constructor({ device, rosters, log, http }) {
    this.device = device
    this.rosters = rosters
    this.trust = rosters.trust
    this.log = log
    this.http = http
  }

  /**
   * What there is to sign now, if anything; `waiting`: the other party has signed it already. DkxError
   * ('agreement_differs') when the hub's document says something else than the room's log; Alarm when an identity in it
   * is not the one that is pinned.
   * @param {string} rental
   * @returns {Promise<{document: string, says: any, waiting: boolean} | null>} `document` is what `sign` takes
   */
  offered(rental) {
    return this.#drafted(rental).catch((/** @type {any} */ error) => {
      // It may have moved on between two questions; a lie stays one.
      if (error instanceof DkxError && error.code === 'agreement_differs') return this.#drafted(rental)
      throw error
    })
  }

  /** @param {string} rental @returns {ReturnType<Agreements['offered']>} */
  async #drafted(rental) {
    const draft = await this.http.call('GET', `/v1/rentals/${rental}/agreements/draft`).catch((/** @type {any} */ error) => {
      if (error instanceof HubRefused && NOTHING.has(error.code)) return null
      throw error
    })
    if (!draft) return null
    const { says, digest, documents, role } = await this.#judged(rental, draft.document)
    const signed = documents.find((one) => one.digest === digest)?.signatures.map((/** @type {any} */ { party }) => party) ?? []
    return signed.includes(role) ? null : { document: draft.document, says, waiting: signed.length > 0 }
  }

  /**
   * The person has read what the document says, and agrees. It is judged once more: another tab may have asked.
   * @param {string} rental
   * @param {string} document
   * @returns {Promise<any[]>} all documents of the rental
   */
  async sign(rental, document) {
    const { says, bytes } = await this.#judged(rental, document)
    return this.#send(rental, says, bytes)
  }

  /** @param {string} rental @param {string} document */
  async #judged(rental, document) {
    const bytes = orRefuse('agreement_differs', 'document', () => fromB64u(document))
    const says = orRefuse('agreement_differs', 'document', () => parseAgreement(bytes))
    const [documents, facts] = [await this.list(rental), await this.#facts(rental)]
    const complete = documents.filter(({ standing }) => standing === 'complete').map((one) => one.digest)
    await this.#check(says, facts, complete)
    return { bytes, says, digest: hex(agreementDigest(bytes)), documents, role: facts.role }
  }

  /** Takes back a document that not both have signed. @param {string} rental @param {string} digest */
  async withdraw(rental, digest) {
    const known = (await this.list(rental)).find((one) => one.digest === digest)
    if (!known) throw new HubRefused({ code: 'agreement_not_found', kind: 'not_found' })
    const said = parseAgreement(fromB64u(known.document))
    const agreement = { ...said, kind: 'withdrawal', prev: hex(agreementDigest(fromB64u(known.document))) }
    return this.#send(rental, agreement, makeAgreement(agreement))
  }

  /** Every document of a rental with its signatures and how it stands, the oldest first. @param {string} rental @returns {Promise<any[]>} */
  async list(rental) {
    return (await this.http.call('GET', `/v1/rentals/${rental}/agreements`)).agreements
  }

  /**
   * What both have signed, as the archive that `dorfkiste verify` reads; verified here first.
   * @param {string} rental
   */
  async bundle(rental) {
    const archive = new Uint8Array(await (await this.http.stretch(`/v1/rentals/${rental}/agreement.zip`, 0, 0)).arrayBuffer())
    const { notary, documents } = verifyBundle(archive)
    const { key, retired } = await this.http.call('GET', '/v1/notary')
    if (![key, ...retired].includes(hex(notary))) throw differs(['notary'])
    for (const { agreement } of documents) {
      if (agreement.rental !== rental) throw differs(['rental'])
      for (const { account, aik } of agreement.parties) await this.#checkIdentity(account, aik)
    }
    return archive
  }

  /** The rental as the log tells it, as soon as the log has come as far as the hub's view. @param {string} rental */
  async #facts(rental) {
    const view = await this.http.call('GET', `/v1/rentals/${rental}`)
    const { protocols } = await this.http.call('GET', `/v1/rentals/${rental}/protocols`)
    const sealed = protocols.filter((/** @type {any} */ one) => one.sealed_at && one.kind === 'return')
    await this.log.open(view.room)
    for (const until = Date.now() + PATIENCE; ;) {
      const { facts, rev } = factsOf(view, this.log.rows(view.room))
      if (rev >= view.rev && sealed.every((/** @type {any} */ { hash }) => facts.seals.includes(hash))) return facts
      if (Date.now() > until) throw new DkxError('log_behind', 'the room is not read to its end yet')
      await new Promise((resolve) => { setTimeout(resolve, LOOK) })
    }
  }

  /** @param {any} agreement @param {any} facts @param {string[]} complete */
  async #check(agreement, facts, complete) {
    const keys = new Map(agreement.parties.map((/** @type {any} */ { role, aik }) => [role, aik]))
    const parties = ROLES.map((role) => ({ account: facts[role].id, aik: keys.get(role), role }))
    const wrong = differing(agreement, expectedFields(facts, this.device.origin, parties, agreement.kind))
    const left = (timeOf(agreement.valid_until) ?? 0) - Date.now()
    if (!(left > 0 && left <= LONGEST)) wrong.push('valid_until')
    if (agreement.kind === 'withdrawal' || (agreement.prev !== undefined && !complete.includes(agreement.prev))) wrong.push('prev')
    if (wrong.length) throw differs(wrong)
    await this.#checkMembers(facts.room, parties)
    for (const { account, aik } of parties) await this.#checkIdentity(account, aik)
  }

  /** Who signs is who is in the room's signed roster, in the same role and under the same identity. @param {string} room @param {any[]} parties */
  async #checkMembers(room, parties) {
    let roster = await this.rosters.newest(room)
    if (parties.some(({ account }) => !memberOf(roster, account))) roster = await this.rosters.complete(roster)
    for (const { account, aik, role } of parties) {
      const member = memberOf(roster, account)
      if (!member || hex(member.aik) !== aik || member.role !== NUMBERS[/** @type {'renter'} */ (role)]) throw differs(['parties'])
    }
  }

  /** @param {string} account @param {string} aik */
  async #checkIdentity(account, aik) {
    const own = this.device.self()
    if (account !== own.account) {
      await this.trust.account(account)
      this.trust.checkUnchanged([account])
    }
    const known = account === own.account ? own.aik : (await this.trust.account(account)).aik
    if (hex(known) !== aik) throw this.trust.alarm('identity_changed', account)
  }

  /** @param {string} rental @param {any} agreement @param {any} bytes */
  async #send(rental, agreement, bytes) {
    const { account, aik, device, dskSeed } = this.device.self()
    const party = agreement.parties.find((/** @type {any} */ one) => one.account === account && one.aik === hex(aik))
    if (!party) throw differs(['parties'])
    const record = makeSigRec({ role: party.role, account, device, signedAt: Date.now(), digest: agreementDigest(bytes) }, dskSeed)
    const told = { document: b64u(bytes), signature: b64u(record) }
    return (await this.http.command(`/v1/rentals/${rental}/agreements`, told)).agreements
  }
}
