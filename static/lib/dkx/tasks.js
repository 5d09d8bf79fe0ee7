// What takes long: deriving a backup key, opening many messages, files, hashing safety numbers. In the worker, or here.
import { codeKey, openBlob, parseBlob, sealBlob } from './backup.js'
import { messageKeys } from './chain.js'
import { parseContent } from './content.js'
import { openEnvelope, parseEnvelope } from './envelope.js'
import { codeOf } from './error.js'
import { openFile, sealFile, storedSize } from './file.js'
import { recordName } from './record.js'
import { safetyNumber } from './safety.js'

/** @import { Bytes } from './bytes.js' */
/** @import { ChainRecord } from './record.js' */
/** @import { Opened } from './envelope.js' */
/** Share of the work that is done, 0 to 1. @typedef {(share: number) => void} Progress */
/** One of many: what opened, or why not. @typedef {{opened: Opened, content: any} | {code: string}} Result */

/** How many messages are opened between two words about progress. */
const BATCH = 20
/** So many bytes of a file are read, or joined, at once. */
const STRETCH = 1 << 20

/**
 * Opens envelopes with their chains, in the order given. One that does not open says why and stops no other.
 * @param {{envelopes: Bytes[], records: ChainRecord[]}} told
 * @param {Progress} progress
 * @returns {Promise<Result[]>}
 */
export async function openMany({ envelopes, records }, progress) {
  const chains = new Map(records.map((record) => [recordName(record), { record, keys: messageKeys(record) }]))
  /** @type {Result[]} */
  const results = []
  for (const envelope of envelopes) {
    results.push(openOne(envelope, chains))
    if (results.length % BATCH === 0) progress(results.length / envelopes.length)
  }
  progress(1)
  return results
}

/**
 * @param {Bytes} envelope
 * @param {Map<string, {record: ChainRecord, keys: (index: number) => Bytes}>} chains
 * @returns {Result}
 */
function openOne(envelope, chains) {
  try {
    const found = chains.get(placeOf(envelope))
    if (!found) return { code: 'key_missing' }
    const opened = openEnvelope(envelope, found.record, found.keys)
    return { opened, content: shown(opened) }
  } catch (error) {
    return { code: codeOf(error) }
  }
}

/** What an envelope says its chain is. @param {Bytes} envelope */
const placeOf = (envelope) => recordName(parseEnvelope(envelope))

/**
 * A body of a form that this version does not know is no reason to hide that something was said.
 * @param {Opened} opened
 */
function shown({ ctype, body }) {
  try {
    return parseContent(ctype, body)
  } catch {
    return null
  }
}

/**
 * The secrets of a backup under a recovery code in its normal form.
 * @param {{blob: Bytes, code: string, expected: {account: string, aik?: Bytes, dlk?: Bytes}}} told
 * @param {Progress} progress
 */
export const unlockBackup = async ({ blob, code, expected }, progress) =>
  openBlob(blob, await codeKey(code, parseBlob(blob), progress), expected)

/**
 * A new backup blob.
 * @param {{head: import('./backup.js').BlobHead, code: string, secrets: import('./backup.js').Secrets}} told
 * @param {Progress} progress
 */
export const lockBackup = async ({ head, code, secrets }, progress) =>
  sealBlob(head, await codeKey(code, head, progress), secrets)

/** @param {{mine: import('./safety.js').Identity, theirs: import('./safety.js').Identity}} told */
export const safety = async ({ mine, theirs }) => safetyNumber(mine, theirs)

/**
 * Encrypts a file. The bytes for the hub are a Blob that the browser may keep on disk; `told` goes into the message.
 * @param {{file: Blob, id: string}} given
 * @param {Progress} progress
 */
export async function sealAttachment({ file, id }, progress) {
  const { chunks, describe } = sealFile(stretches(file), file.size)
  const sealed = await gathered(chunks, storedSize(file.size), progress)
  return { sealed, told: describe(id) }
}

/**
 * The file again, once all of it is here and just as its sender described it.
 * @param {{sealed: Blob, told: import('./file.js').Descriptor}} given
 * @param {Progress} progress
 */
export const openAttachment = ({ sealed, told }, progress) =>
  gathered(openFile(stretches(sealed), told), told.size, progress)

/** @param {Blob} blob */
async function* stretches(blob) {
  for (let at = 0; at < blob.size; at += STRETCH) {
    yield new Uint8Array(await blob.slice(at, at + STRETCH).arrayBuffer())
  }
}

/**
 * A stream as one Blob: parts go off the heap as they are joined, so a large file needs no more memory than a small one.
 * @param {AsyncIterable<Bytes>} chunks
 * @param {number} size
 * @param {Progress} progress
 */
async function gathered(chunks, size, progress) {
  /** @type {Blob[]} */
  const parts = []
  /** @type {any[]} */
  let held = []
  let came = 0
  let kept = 0
  for await (const chunk of chunks) {
    held.push(chunk)
    came += chunk.length
    if (came - kept >= STRETCH) {
      parts.push(new Blob(held))
      held = []
      kept = came
    }
    progress(came / Math.max(1, size))
  }
  return new Blob([...parts, ...held])
}
