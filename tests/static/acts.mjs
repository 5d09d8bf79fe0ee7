// What tests ask of JavaScript in one go: streams as whole bytes, flips of every byte, many deliveries.
import * as dkx from '../../static/lib/dkx/index.js'
import { hashOf } from '../../static/lib/protocols.js'

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

/**
 * Sends messages over several chains through a line that drops, doubles and shuffles; gives what came out.
 * The draws come from the caller, so that a failure can be had again.
 */
export function delivered(messages, draws) {
  const draw = ((at) => () => draws[at++ % draws.length])(0)
  const sent = sentOver(messages)
  const wire = sent.flatMap((one) => (draw() < 0.15 ? [] : draw() < 0.3 ? [one, one] : [one]))
  for (let at = wire.length - 1; at > 0; at -= 1) {
    const other = Math.floor(draw() * (at + 1))
    ;[wire[at], wire[other]] = [wire[other], wire[at]]
  }
  const seen = new Map()
  const shown = wire.map(({ raw, record, keys }) => {
    const opened = dkx.openEnvelope(raw, record, keys)
    return dkx.once(seen, opened) === 'new' ? dkx.fromUtf8(opened.body) : undefined
  })
  return { shown: shown.filter(Boolean), arrived: [...new Set(wire.map(({ text }) => text))] }
}

/** A fresh chain every seven messages, as after a change of devices. */
function sentOver(messages) {
  let chain
  return messages.map((text, at) => {
    if (at % 7 === 0) chain = startedChain(at)
    const next = dkx.nextMessage(chain.sending)
    chain.sending = next.chain
    return { text, raw: sealedText(text, chain.sending, next), ...chain.receiving }
  })
}

function startedChain(sentBefore) {
  const room = 'c1'.repeat(16)
  const told = { room, rosterHash: dkx.random(32), devLists: [], now: 1, sentBefore }
  const sending = dkx.startChain(told)
  const record = { ...sending, device: 'a2'.repeat(16), account: 'a1'.repeat(16) }
  return { sending, receiving: { record, keys: dkx.messageKeys(record) } }
}

function sealedText(text, chain, { mk, index }) {
  const place = { room: chain.room, device: 'a2'.repeat(16), chain: chain.chain, index, cid: dkx.hex(dkx.random(16)) }
  const order = { afterSeq: 0, afterHash: dkx.zeros(16), peersHash: dkx.zeros(16) }
  return dkx.sealEnvelope(place, { ctype: 1, sentAt: 1, body: dkx.utf8(text), ...order }, mk, chain.cskSeed)
}

/** Takes lists, prekeys and packets one after the other into one set of pins, and says what each met. */
export function pinned(steps, now) {
  const pins = new Map()
  return steps.map(([what, account, ...rest]) => verdictOf(() => {
    if (what === 'identity') dkx.pinIdentity(pins, account, ...rest)
    else if (what === 'list') dkx.pinDevList(pins, account, { cert: rest[0], list: rest[1] }, now)
    else if (what === 'earlier') dkx.pinEarlierDevList(pins, account, dkx.parseDevList(rest[0]))
    else if (what === 'spk') dkx.pinSpk(dkx.pinOf(pins, account), rest[0], rest[1], now)
    else if (what === 'decided') dkx.demandDecided(dkx.pinOf(pins, account))
    else if (what === 'accept') dkx.acceptIdentity(pins, account)
  }))
}

/** What a packet becomes for a device that knows these people, rosters and chains. */
export function packetAccepted(bytes, { self, people, rosters, now, replacedAt, records = [] }) {
  const pins = new Map()
  for (const { account, aik, cert, list } of people) {
    dkx.pinIdentity(pins, account, aik)
    dkx.pinDevList(pins, account, { cert, list }, now)
  }
  const world = {
    self, pins, rosters: rosters.map((roster) => dkx.parseRoster(roster)), opks: new Map(),
    spks: new Map([[7, { secret: dkx.zeros(32).fill(8), replacedAt }]]),
    records: new Map(records.map((record) => [dkx.recordName(record), record])),
  }
  return dkx.acceptPacket(bytes, world)
}

/** What each of several deliveries is to somebody who saw those before it. */
export function onceEach(deliveries) {
  const seen = new Map()
  return deliveries.map((opened) => {
    try {
      return dkx.once(seen, opened)
    } catch (error) {
      return error.code
    }
  })
}

/** The seal of a protocol as the app knows it. */
export const sealOf = hashOf
