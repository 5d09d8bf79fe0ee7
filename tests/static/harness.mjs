// Answers calls to static/lib/dkx over lines of JSON, so that Python tests can ask JavaScript.
// Bytes travel as {"$b": hex}, maps as {"$m": [[key, value], ...]}.
import { createInterface } from 'node:readline'
import * as dkx from '../../static/lib/dkx/index.js'
import * as acts from './acts.mjs'
import { judged } from './judges.mjs'

const plain = (value) => JSON.stringify(value, (_, item) => {
  if (item instanceof Uint8Array) return { $b: dkx.hex(item) }
  if (item instanceof Map) return { $m: [...item] }
  return item
})

const revive = (_, item) => {
  if (item?.$b !== undefined) return dkx.fromHex(item.$b, item.$b.length / 2)
  if (item?.$m !== undefined) return new Map(item.$m)
  return item
}

async function answer(line) {
  const { fn, args } = JSON.parse(line, revive)
  try {
    return { ok: (await (fn === 'judged' ? judged : (acts[fn] ?? dkx[fn]))(...args)) ?? null }
  } catch (error) {
    return { code: error.code ?? 'not_a_verdict', error: String(error.stack) }
  }
}

for await (const line of createInterface({ input: process.stdin })) process.stdout.write(plain(await answer(line)) + '\n')
