// What bench/browser.py runs in a page of the hub: `given` holds a history made by Python; answers milliseconds by name.
const bytes = (hex) => dkx.fromHex(hex, hex.length / 2)
const seed = (n) => new Uint8Array(32).fill(n)
const id = (n) => n.toString(16).padStart(2, '0').repeat(16)
const person = (aik, dsk, dbk) => ({
  aik: dkx.signingKey(seed(aik)), dsk: dkx.signingKey(seed(dsk)), dbk: dkx.boxKey(seed(dbk)), dbkSecret: seed(dbk),
})
const [anna, bernd] = [person(1, 4, 6), person(2, 5, 7)]
const spk = { id: 7, key: dkx.boxKey(seed(8)) }
const took = {}

/** Of several rounds the best, for one of `times`: others share this machine. */
async function best(name, times, work, rounds = given.rounds) {
  const found = []
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now()
    for (let n = 0; n < times; n += 1) await work(n)
    found.push((performance.now() - began) / times)
  }
  took[name] = Math.min(...found)
}

const begun = dkx.startChain({ room: id(0xc1), rosterHash: seed(9), devLists: [], now: 1, sentBefore: 0 })
const body = dkx.makeContent(dkx.CTYPES.text, { t: 'Ist die Bohrmaschine am Samstag frei?' })
const nothing = { afterSeq: 0, afterHash: dkx.zeros(16), peersHash: dkx.zeros(16) }
function sealed() {
  const { mk, index } = dkx.nextMessage(begun)
  const place = { room: begun.room, device: id(0xa2), chain: begun.chain, index, cid: dkx.hex(dkx.random(16)) }
  return dkx.sealEnvelope(place, { ctype: 1, sentAt: 1, body, ...nothing }, mk, begun.cskSeed)
}
const record = { ...begun, device: id(0xa2), account: id(0xa1) }
const envelope = sealed()
await best('encrypt', 100, sealed)
await best('open', 100, () => dkx.openEnvelope(envelope, record, dkx.messageKeys(record)))

const told = dkx.ownBody({ ...record, devlistEpoch: 1, devlistVersion: 1, created: 1, sentBefore: 0 })
const route = { room: id(0xc1), from: id(0xa2), to: id(0xb2), chain: begun.chain }
const pack = () => dkx.sealKeyPacket(route, anna, bernd, { spk }, told)
const packet = pack()
await best('seal_packet', 20, pack)
await best('open_packet', 20, () => dkx.openKeyPacket(dkx.parseKeyPacket(packet), anna, bernd, { spk: seed(8) }))

const helper = startHelper()
const secrets = { aik: seed(1), dlk: seed(3), bk: seed(16) }
const [head, code] = [dkx.newBlobHead(id(0xa1)), dkx.makeCode()]
await best('backup', 1, () => helper.run('lockBackup', { head, code, secrets }), Math.min(2, given.rounds))
await best('entry', 100, () => dkx.sealEntry(id(0xa1), record, seed(16)))

/** All of the history, in stretches as the log of a room comes, opened in the worker. */
async function restored(entries, envelopes, keep) {
  const records = entries.map((entry) => dkx.openEntry(entry, id(0xa1), seed(16)))
  for (let at = 0; at < envelopes.length; at += 100) {
    const results = await helper.run('openMany', { envelopes: envelopes.slice(at, at + 100), records })
    const odd = results.find(({ code: refused }) => refused)
    if (odd) throw new Error(`a message did not open: ${odd.code}`)
    await keep(results, at)
  }
}

const [entries, envelopes] = [given.entries.map(bytes), given.envelopes.map(bytes)]
await best('restore', 1, () => restored(entries, envelopes, () => {}))

const { openStore } = await import(`${given.lib}/store.js`)
const { Log } = await import(`${given.lib}/log.js`)
let [last, pause, run, store, log] = [performance.now(), 0, 0]
const clock = setInterval(() => { pause = Math.max(pause, performance.now() - last); last = performance.now() }, 5)
await best('restore_kept', 1, async () => {
  run += 1
  store = await openStore(`bench${run}`)
  log = new Log(store)
  await restored(entries, envelopes, (results, at) => {
    results.forEach(({ opened, content }, n) => {
      const { device, chain, index, cid } = opened
      const row = { seq: at + n + 1, kind: 'message', at: 1, account: id(0xa1), device, chain, idx: index, cid }
      log.append(id(0xc1), { ...row, ctype: opened.ctype, content, name: dkx.hex(dkx.envelopeHash(envelopes[at + n])) })
    })
    return store.flush()
  })
  store.close()
})
clearInterval(clock)
took.pause = pause
await best('read', 1, async () => {
  store = await openStore(`bench${run}`)
  log = new Log(store)
  await log.open(id(0xc1))
  if (log.rows(id(0xc1)).filter(({ content }) => content?.t).length !== envelopes.length) throw new Error('rows are missing')
  store.close()
})
helper.stop()
return took
