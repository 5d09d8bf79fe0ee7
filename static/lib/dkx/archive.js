// Archives as bundles of agreements are made: one content has one archive, and a changed byte anywhere shows.
//
// Entries are stored as they are, in the order of their names, with fixed times and attributes.
import { concat, fromUtf8, utf8 } from './bytes.js'
import { refuse } from './error.js'

/** @import { Bytes } from './bytes.js' */

const [ENTRY, DIRECTORY, END] = [0x04034b50, 0x02014b50, 0x06054b50]
const [HEAD, TAIL] = [30, 22]
const MOST_BYTES = 1_000_000
const MOST_FILES = 200
/** The first day there is, made by Unix, for its owner to read and write. */
const [DAY, UNIX, MODE] = [0x21, 3 << 8, 0o600 << 16]

/**
 * By name. Refused: what is no archive, and what somebody packed again.
 * @param {Bytes} archive
 * @returns {Map<string, Bytes>}
 */
export function filesOf(archive) {
  if (archive.length > MOST_BYTES || !endsAsOne(archive)) refuse('not_a_bundle', 'no archive, or a large one')
  const view = viewOf(archive)
  /** @type {Map<string, Bytes>} */
  const files = new Map()
  let at = 0
  while (at + HEAD <= archive.length && view.getUint32(at, true) === ENTRY) {
    if (view.getUint16(at + 8, true) !== 0) refuse('repacked', 'a file is compressed')
    const [size, named, extra] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true)]
    const begin = at + HEAD + named + extra
    if (begin + size > archive.length) refuse('not_a_bundle', 'cut short')
    const name = fromUtf8(archive.subarray(at + HEAD, at + HEAD + named))
    if (files.has(name)) refuse('file_surplus', 'a file twice')
    files.set(name, archive.slice(begin, begin + size))
    at = begin + size
  }
  if (files.size === 0 && view.getUint32(0, true) !== END) refuse('repacked', 'something before the first file')
  if (files.size > MOST_FILES) refuse('not_a_bundle', 'too many files')
  return files
}

/** The one archive of these files. @param {Map<string, Bytes>} files */
export function archiveOf(files) {
  const parts = []
  const directory = []
  let at = 0
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const named = utf8(name)
    const shared = shared16(bytes, named.length)
    parts.push(head(ENTRY, shared), named, bytes)
    directory.push(head(DIRECTORY, [20 | UNIX, ...shared, 0, 0, 0, MODE & 0xffff, MODE >>> 16, at & 0xffff, at >>> 16]), named)
    at += HEAD + named.length + bytes.length
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  const end = [0, 0, files.size, files.size, size & 0xffff, size >>> 16, at & 0xffff, at >>> 16, 0]
  return concat(...parts, ...directory, head(END, end))
}

/** What entry and directory both say of a file: version, flags, method, time, day, checksum, sizes, lengths. @param {Bytes} bytes @param {number} named */
function shared16(bytes, named) {
  const [sum, size] = [crc32(bytes), bytes.length]
  return [20, 0, 0, 0, DAY, sum & 0xffff, sum >>> 16, size & 0xffff, size >>> 16, size & 0xffff, size >>> 16, named, 0]
}

/** @param {number} magic @param {number[]} words of 16 bits */
function head(magic, words) {
  const bytes = new Uint8Array(4 + 2 * words.length)
  viewOf(bytes).setUint32(0, magic, true)
  words.forEach((word, n) => viewOf(bytes).setUint16(4 + 2 * n, word, true))
  return bytes
}

/** Whether there is the end of a directory somewhere near the end. @param {Bytes} archive */
function endsAsOne(archive) {
  const view = viewOf(archive)
  for (let at = archive.length - TAIL; at >= 0 && at >= archive.length - TAIL - 0xffff; at -= 1) {
    if (view.getUint32(at, true) === END) return true
  }
  return false
}

/** @param {Bytes} bytes */
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** As in ZIP (ISO 3309). @param {Bytes} bytes */
function crc32(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}
