// What DKX-1 costs in JavaScript: one message, one packet, a backup, a history of 2,000 messages. For Node ≥ 20.
import * as dkx from '../static/lib/dkx/index.js'
import { openMany } from '../static/lib/dkx/tasks.js'

const HISTORY = 2000
const seed = (n) => new Uint8Array(32).fill(n)
const id = (n) => n.toString(16).padStart(2, '0').repeat(16)
const person = (aik, dsk, dbk) => ({
  aik: dkx.signingKey(seed(aik)), dsk: dkx.signingKey(seed(dsk)), dbk: dkx.boxKey(seed(dbk)), dbkSecret: seed(dbk),
})
const [anna, bernd] = [person(1, 4, 6), person(2, 5, 7)]
const spk = { id: 7, key: dkx.boxKey(seed(8)) }
const body = dkx.makeContent(dkx.CTYPES.text, { t: 'Ist die Bohrmaschine am Samstag frei?' })

function started(number) {
  const told = { room: id(0xc1), rosterHash: seed(9), devLists: [], now: 1, sentBefore: 0 }
  const chain = dkx.startChain(told, { chain: new Uint8Array(16).fill(number) })
  return { chain, record: { ...chain, device: id(0xa2), account: id(0xa1) } }
}

function sent(state) {
  const { mk, index, chain } = dkx.nextMessage(state.chain)
  state.chain = chain
  const place = { room: chain.room, device: id(0xa2), chain: chain.chain, index, cid: dkx.hex(dkx.random(16)) }
  const order = { afterSeq: 0, afterHash: dkx.zeros(16), peersHash: dkx.zeros(16) }
  return dkx.sealEnvelope(place, { ctype: 1, sentAt: 1, body, ...order }, mk, chain.cskSeed)
}

/** Median of several goes, in milliseconds: others share this machine. */
async function cost(name, rounds, work) {
  const times = []
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now()
    await work(round)
    times.push(performance.now() - begun)
  }
  const median = times.sort((a, b) => a - b)[rounds >> 1]
  console.log(`${name.padEnd(44)}${median.toFixed(2).padStart(12)} ms`)
}

const state = started(1)
const envelopes = Array.from({ length: 300 }, () => sent(state))
const keys = dkx.messageKeys(state.record)
const chainBody = dkx.ownBody({ ...state.record, devlistEpoch: 1, devlistVersion: 1, created: 1, sentBefore: 0 })
const route = { room: id(0xc1), from: id(0xa2), to: id(0xb2), chain: id(1) }
const pack = () => dkx.sealKeyPacket(route, anna, bernd, { spk }, chainBody)
const packet = pack()
const head = dkx.newBlobHead(id(0xa1))
const file = new Uint8Array(4 * 1024 * 1024)

async function walked(stream) {
  let length = 0
  for await (const part of stream) length += part.length
  return length
}

await cost('seal a message', 200, () => sent(state))
await cost('open a message', 200, (round) => dkx.openEnvelope(envelopes[round], state.record, keys))
await cost('seal a key packet', 40, pack)
const open = () => dkx.openKeyPacket(dkx.parseKeyPacket(packet), anna, bernd, { spk: seed(8) })
await cost('open a key packet', 40, open)
await cost('derive a backup key (64 MiB, t=3)', 3, () => dkx.codeKey(dkx.makeCode(), head))
await cost('seal a backup entry', 200, () => dkx.sealEntry(id(0xa1), state.record, seed(16)))
await cost('seal a file, 4 MiB', 3, () => walked(dkx.sealFile([file], file.length).chunks))
await cost('safety number', 3, () => dkx.safetyNumber({ account: id(1), aik: anna.aik }, { account: id(2), aik: bernd.aik }))

const chains = Array.from({ length: HISTORY / 100 }, (_, number) => started(number + 2))
const history = chains.flatMap((one) => Array.from({ length: 100 }, () => sent(one)))
const entries = chains.map(({ record }) => dkx.sealEntry(id(0xa1), record, seed(16)))
await cost(`restore ${entries.length} chains and open ${HISTORY} messages`, 1, async () => {
  const records = entries.map((entry) => dkx.openEntry(entry, id(0xa1), seed(16)))
  const results = await openMany({ envelopes: history, records }, () => {})
  if (results.some((result) => result.code)) throw new Error('a message did not open')
})
