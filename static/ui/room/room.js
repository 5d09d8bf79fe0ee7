// One rental: its talk in the middle, how it stands on top, what was agreed beside it, sheets over it.
import { html, useEffect, useState } from '../vendor.js'
import { lines } from '../../lib/timeline.js'
import { otherOf } from '../../lib/room.js'
import { Alerts } from './alerts.js'
import { Later } from '../later.js'
import { Composer } from './composer.js'
import { Agreement, Progress, sentence } from './deal.js'
import { Act, Face, Icon, useHub } from '../parts.js'
import { Timeline } from './timeline.js'
import { plural, t } from '../words.js'

const OVER = new Set(['completed', 'returned'])
const HEARD = ['changed', 'entry', 'sent', 'failed', 'held', 'typing', 'presence', 'progress', 'warning', 'device', 'settled', 'standing']

/** @param {{hub: any, room: string, at: {seq: number}}} props `at` is where to look first, 0 for the newest */
export function Room({ hub, room, at }) {
  const [opened, setOpened] = useState(false)
  const [sheetOpen, setSheetOpen] = useState('')
  const [looking, setLooking] = useState('')
  const [doing, setDoing] = useState(/** @type {any} */ (null))
  const [target, setTarget] = useState(at)
  const [review, setReview] = useState(/** @type {any} */ (null))
  useHub(hub, (kind) => HEARD.includes(kind))
  useEffect(() => { hub.log.open(room).then(() => setOpened(true)).then(() => Promise.all([loadSheets(), loadLightbox(), hub.files.warm()])).catch(() => {}) }, [room])
  const sheet = hub.store.get(`sheet/${room}`)
  const deal = hub.store.get(`deal/${room}`)
  const other = otherOf(sheet, hub.user)
  const look = () => hub.http.call('GET', `/v1/rentals/${deal.id}/review`).then(setReview, () => {})
  useEffect(() => setTarget(at), [at])
  useEffect(() => { if (deal && OVER.has(deal.state)) look() }, [deal?.state])
  useEffect(() => { if (deal?.allowed_actions === null) hub.do('refresh', room).catch(() => {}) }, [deal?.rev])
  if (!sheet) return html`<${Absent} hub=${hub} />`

  const name = other?.display_name || t('somebody')
  const names = (/** @type {string} */ account) => (account === hub.user ? t('you') : name)
  const shown = opened ? lines(hub.log.rows(room), hub.store.under(`out/${room}/`), hub.user) : []
  const pin = hub.store.get(`pin/${other?.user}`)
  const rental = (/** @type {string} */ what, /** @type {any} */ body = {}) => hub.act(deal.id, what, body)
  const actions = {
    open: setSheetOpen,
    accept: () => rental(`offers/${deal.offer.rev}/accept`),
    confirmReturn: () => rental('confirm_return'),
    react: (/** @type {any} */ line, /** @type {string} */ emoji) => hub.chat.react(room, line.seq, emoji),
    reply: (/** @type {any} */ line) => setDoing({ is: 'reply', line }),
    edit: (/** @type {any} */ line) => setDoing({ is: 'edit', line }),
    look: (/** @type {any} */ line) => setLooking(line.key),
    report: (/** @type {any} */ line) => setSheetOpen(`report:${line.seq}`),
    remove: (/** @type {any} */ line) => hub.chat.remove(room, line.seq),
    retry: (/** @type {any} */ line) => hub.do('retry', line.cid),
    drop: (/** @type {any} */ line) => hub.do('drop', line.cid),
    goTo: (/** @type {number} */ seq) => setTarget({ seq }),
  }
  const editLast = () => {
    const last = shown.findLast(({ mine, kind, seq }) => mine && kind === 'text' && seq)
    if (last) actions.edit(last)
  }
  const here = hub.presence.get(other?.user)?.state
  return html`<section class="pane talk" aria-labelledby="title">
      <header class="roomhead"><a class="round back" href="/inbox" aria-label=${t('back')}><${Icon} name="arrow-left" /></a>
        <${Face} person=${other} state=${here} />
        <div class="words"><h1 id="title" tabindex="-1">${deal?.item.title ?? t('room')}</h1>
          <p class="fine">${name}${here === 'active' ? ` · ${t('is_here')}` : ''}</p></div>
        ${other && html`<button type="button" aria-haspopup="dialog" class="round end" aria-label=${t('safety')} onClick=${() => setSheetOpen('safety')}><${Icon} name="shield-check" /></button>`}</header>
      ${deal && html`<div class="state"><${Progress} deal=${deal} /><p>${sentence(deal, name)}</p></div>`}
      ${deal && html`<${Alerts} hub=${hub} deal=${deal} name=${name} actions=${actions} />`}
      ${pin?.pending && html`<div class=${`notice ${pin.verified ? 'danger' : 'warn'}`} role="alert"><${Icon} name="triangle-alert" /><div><p>${t(pin.verified ? 'key_changed_verified' : 'key_changed', { name })}</p>
        <p class="row"><button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => setSheetOpen('safety')}>${t('safety_compare')}</button>
          <${Act} class="compact" act=${() => hub.do('acceptIdentity', other.user)}>${t(pin.verified ? 'write_unverified' : 'write_anyway')}</${Act}></p></div></div>`}
      <${Timeline} hub=${hub} room=${room} sheet=${sheet} deal=${deal} lines=${shown} names=${names} actions=${actions} target=${target} />
      <${Unsent} hub=${hub} lines=${shown} />
      <p class="typing" aria-live="off">${hub.typers(room).length > 0 ? t('types', { name }) : ''}</p>
      ${isClosed(sheet) ? html`<p class="notice" role="status"><${Icon} name="lock" />${t('room_closed')}</p>` : html`<${Composer} hub=${hub} room=${room} to=${name} doing=${doing} setDoing=${setDoing} onEditLast=${editLast} />`}
    </section>
    ${deal && html`<aside class="pane deal" aria-label=${t('agreement')}><${Agreement} hub=${hub} deal=${deal} actions=${actions} review=${review} /></aside>`}
    ${looking && html`<${Later} load=${loadLightbox} hub=${hub} lines=${shown} first=${looking} names=${names} onClose=${() => setLooking('')} />`}
    ${sheetOpen === 'safety' && html`<${Later} load=${() => import('../keys/safety.js').then(({ Safety }) => Safety)} hub=${hub} other=${other} onClose=${() => setSheetOpen('')} />`}
    ${deal && sheetOpen && sheetOpen !== 'safety' && html`<${Later} load=${loadSheets} open=${sheetOpen} hub=${hub} deal=${deal} onClose=${() => setSheetOpen('')} onReviewed=${look} />`}`
}

