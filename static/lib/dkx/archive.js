// The files of an archive whose entries are stored as they are, which is how bundles of agreements are made.
import { fromUtf8 } from './bytes.js'
import { demand } from './error.js'

/** @import { Bytes } from './bytes.js' */

const CODE = 'bundle_invalid'
const ENTRY = 0x04034b50
const DIRECTORY = 0x02014b50
const HEAD = 30
const MOST = 300

/**
 * By name. What a bundle's files are is judged by their signatures, not by the archive.
 * @param {Bytes} archive
 * @returns {Map<string, Bytes>}
 */
export function filesOf(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  /** @type {Map<string, Bytes>} */
  const files = new Map()
  let at = 0
  while (at + HEAD <= archive.length && view.getUint32(at, true) === ENTRY) {
    const [flags, method] = [view.getUint16(at + 6, true), view.getUint16(at + 8, true)]
    demand((flags & ~0x0800) === 0 && method === 0 && files.size < MOST, CODE, 'not stored as it is')
    const [size, named, extra] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true)]
    const begin = at + HEAD + named + extra
    demand(begin + size <= archive.length, CODE, 'cut short')
    const name = fromUtf8(archive.subarray(at + HEAD, at + HEAD + named))
    demand(!files.has(name), CODE, 'a name that comes twice')
    files.set(name, archive.slice(begin, begin + size))
    at = begin + size
  }
  demand(files.size > 0 && at + 4 <= archive.length && view.getUint32(at, true) === DIRECTORY, CODE, 'no archive of ours')
  return files
}
