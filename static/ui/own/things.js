// What one lends: each thing with how it stands, what can be done with it, and what waits for an answer.
import { html, useEffect, useState } from '../vendor.js'
import { Act, Icon, Sheet, useHub } from '../parts.js'
import { money } from '../say.js'
import { faultOf, plural, t } from '../words.js'
import { smallest } from './form.js'
import { ownItems } from './items.js'

/** What may be done in which state. @type {Record<string, string[]>} */
const MOVES = { draft: ['publish'], active: ['pause'], paused: ['resume', 'archive'], missing: ['restore', 'archive'], archived: ['restore'] }
/** Undone by. @type {Record<string, string>} */
const BACK = { pause: 'resume', resume: 'pause', archive: 'restore' }

/** @param {{hub: any}} props */
export function Own({ hub }) {
  const [items, setItems] = useState(/** @type {any[] | null} */ (null))
  const [fault, setFault] = useState('')
  const [moved, setMoved] = useState(/** @type {{item: any, move: string} | null} */ (null))
  const load = () => ownItems(hub).then(setItems, (error) => setFault(faultOf(error)))
  useEffect(() => { load() }, [])
  useHub(hub, (kind) => ['changed', 'settled'].includes(kind))
  const waiting = hub.rooms().filter((/** @type {any} */ { deal }) => deal?.role === 'owner' && deal.state === 'negotiating')
  async function move(/** @type {any} */ item, /** @type {string} */ what) {
    await hub.http.call('POST', `/v1/items/${item.id}/${what}`, {})
    setMoved({ item, move: what })
    await load()
  }
  return html`<div class="stack"><div class="row ends"><h1 id="title" tabindex="-1">${t('own_things')}</h1>
      <span class="row"><a class="button" href="/me/calendar"><${Icon} name="calendar-days" />${t('own_calendar')}</a><a class="button primary" href="/i/new"><${Icon} name="plus" />${t('list_title')}</a></span></div>
    ${waiting.length > 0 && html`<p class="notice warn"><${Icon} name="clock" /><span>${plural('requests_wait', waiting.length)} <a href=${waiting.length === 1 ? `/r/${waiting[0].id}` : '/inbox'}>${t('answer_now')}</a></span></p>`}
    ${fault && html`<p class="notice danger" role="alert">${fault} <button type="button" class="linky" onClick=${() => { setFault(''); load() }}>${t('again')}</button></p>`}
    ${!items && !fault && html`<div class="skeletons" aria-hidden="true">${[1, 2, 3].map(() => html`<div class="skeleton roomrow"></div>`)}</div>`}
    ${items?.length === 0 && html`<div class="empty"><${Icon} name="package-open" class="large" /><h2>${t('own_none')}</h2><p>${t('own_none_text')}</p><a class="button primary" href="/i/new">${t('list_title')}</a></div>`}
    <ul class="plain rows">${(items ?? []).map((item) => html`<${Thing} key=${item.id} hub=${hub} item=${item} move=${move} onGone=${load} />`)}</ul>
    ${moved && html`<div class="toast" role="status"><span>${t(`moved_${moved.move}`, { title: moved.item.title })}</span>
      ${BACK[moved.move] && html`<${Act} class="compact" act=${() => move(moved.item, BACK[moved.move])}>${t('undo')}</${Act}>`}
      <button type="button" class="button compact" onClick=${() => setMoved(null)}>${t('close')}</button></div>`}
  </div>`
}

/** @param {{hub: any, item: any, move: (item: any, what: string) => Promise<void>, onGone: () => void}} props */
function Thing({ hub, item, move, onGone }) {
  const [sure, setSure] = useState(false)
  const photo = item.photos[0]
  const day = item.tariff.day
  const copy = () => hub.http.call('POST', `/v1/items/${item.id}/duplicate`, {}).then((/** @type {any} */ made) => location.assign(`/i/${made.id}/edit`))
  const gone = () => hub.http.call('DELETE', `/v1/items/${item.id}`).then(() => { setSure(false); onGone() })
  return html`<li class="ownrow">
    ${photo ? html`<img src=${smallest(photo.sizes)} alt="" width="96" height="72" loading="lazy" />` : html`<span class="noshot"><${Icon} name="package" /></span>`}
    <span class="grow"><strong><a href=${`/i/${item.id}`}>${item.title}</a></strong>
      <span class="fine"><span class=${`pill ${item.status === 'active' ? 'ok' : item.status === 'draft' ? 'warn' : ''}`}>${t(`thing_${item.status}`)}</span> ${day === null ? '' : day === 0 ? t('for_free') : t('a_day', { price: money(day, item.tariff.cur) })}</span></span>
    <span class="row"><a class="button compact" href=${`/i/${item.id}/edit`}>${t('edit')}<span class="unseen"> ${item.title}</span></a>
      ${(MOVES[item.status] ?? []).map((what) => html`<${Act} class=${`compact ${what === 'publish' ? 'primary' : ''}`} act=${() => move(item, what)}>${t(`move_${what}`)}<span class="unseen"> ${item.title}</span></${Act}>`)}
      <${Act} class="compact" icon="copy" act=${copy} aria-label=${t('duplicate', { title: item.title })} />
      <button type="button" class="button compact danger" onClick=${() => setSure(true)}>${t('delete_thing')}<span class="unseen"> ${item.title}</span></button></span>
    ${sure && html`<${Sheet} title=${t('delete_title', { title: item.title })} onClose=${() => setSure(false)}><p>${t('delete_text')}</p><${Act} class="danger wide" act=${gone}>${t('delete_now')}</${Act}></${Sheet}>`}
  </li>`
}
