// How DKX-1 says no: one kind of error per document, each refusal with a stable code shared with the Python side.

/** Codes by document. A second code names a refusal that calls for another answer than "this is broken". */
export const VERDICTS = Object.freeze({
  dkx: ['dkx_invalid', 'key_missing'],
  key: ['key_invalid'],
  dlkcert: ['dlkcert_invalid', 'dlkcert_fork', 'dlkcert_rollback'],
  devlist: [
    'devlist_invalid', 'devlist_fork', 'devlist_rollback', 'devlist_gap', 'devlist_foreign', 'devlist_missing',
  ],
  spk: ['spk_invalid', 'spk_fork', 'spk_old'],
  roster: ['roster_invalid', 'roster_fork', 'roster_rollback', 'roster_gap', 'roster_forbidden'],
  login: ['login_invalid'],
  pin: ['pin_invalid', 'identity_changed'],
  chain: ['chain_invalid', 'chain_conflict'],
  keypacket: ['key_packet_invalid'],
  envelope: ['envelope_invalid', 'envelope_replayed'],
  content: ['content_invalid'],
  file: ['file_invalid'],
  backup: ['backup_invalid', 'backup_weak'],
  recovery: ['recovery_code_invalid'],
  link: ['link_invalid', 'link_mismatch', 'link_expired'],
  report: ['report_unverifiable'],
  json: ['json_not_canonical'],
  event: ['event_invalid'],
  protocol: ['protocol_invalid'],
  agreement: ['agreement_invalid'],
  sigrec: ['signature_record_invalid'],
  notary: ['notary_record_invalid'],
  bundle: ['bundle_invalid'],
  push: ['push_invalid'],
  safety: ['safety_code_invalid'],
  handover: ['handover_code_invalid'],
})

const DOCUMENTS = new Map(Object.entries(VERDICTS).flatMap(([name, codes]) => codes.map((code) => [code, name])))

/** Bytes or a step that DKX-1 does not allow. Messages are for logs and hold no secret. */
export class DkxError extends Error {
  /**
   * @param {string} code one of VERDICTS
   * @param {string} message
   */
  constructor(code, message) {
    super(message)
    this.name = 'DkxError'
    this.code = code
    /** Which document was refused. */
    this.document = DOCUMENTS.get(code) ?? 'dkx'
    /** Why a bundle proves nothing, by its name. @type {string | undefined} */
    this.refusal = undefined
  }
}

/**
 * Refuses unless `held`.
 * @param {unknown} held
 * @param {string} code
 * @param {string} message
 * @returns {asserts held}
 */
export function demand(held, code, message) {
  if (!held) throw new DkxError(code, message)
}

/**
 * Gives what `work` gives; whatever it throws becomes one refusal, so that no library's error reaches a caller.
 * @template T
 * @param {string} code
 * @param {string} message
 * @param {() => T} work
 * @returns {T}
 */
export function orRefuse(code, message, work) {
  try {
    return work()
  } catch {
    throw new DkxError(code, message)
  }
}

/** The verdict of whatever was thrown. @param {unknown} error */
export const codeOf = (error) => (error instanceof DkxError ? error.code : 'dkx_invalid')

/**
 * A bundle of agreements proves nothing, for a reason that both languages call the same.
 * @param {string} refusal
 * @param {string} detail
 * @returns {never}
 */
export function refuse(refusal, detail) {
  throw Object.assign(new DkxError('bundle_invalid', `${refusal}: ${detail}`), { refusal })
}