/** Whether what it was about is so long over that the hub takes no more words. @param {any} sheet */
const isClosed = ({ talk_until: until }) => Boolean(until) && Date.parse(until) <= Date.now()

/** Several at once: nobody presses ten times. @param {{hub: any, lines: any[]}} props */
function Unsent({ hub, lines: all }) {
  const failed = all.filter(({ state }) => state === 'failed')
  if (failed.length < 2) return null
  const retry = () => Promise.all(failed.map(({ cid }) => hub.do('retry', cid)))
  return html`<p class="notice danger" role="status"><${Icon} name="circle-alert" /><span class="grow">${plural('unsent', failed.length)}</span><${Act} class="compact" act=${retry}>${t('retry_all')}</${Act}></p>`
}

/** Not needed to read and write, but soon; once here they also open without a line. */
const loadSheets = () => import('./sheets.js').then(({ Sheets }) => Sheets)

const loadLightbox = () => import('./lightbox.js').then(({ Lightbox }) => Lightbox)

/** A room that is not here: not yet, or not at all. @param {{hub: any}} props */
const Absent = ({ hub }) => hub.standing.settled
  ? html`<section class="pane talk empty"><${Icon} name="message-circle" class="large" /><h1 id="title" tabindex="-1">${t('no_room')}</h1><p>${t('no_room_text')}</p><a class="button" href="/inbox">${t('inbox')}</a></section>`
  : html`<section class="pane talk" aria-busy="true"><h1 id="title" class="unseen" tabindex="-1">${t('room')}</h1><div class="skeleton" aria-hidden="true"></div></section>`
