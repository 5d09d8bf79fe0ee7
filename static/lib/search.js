// Search over what this device can read of its rooms: words as they stand after edits, without case and accents.
import { lines } from './timeline.js'

/** Words as people search for them, ß like ss. @param {string} text @returns {string[]} */
export const foldedWords = (text) =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').split(/[^\p{L}\p{N}]+/u).filter(Boolean)

/**
 * Lines whose words hold all that was typed, newest first.
 * @param {{log: import('./log.js').Log, user: string}} hub
 * @param {string[]} rooms
 * @param {string} typed
 * @param {number} [most]
 * @returns {Promise<{room: string, line: import('./timeline.js').Line}[]>}
 */
export async function findLines({ log, user }, rooms, typed, most = 50) {
  const wanted = foldedWords(typed)
  if (wanted.length === 0) return []
  await Promise.all(rooms.map((room) => log.open(room)))
  const found = rooms.flatMap((room) => lines(log.rows(room), [], user)
    .filter(({ kind, text }) => kind !== 'event' && text && holds(text, wanted))
    .map((line) => ({ room, line })))
  return found.sort((a, b) => b.line.at - a.line.at).slice(0, most)
}

/** @param {string} text @param {string[]} wanted */
function holds(text, wanted) {
  const words = foldedWords(text).join(' ')
  return wanted.every((word) => words.includes(word))
}
