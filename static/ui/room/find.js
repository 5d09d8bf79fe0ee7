// Finding what was written: the words of all rooms that this device can read, searched on this device alone.
import { html, useEffect, useState } from '../vendor.js'
import { findLines } from '../../lib/search.js'
import { otherOf } from '../../lib/room.js'
import { brief } from '../say.js'
import { plural, t } from '../words.js'

const LEAST = 2
const PAUSE = 150
/** So much of a message is shown around what was found. */
const AROUND = 40

/** The field over the list; while something is typed, what was found stands in place of the list. @param {{hub: any, typed: string, setTyped: (typed: string) => void}} props */
export const FindField = ({ typed, setTyped }) => html`<div class="field find"><label class="unseen" for="find">${t('find')}</label>
  <input id="find" class="input" type="search" maxlength="80" autocomplete="off" placeholder=${t('find')} value=${typed}
    onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') setTyped('') }} /></div>`

/** @param {string} typed */
export const isAsked = (typed) => typed.trim().length >= LEAST

/** @param {{hub: any, typed: string}} props */
export function Found({ hub, typed }) {
  const [found, setFound] = useState(/** @type {any[] | null} */ (null))
  useEffect(() => {
    let wanted = true
    const rooms = hub.rooms().map((/** @type {any} */ { id }) => id)
    const timer = setTimeout(() => findLines(hub, rooms, typed).then((lines) => { if (wanted) setFound(lines) }), PAUSE)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [typed])
  return html`<p class="fine" role="status">${found && plural('found', found.length)} ${t('find_here')}</p>
    <ul class="plain rows">${(found ?? []).map(({ room, line }) => html`<${Hit} key=${`${room}${line.seq}`} hub=${hub} room=${room} line=${line} typed=${typed} />`)}</ul>`
}

/** @param {{hub: any, room: string, line: any, typed: string}} props */
function Hit({ hub, room, line, typed }) {
  const name = line.mine ? t('you') : otherOf(hub.store.get(`sheet/${room}`), hub.user)?.display_name ?? ''
  return html`<li><a class="roomrow" href=${`/r/${room}#e${line.seq}`}><span class="words">
    <span class="head"><strong>${hub.store.get(`deal/${room}`)?.item.title ?? t('room')}</strong><time>${brief(line.at)}</time></span>
    <span class="last new">${name}: ${excerpt(line.text, typed)}</span></span></a></li>`
}

/** The words around the first that was looked for. @param {string} text @param {string} typed */
function excerpt(text, typed) {
  const at = text.toLowerCase().indexOf(typed.trim().toLowerCase())
  return at > AROUND ? `… ${text.slice(at - AROUND, at + AROUND * 2)}` : text.slice(0, AROUND * 3)
}
