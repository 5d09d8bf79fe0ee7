// The rooms of a neighbour: newest first, by role, with what waits.
import { html, useState } from '../vendor.js'
import { Icon, useHub, useTick } from '../parts.js'
import { brief, until } from '../say.js'
import { Due } from './due.js'
import { FindField, Found, isAsked } from './find.js'
import { eventWords } from './event.js'
import { otherOf } from '../../lib/room.js'
import { plural, t } from '../words.js'

const FILTERS = ['all', 'borrow', 'lend', 'open', 'done']
const OVER = new Set(['declined', 'withdrawn', 'expired', 'cancelled', 'no_show', 'completed'])

/** @param {string} filter @param {any} deal */
function fits(filter, deal) {
  switch (filter) {
    case 'borrow': return deal?.role === 'renter'
    case 'lend': return deal?.role === 'owner'
    case 'open': return !OVER.has(deal?.state)
    case 'done': return OVER.has(deal?.state)
    default: return true
  }
}

/** @param {{hub: any, chosen?: string, title: any}} props */
export function RoomList({ hub, chosen, title }) {
  const [typed, setTyped] = useState('')
  useHub(hub, (kind) => ['changed', 'typing', 'presence', 'settled', 'line'].includes(kind))
  useTick(30_000)
  const rooms = hub.rooms()
  return html`<div class="roomlist">
    ${title}
    <${Due} hub=${hub} />
    ${rooms.length > 0 && html`<${FindField} typed=${typed} setTyped=${setTyped} />`}
    ${isAsked(typed) ? html`<${Found} hub=${hub} typed=${typed} />` : html`<${Rooms} hub=${hub} rooms=${rooms} chosen=${chosen} />`}
  </div>`
}

/** All, or those of one role; `?role=` of the address says which first. @param {{hub: any, rooms: any[], chosen?: string}} props */
function Rooms({ hub, rooms, chosen }) {
  const [filter, setFilter] = useState(() => FILTERS.find((name) => location.search === `?role=${name}`) ?? 'all')
  const shown = rooms.filter((/** @type {any} */ { deal }) => fits(filter, deal))
  return html`<div class="chips line" role="group" aria-label=${t('filter')}>
      ${FILTERS.map((name) => html`<button type="button" class="chip" aria-pressed=${filter === name} onClick=${() => setFilter(name)}>${t(`filter_${name}`)}</button>`)}
    </div>
    ${rooms.length === 0 && !hub.standing.settled && hub.standing.line !== 'down' && html`<div class="skeletons" aria-hidden="true">
      ${[1, 2, 3, 4].map(() => html`<div class="skeleton roomrow"></div>`)}</div>`}
    ${rooms.length === 0 && (hub.standing.settled || hub.standing.line === 'down') && html`<div class="empty">
      <${Icon} name="message-circle" class="large" /><h2>${t('none')}</h2><p>${t('none_text')}</p><a class="button" href="/s">${t('browse')}</a></div>`}
    ${rooms.length > 0 && shown.length === 0 && html`<p class="quiet pad">${t('none_here')}</p>`}
    <ul class="plain rows">${shown.map((/** @type {any} */ room) => html`<${Row} key=${room.id} hub=${hub} room=${room} chosen=${room.id === chosen} />`)}</ul>`
}

/** @param {{hub: any, room: any, chosen: boolean}} props */
function Row({ hub, room, chosen }) {
  const { id, sheet, deal, tip, unread } = room
  const other = otherOf(sheet, hub.user)
  const typing = hub.typers(id).length > 0
  const here = hub.presence.get(other?.user)?.state === 'active'
  const timer = timerOf(deal)
  return html`<li><a class="roomrow" href=${`/r/${id}`} aria-current=${chosen ? 'page' : null}>
    <span class="kind"><${Icon} name=${deal?.role === 'owner' ? 'package-open' : 'handshake'} /></span>
    <span class="words">
      <span class="head"><strong>${deal?.item.title ?? t('room')}</strong>${tip && html`<time>${brief(tip.at)}</time>`}</span>
      <span class="fine">${here && html`<span class="dot" aria-hidden="true"></span>`}${other?.display_name ?? ''} · ${t(`state_${deal?.state ?? 'inquiry'}`)}</span>
      <span class=${`last ${unread ? 'new' : ''}`}>${typing ? t('types', { name: other?.display_name }) : lastLine(hub, tip, sheet)}</span>
      ${timer && html`<span class="fine timer"><${Icon} name="clock" class="small" />${timer}</span>`}
    </span>
    ${unread > 0 && html`<span class="badge"><span aria-hidden="true">${unread}</span><span class="unseen">${plural('unread', unread)}</span></span>`}
  </a></li>`
}

/** @param {any} hub @param {any} tip @param {any} sheet */
function lastLine(hub, tip, sheet) {
  if (!tip) return t('nothing_yet')
  if (tip.kind === 'event') return eventWords(tip, sheet, hub.user)
  const words = tip.kind === 'gone' ? t('gone') : tip.kind === 'unreadable' ? t('unreadable_short') : tip.kind === 'file' ? t('file_named', { name: tip.text }) : tip.text
  return tip.mine ? t('you_said', { text: words }) : words
}

/** What runs out, or is due. @param {any} deal */
export function timerOf(deal) {
  if (!deal) return ''
  if (deal.state === 'negotiating' && deal.offer) return t('expires', { when: until(deal.offer.expires_at) })
  if (deal.state === 'confirmed') return t('starts', { when: until(deal.offer.terms.start) })
  if (deal.state === 'active') return t(Date.parse(deal.offer.terms.end) < Date.now() ? 'was_due' : 'due', { when: until(deal.offer.terms.end) })
  return ''
}
