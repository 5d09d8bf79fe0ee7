// The room's log as people read it: days, deal steps, offers and messages; it stays where one reads.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor.js'
import { Bubble } from './bubble.js'
import { EventLine, SILENT, eventWords } from './event.js'
import { Icon } from '../parts.js'
import { date } from '../say.js'
import { OfferCard } from './offer.js'
import { plural, t } from '../words.js'

/** How far from the end one still counts as reading the newest. */
const NEAR = 200
const AT_FIRST = 120
const MORE = 120

/** Offers by number, each with the one it replaces. @param {any[]} shown */
function offersOf(shown) {
  const before = new Map()
  let last
  for (const { data } of shown) {
    if (!data?.offer || data.offer.rev === last?.rev) continue
    before.set(data.offer.rev, last)
    last = data.offer
  }
  return before
}

/** @param {{hub: any, room: string, sheet: any, deal: any, lines: any[], names: (account: string) => string, actions: any, target: {seq: number}}} props */
export function Timeline({ hub, room, sheet, deal, lines, names, actions, target }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  const pinned = useRef(true)
  const kept = useRef(/** @type {{key: string, top: number} | null} */ (null))
  const [most, setMost] = useState(AT_FIRST)
  const [far, setFar] = useState(false)
  const [reached, setReached] = useState(0)
  /** Where the unread line stands until one leaves the room or writes. */
  const [unreadFrom, setUnreadFrom] = useState(() => hub.readUpTo(room))
  const visible = lines.filter(({ kind, type }) => kind !== 'event' || !SILENT.has(type))
  const shown = visible.slice(-most)
  const before = offersOf(lines)
  const newest = lines.findLast(({ seq }) => seq)?.seq ?? 0
  const fresh = visible.filter(({ seq, mine }) => seq > unreadFrom && !mine)
  const own = lines.at(-1)

  useEffect(() => { if (own?.mine && own.state) setUnreadFrom(newest) }, [own?.key])
  const sought = visible.findIndex(({ seq }) => seq === target.seq)
  useEffect(() => {
    if (!target.seq || sought < 0) return
    if (visible.length - sought > most) setMost(visible.length - sought + MORE)
    else lookAt(target.seq)
  }, [target, sought < 0, most])
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    if (pinned.current) element.scrollTop = element.scrollHeight
    else if (kept.current) {
      const row = element.querySelector(`[data-key="${kept.current.key}"]`)
      if (row) element.scrollTop += row.getBoundingClientRect().top - kept.current.top
    }
    // Cards grow smaller when they are answered: one may be at the end without having scrolled.
    const left = element.scrollHeight - element.scrollTop - element.clientHeight
    if (left < NEAR && !pinned.current) {
      pinned.current = true
      setFar(false)
      setReached((n) => n + 1)
    }
  })
  useEffect(() => {
    const look = () => { if (!document.hidden && pinned.current && newest) hub.markRead(room, newest).catch(() => {}) }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [newest, far, reached])

  function scrolled() {
    const element = /** @type {HTMLElement} */ (box.current)
    const left = element.scrollHeight - element.scrollTop - element.clientHeight
    pinned.current = left < NEAR
    setFar(left >= NEAR)
    const first = [...element.querySelectorAll('[data-key]')].find((row) => row.getBoundingClientRect().bottom > element.getBoundingClientRect().top)
    kept.current = first ? { key: String(first.getAttribute('data-key')), top: first.getBoundingClientRect().top } : null
    if (element.scrollTop < 300 && most < visible.length) setMost((n) => n + MORE)
  }
  /** It shines for a moment, so that the eye finds it. @param {number} seq */
  function lookAt(seq) {
    const row = document.getElementById(`e${seq}`)
    pinned.current = false
    row?.scrollIntoView({ block: 'center' })
    scrolled() // now, not with the event: a drawing in between would go back to what was read before
    row?.animate([{ background: 'var(--warn-soft)' }, {}], 1600)
  }
  function toEnd() {
    pinned.current = true
    const element = /** @type {HTMLElement} */ (box.current)
    element.scrollTop = element.scrollHeight
    setFar(false)
  }

  return html`<div class="timeline" ref=${box} onScroll=${scrolled} tabindex="0" aria-label=${t('timeline')}>
    <ul class="plain">${shown.map((line, n) => {
      const previous = shown[n - 1]
      const newDay = !previous || new Date(previous.at).toDateString() !== new Date(line.at).toDateString()
      const first = newDay || previous?.author !== line.author || previous.kind === 'event' || line.at - previous.at > 600_000
      const starts = fresh.length > 0 && line === fresh[0]
      return html`<li key=${line.key} data-key=${line.key} id=${line.seq ? `e${line.seq}` : null}>
        ${newDay && html`<h2 class="day"><span>${date(line.at)}</span></h2>`}
        ${starts && html`<p class="unreadline"><span>${plural('unread', fresh.length)}</span></p>`}
        ${row({ line, first, before, hub, sheet, deal, names, actions })}
      </li>`
    })}</ul>
    ${lines.length === 0 && html`<p class="quiet pad">${hub.standing.settled ? t('nothing_yet') : html`<span class="skeleton" aria-hidden="true"></span>`}</p>`}
  </div>
  ${far && html`<button type="button" class="jump" onClick=${toEnd}><${Icon} name="arrow-down" class="small" />${fresh.length ? plural('unread', fresh.length) : t('to_end')}</button>`}`
}

/** @param {any} props */
function row({ line, first, before, hub, sheet, deal, names, actions }) {
  if (line.kind !== 'event') return html`<${Bubble} line=${line} hub=${hub} sheet=${sheet} names=${names} actions=${actions} first=${first} />`
  const offer = line.data?.offer
  if (offer && !line.data.agreed_at && line.type !== 'offer_accepted') {
    return html`<${OfferCard} line=${line} before=${before.get(offer.rev)} newest=${Math.max(...before.keys())} deal=${deal} title=${eventWords(line, sheet, hub.user)} actions=${actions} />`
  }
  return html`<${EventLine} line=${line} sheet=${sheet} own=${hub.user} />`
}
