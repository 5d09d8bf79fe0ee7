// The verdict of JavaScript on each kind of case in the corpus of liars: `ok`, or the code of the refusal.
import * as dkx from '../../static/lib/dkx/index.js'

const bytes = (hex) => dkx.fromHex(hex, hex.length / 2)
const seed = (n) => new Uint8Array(32).fill(n)
const id = (n) => n.toString(16).padStart(2, '0').repeat(16)
const T = 1_760_000_000_000
const person = (aik, dsk, dbk) => ({
  aik: dkx.signingKey(seed(aik)), dsk: dkx.signingKey(seed(dsk)), dbk: dkx.boxKey(seed(dbk)), dbkSecret: seed(dbk),
})
const [ANNA, BERND] = [person(1, 4, 6), person(2, 5, 7)]
const RECORD = {
  room: id(0xc1), device: id(0xa2), chain: id(0xc2), start: 0, ck: seed(10), csk: dkx.signingKey(seed(11)),
}
const cert = (vectors) => dkx.verifyDlkCert(bytes(vectors.dlkcert), id(0xa1), ANNA.aik, T)

const JUDGES = {
  envelope: ({ raw }) => dkx.openEnvelope(bytes(raw), RECORD, dkx.messageKeys(RECORD)),
  opened: ({ header, kf, rest }) => {
    const parsed = dkx.parseHeader(bytes(header), 'envelope_invalid')
    return dkx.disclose(parsed, bytes(rest), bytes(kf), 'envelope_invalid')
  },
  keypkt: ({ raw }) => {
    const packet = dkx.parseKeyPacket(bytes(raw))
    return dkx.openKeyPacket(packet, ANNA, BERND, { spk: seed(8), opk: packet.opkId ? seed(9) : undefined })
  },
  signing_key: ({ raw }) => dkx.demandSigningKey(bytes(raw)),
  box_key: ({ raw }) => dkx.agree(seed(12), bytes(raw)),
  devlist: ({ raw }, vectors) => dkx.verifyDevList(bytes(raw), cert(vectors)),
  devlist_follows: ({ after, raw }) => dkx.followsDevLists([dkx.parseDevList(bytes(after))], dkx.parseDevList(bytes(raw))),
  roster: ({ raw }, vectors) => dkx.verifyRoster(bytes(raw), [dkx.verifyDevList(bytes(vectors.devlist), cert(vectors))]),
  roster_follows: ({ after, raw }) => dkx.followsRoster(dkx.parseRoster(bytes(after)), dkx.parseRoster(bytes(raw))),
  body: ({ ctype, raw }) => dkx.parseContent(ctype, bytes(raw)),
  json: ({ raw }) => dkx.parseCanonical(bytes(raw)),
  agreement: ({ raw }) => dkx.parseAgreement(bytes(raw)),
  file: judgeFile,
  blob: ({ raw }) => (raw.startsWith('0133') ? dkx.parsePasskeyBlob(bytes(raw)) : dkx.parseBlob(bytes(raw))),
  link_qr: ({ text }) => dkx.parseLinkQr(text),
  handover_qr: ({ text }) => dkx.parseHandoverQr(text),
  safety_qr: ({ text }) => dkx.parseSafetyQr(text),
  recovery_code: ({ text }) => dkx.normalCode(text),
  reveal: ({ commit, reveal }) => {
    const { offer, rand } = dkx.parseLinkReveal(id(0xf1), bytes(reveal))
    dkx.demandRevealed(bytes(commit), offer, rand)
    return dkx.linkAgreement(seed(21), offer.eph)
  },
  push: ({ raw }) => dkx.openPush(bytes(raw), seed(35)),
  bundle: ({ zip }) => dkx.verifyBundle(new Uint8Array(Buffer.from(zip, 'base64url'))),
  report: ({ report, stored }) =>
    dkx.judgeReport(report, new Map([['k', seed(23)]]), stored === null ? undefined : bytes(stored).slice(0, 104)),
}

/** One verdict for each case. */
export async function judged(cases, vectors) {
  const verdicts = []
  for (const one of cases) verdicts.push(await verdict(JUDGES[one.kind], one, vectors))
  return verdicts
}

async function verdict(judge, one, vectors) {
  try {
    await judge(one, vectors)
    return 'ok'
  } catch (error) {
    return error.refusal ?? error.code ?? `not_a_verdict: ${error.stack}`
  }
}

async function whole(stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return dkx.concat(...parts)
}

const repeated = (sign, count) => new Uint8Array(count).fill(sign.charCodeAt(0))

/** Chunks sealed as the STREAM construction would, of any sizes. */
function chunksOf(texts) {
  const header = dkx.fileHeader(new Uint8Array(16).fill(25))
  const sealed = texts.map((text, index) => {
    const last = index === texts.length - 1 ? 1 : 0
    const nonce = dkx.concat(header.slice(8, 24), dkx.u64(index).slice(1), dkx.u8(last))
    return dkx.seal(seed(18), nonce, text, header)
  })
  return dkx.concat(header, ...sealed)
}

const BASES = {
  two: async () => {
    const text = dkx.concat(repeated('a', 65536), dkx.utf8('Ende'))
    const padded = dkx.concat(text, dkx.zeros(dkx.padme(text.length) - text.length))
    return whole(dkx.sealStream([padded], seed(18), new Uint8Array(16).fill(25)))
  },
  three: () => whole(dkx.sealStream([repeated('x', 196_608)], seed(18), new Uint8Array(16).fill(25))),
  tail: async () => chunksOf([repeated('x', 65536), dkx.zeros(0)]),
  halves: async () => chunksOf([repeated('x', 32768), repeated('x', 32768)]),
}
const made = new Map()

async function base(name) {
  if (!made.has(name)) made.set(name, await BASES[name]())
  return made.get(name)
}

async function judgeFile({ size, pieces }) {
  const parts = []
  for (const piece of pieces) parts.push(typeof piece === 'string' ? bytes(piece) : (await base(piece[0])).slice(piece[1], piece[2]))
  const file = dkx.concat(...parts)
  const told = { id: id(0xc9), key: dkx.b64u(seed(18)), b2: dkx.hex(dkx.hash(32, file)), size }
  return whole(dkx.openFile([file], told))
}
