// What a bundle of agreements consists of: documents with their signatures, and all it takes to verify them offline.
import { equal, hex } from './bytes.js'
import { agreementDigest, parseAgreement } from './agreement.js'
import { archiveOf, filesOf } from './archive.js'
import { parseDevList } from './devlist.js'
import { DkxError, refuse } from './error.js'
import { parseDlkCert } from './dlkcert.js'
import { parseNotary } from './notary.js'
import { parseSigRec } from './sigrec.js'

/** @import { Bytes } from './bytes.js' */
/** `record` is a SIGREC, `notary` what the hub says of it. @typedef {{role: 'renter' | 'owner', record: import('./sigrec.js').SigRec, notary: Bytes}} Witnessed */
/** @typedef {{agreement: import('./agreement.js').Agreement, digest: string, signatures: Witnessed[]}} Signed */
/** `aiks` by account, `certs` by ACCOUNT-EPOCH, `lists` by dochash. @typedef {{notary: Bytes, aiks: Map<string, Bytes>, certs: Map<string, any>, lists: Map<string, any>, documents: Signed[]}} Bundle */

const NOTARY_KEY = 'notary.key'
const NAME = new RegExp('^(?:notary\\.key|aik/[0-9a-f]{32}\\.aik|devlist/[0-9a-f]{64}\\.devlist|dlkcert/[0-9a-f]{32}-[1-9][0-9]{0,9}\\.dlkcert'
  + '|document/[0-9a-f]{64}\\.json|(?:notary|sigrec)/[0-9a-f]{64}-(?:renter|owner)\\.(?:notary|sigrec))$')
const ROLES = /** @type {const} */ (['renter', 'owner'])

/** Reads an archive exactly as the hub writes it; nothing in it is verified yet. @param {Bytes} archive @returns {Bundle} */
export function parseBundle(archive) {
  const files = filesOf(archive)
  for (const name of files.keys()) if (!NAME.test(name)) refuse('file_surplus', 'an unknown name')
  if (!files.has(NOTARY_KEY)) refuse('file_missing', NOTARY_KEY)
  const bundle = orInvalid(() => partsOf(files))
  for (const name of files.keys()) if (!usedNames(bundle).has(name)) refuse('file_surplus', 'a file under another name')
  if (!equal(archiveOf(files), archive)) refuse('repacked', 'the archive was packed again')
  return bundle
}

/** @param {Map<string, Bytes>} files @returns {Bundle} */
function partsOf(files) {
  const under = (/** @type {string} */ folder) => [...files].filter(([name]) => name.startsWith(folder))
  const certs = under('dlkcert/').map(([, bytes]) => parseDlkCert(bytes))
  const lists = under('devlist/').map(([, bytes]) => parseDevList(bytes))
  return {
    notary: /** @type {Bytes} */ (files.get(NOTARY_KEY)),
    aiks: new Map(under('aik/').map(([name, bytes]) => [name.slice(4, 36), bytes])),
    certs: new Map(certs.map((cert) => [`${cert.account}-${cert.epoch}`, cert])),
    lists: new Map(lists.map((list) => [hex(list.hash), list])),
    documents: under('document/').map(([, bytes]) => documentOf(bytes, files)),
  }
}

/** @param {Bytes} bytes @param {Map<string, Bytes>} files @returns {Signed} */
function documentOf(bytes, files) {
  const digest = hex(agreementDigest(bytes))
  /** @type {Witnessed[]} */
  const signatures = []
  for (const role of ROLES) {
    const [record, notary] = [files.get(`sigrec/${digest}-${role}.sigrec`), files.get(`notary/${digest}-${role}.notary`)]
    if (!record !== !notary) refuse('file_missing', `signature or notary record of the ${role}`)
    if (record && notary) signatures.push({ role, record: parseSigRec(record), notary: (parseNotary(notary), notary) })
  }
  return { agreement: parseAgreement(bytes), digest, signatures }
}

/** @param {Bundle} bundle */
function usedNames({ aiks, certs, lists, documents }) {
  return new Set([
    NOTARY_KEY,
    ...[...aiks.keys()].map((account) => `aik/${account}.aik`),
    ...[...certs.keys()].map((place) => `dlkcert/${place}.dlkcert`),
    ...[...lists.keys()].map((name) => `devlist/${name}.devlist`),
    ...documents.map(({ digest }) => `document/${digest}.json`),
    ...documents.flatMap(({ digest, signatures }) => signatures.flatMap(({ role }) => [`sigrec/${digest}-${role}.sigrec`, `notary/${digest}-${role}.notary`])),
  ])
}

/** A file that is not what its name says. @template T @param {() => T} read @returns {T} */
function orInvalid(read) {
  try {
    return read()
  } catch (error) {
    if (error instanceof DkxError && !error.refusal) refuse('file_invalid', error.message)
    throw error
  }
}
