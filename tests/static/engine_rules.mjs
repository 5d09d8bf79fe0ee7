// Answers calls to the engine's pure rules over lines of JSON.
import { createInterface } from 'node:readline'
import { HubRefused } from '../../static/lib/errors.js'
import { judge } from '../../static/lib/outbox.js'
import { readPacket } from '../../static/lib/packets.js'
import { applyEvents, newer } from '../../static/lib/rental.js'
import { applyTold, fate } from '../../static/lib/room.js'
import { Tail } from '../../static/lib/sync.js'
import { lines } from '../../static/lib/timeline.js'

/** What a tail would do with entries told live: those to apply, and whether anything is awaited. */
function tail(cursor, steps) {
  const made = new Tail(cursor)
  const applied = []
  for (const step of steps) {
    if (step.head) made.expect(step.head, step.now)
    else made.take({ seq: step.seq }, step.now)
    for (let items = made.next(); items.length > 0; items = made.next()) {
      applied.push(...items.map(({ seq }) => seq))
      made.moved(items.at(-1).seq, step.now)
    }
  }
  return { applied, cursor: made.cursor, due: made.due === Infinity ? null : made.due, waiting: [...made.waiting.keys()] }
}

const calls = {
  judge: (error) => judge(new HubRefused(error)), readPacket, applyEvents, newer, applyTold, fate, tail, lines,
}

for await (const line of createInterface({ input: process.stdin })) {
  const { fn, args } = JSON.parse(line)
  let answer
  try {
    answer = { ok: calls[fn](...args) ?? null }
  } catch (error) {
    answer = { code: 'thrown', error: String(error.stack) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
