// A sender chain: one-way steps from key to key, the sender's state, and when it must be replaced.
import { concat, equal, hex, random, u32 } from './bytes.js'
import { DAY } from './document.js'
import { demand } from './error.js'
import { hash, label, signingKey } from './primitive.js'

/** @import { Bytes } from './bytes.js' */
/**
 * What a device keeps to go on sending: the newest key only, so that taking the device opens no earlier message.
 * @typedef {{room: string, chain: string, ck: Bytes, next: number, start: number, cskSeed: Bytes, csk: Bytes,
 *   rosterHash: Bytes, devLists: string, created: number, sentBefore: number}} SendingChain
 */

const CODE = 'chain_invalid'
/** How far from its start a chain may be followed. */
export const CHAIN_REACH = 1023
export const CHAIN_MESSAGES = 100

/** One step: the key of message `index` and the chain key after it. @param {Bytes} ck @param {number} index */
export function chainStep(ck, index) {
  const out = hash(64, concat(label('chain'), u32(index)), ck)
  return { ck: out.slice(0, 32), mk: out.slice(32) }
}

/** The chain key at `to`, from the one at `from`. @param {Bytes} ck @param {number} from @param {number} to */
export function chainKeyAt(ck, from, to) {
  demand(to >= from && to - from <= CHAIN_REACH, CODE, 'an index that this chain does not reach')
  let key = ck
  for (let index = from; index < to; index += 1) key = chainStep(key, index).ck
  return key
}

/**
 * The message keys of a record, each derived once however often it is asked for.
 * @param {{start: number, ck: Bytes}} record
 * @returns {(index: number) => Bytes}
 */
export function messageKeys({ start, ck }) {
  /** @type {Bytes[]} */
  const keys = []
  let last = ck
  return (index) => {
    demand(index >= start && index - start <= CHAIN_REACH, CODE, 'an index that this chain does not reach')
    while (keys.length <= index - start) {
      const step = chainStep(last, start + keys.length)
      keys.push(step.mk)
      last = step.ck
    }
    return keys[index - start]
  }
}

/**
 * A new chain of this device in a room.
 * @param {{room: string, rosterHash: Bytes, devLists: Bytes[], now: number, sentBefore: number}} told `devLists`:
 *   the hashes of all members' device lists, in any order
 * @param {{chain?: Bytes, ck?: Bytes, cskSeed?: Bytes}} [given] for tests
 * @returns {SendingChain}
 */
export function startChain({ room, rosterHash, devLists, now, sentBefore }, given = {}) {
  const cskSeed = given.cskSeed ?? random(32)
  return {
    room, chain: hex(given.chain ?? random(16)), ck: given.ck ?? random(32), next: 0, start: 0, cskSeed,
    csk: signingKey(cskSeed), rosterHash, devLists: listsName(devLists), created: now, sentBefore,
  }
}

/** @param {Bytes[]} hashes */
const listsName = (hashes) => hashes.map(hex).sort().join()

/**
 * The key for the next message and the state to keep *before* that message leaves: an index is never used twice.
 * @param {SendingChain} chain
 */
export function nextMessage(chain) {
  const { ck, mk } = chainStep(chain.ck, chain.next)
  return { mk, index: chain.next, chain: { ...chain, ck, next: chain.next + 1 } }
}

/**
 * Why this chain must not be used again, or undefined.
 * @param {SendingChain} chain
 * @param {{now: number, rosterHash: Bytes, devLists: Bytes[], cleanStart?: boolean, hubLast?: number | null}} world
 *   `hubLast`: the last index that the hub holds of this chain, if it was asked
 * @returns {'messages' | 'age' | 'roster' | 'devices' | 'unclean' | 'rollback' | undefined}
 */
export function mustRotate(chain, { now, rosterHash, devLists, cleanStart = true, hubLast = null }) {
  if (hubLast !== null && hubLast >= chain.next) return 'rollback'
  if (!cleanStart) return 'unclean'
  if (!equal(rosterHash, chain.rosterHash)) return 'roster'
  if (listsName(devLists) !== chain.devLists) return 'devices'
  if (chain.next - chain.start >= CHAIN_MESSAGES) return 'messages'
  return Math.abs(now - chain.created) >= DAY ? 'age' : undefined
}
