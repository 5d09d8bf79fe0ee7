// What tests ask of JavaScript in one go: streams as whole bytes, flips of every byte, many deliveries.
import * as dkx from '../../static/lib/dkx/index.js'

async function whole(stream) {
  const parts = []
  for await (const part of stream) parts.push(part)
  return dkx.concat(...parts)
}

/** Bytes in pieces of an odd size, as a network would cut them. */
async function* cut(bytes, size) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

export const echo = (value) => value
export const streamSealed = (text, key, prefix) => whole(dkx.sealStream(cut(text, 1000), key, prefix))
export const streamOpened = (file, key) => whole(dkx.openStream(cut(file, 777), key))

export async function fileSealed(text, key, prefix) {
  const file = dkx.sealFile(cut(text, 70_000), text.length, { key, prefix })
  const bytes = await whole(file.chunks)
  return { bytes, told: file.describe('f') }
}

export const fileOpened = (file, told) => whole(dkx.openFile(cut(file, 50_001), told))

/** The whole of a file again from some offset, as an upload that goes on after a break sends it. */
export const fileFrom = (text, key, prefix, offset) =>
  whole(dkx.skip(dkx.sealFile(cut(text, 70_000), text.length, { key, prefix }).chunks, offset))

export const messageKey = (record, index) => dkx.messageKeys(record)(index)
export const envelopeOpened = (bytes, record) => dkx.openEnvelope(bytes, record, dkx.messageKeys(record))

export const keyPacketOpened = (bytes, sender, recipient, secrets) =>
  dkx.openKeyPacket(dkx.parseKeyPacket(bytes), sender, recipient, secrets)

export async function blobOpened(bytes, code, expected) {
  return dkx.openBlob(bytes, await dkx.codeKey(code, dkx.parseBlob(bytes)), expected)
}

const ACTS = { ...dkx, envelopeOpened, keyPacketOpened }

/** The verdicts that flips of one bit in each byte meet, counted; an accepted flip counts as `accepted`. */
export function flips(fn, args, at, positions) {
  const verdicts = {}
  for (const position of positions) {
    const changed = args[at].slice()
    changed[position] ^= 1 << (position % 8)
    const verdict = verdictOf(() => ACTS[fn](...args.with(at, changed)))
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
  }
  return verdicts
}

function verdictOf(work) {
  try {
    work()
    return 'accepted'
  } catch (error) {
    return error.code ?? 'not_a_verdict'
  }
}
