// The month over all one's things: who has what when, days kept back by pointer or keyboard, other calendars in and out.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { newId } from '../../lib/device.js'
import { writeTime } from '../../lib/when.js'
import { Act, Field, Icon, Sheet, useHub } from '../parts.js'
import { dated } from '../say.js'
import { faultOf, t } from '../words.js'
import { ownItems } from './items.js'
import { Outside } from './outside.js'
import { beside, dateText, dayOf, daysOf, monthOf, nextDay, stateOf } from './span.js'

const SHOWN = new Set(['active', 'paused'])
/** @type {Record<string, [number, number]>} */
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }
const lang = () => document.documentElement.lang || 'de'

/** @param {{hub: any}} props */
export function Calendar({ hub }) {
  const [month, setMonth] = useState(monthOf(new Date()))
  const [rows, setRows] = useState(/** @type {any[] | null} */ (null))
  const [fault, setFault] = useState('')
  const [from, setFrom] = useState(/** @type {{item: any, day: Date} | null} */ (null))
  const [sheet, setSheet] = useState(/** @type {any} */ (null))
  useHub(hub, (kind) => ['changed', 'settled'].includes(kind))
  async function load() {
    try {
      const items = (await ownItems(hub)).filter(({ status }) => SHOWN.has(status))
      setRows(await Promise.all(items.map((item) => takenOf(hub, item))))
      setFault('')
    } catch (error) {
      setFault(faultOf(error))
    }
  }
  useEffect(() => { load() }, [])
  const deals = hub.store.under('deal/').map((/** @type {any} */ [, deal]) => deal).filter((/** @type {any} */ deal) => deal.role === 'owner')
  function press(/** @type {any} */ item, /** @type {Date} */ day, /** @type {any} */ state) {
    if (state.is === 'rental' || state.is === 'asked') return location.assign(`/r/${state.of.room}`)
    if (state.is === 'block') return setSheet({ item, block: state.of })
    if (!from || from.item.id !== item.id) return setFrom({ item, day })
    const [first, last] = from.day < day ? [from.day, day] : [day, from.day]
    setFrom(null)
    setSheet({ item, first, last })
  }
  const close = () => { setSheet(null); setFrom(null) }
  const name = new Intl.DateTimeFormat(lang(), { month: 'long', year: 'numeric' }).format(daysOf(month)[0])
  return html`<div class="stack"><h1 id="title" tabindex="-1">${t('own_calendar')}</h1>
    <div class="cal-head"><button type="button" class="round" aria-label=${t('month_before')} onClick=${() => setMonth(beside(month, -1))}><${Icon} name="chevron-left" /></button>
      <h2 aria-live="polite">${name}</h2><button type="button" class="round" aria-label=${t('month_after')} onClick=${() => setMonth(beside(month, 1))}><${Icon} name="chevron-right" /></button></div>
    ${fault && html`<p class="notice danger" role="alert">${fault} <button type="button" class="linky" onClick=${load}>${t('again')}</button></p>`}
    ${!rows && !fault && html`<div class="skeleton roomrow" aria-hidden="true"></div>`}
    ${rows?.length === 0 && html`<div class="empty"><${Icon} name="calendar-days" class="large" /><h2>${t('own_none')}</h2><p>${t('own_none_text')}</p><a class="button primary" href="/i/new">${t('list_title')}</a></div>`}
    ${rows && rows.length > 0 && html`<${Month} month=${month} rows=${rows} deals=${deals} from=${from} onPress=${press} />
      <p class="quiet" role="status">${from ? t('block_until', { title: from.item.title, day: dated(from.day) }) : t('block_how')}</p>
      <p class="legend"><span><i class="rental"></i>${t('day_rental')}</span><span><i class="asked"></i>${t('day_asked')}</span><span><i class="block"></i>${t('day_block')}</span><span><i class="hatch"></i>${t('day_full')}</span></p>`}
    ${sheet && html`<${Block} hub=${hub} ...${sheet} others=${(rows ?? []).map(({ item }) => item)} onClose=${close} onDone=${() => { close(); load() }} />`}
    <${Outside} hub=${hub} items=${(rows ?? []).map(({ item }) => item)} onChanged=${load} />
  </div>`
}

/** @param {any} hub @param {any} item */
async function takenOf(hub, item) {
  const [{ full }, { blocks }] = await Promise.all([
    hub.http.call('GET', `/v1/items/${item.id}/calendar`), hub.http.call('GET', `/v1/items/${item.id}/blocks`),
  ])
  return { item, full, blocks }
}

/** @param {{month: string, rows: any[], deals: any[], from: any, onPress: (item: any, day: Date, state: any) => void}} props */
function Month({ month, rows, deals, from, onPress }) {
  const days = daysOf(month)
  const [at, setAt] = useState([0, 0])
  const table = useRef(/** @type {HTMLElement | null} */ (null))
  // What is over is to the left: the month opens at the first day that can be used.
  useEffect(() => { table.current?.querySelector('button:enabled')?.closest('td')?.scrollIntoView({ inline: 'center', block: 'nearest' }) }, [month])
  const weekday = new Intl.DateTimeFormat(lang(), { weekday: 'narrow' })
  const whole = new Intl.DateTimeFormat(lang(), { weekday: 'long', day: 'numeric', month: 'long' })
  function key(/** @type {KeyboardEvent} */ event) {
    const step = STEPS[event.key]
    const [row, column] = event.key === 'Home' ? [at[0], 0] : event.key === 'End' ? [at[0], days.length - 1] : step ? [at[0] + step[0], at[1] + step[1]] : at
    if (row === at[0] && column === at[1]) return
    event.preventDefault()
    const next = [Math.max(0, Math.min(rows.length - 1, row)), Math.max(0, Math.min(days.length - 1, column))]
    setAt(next)
    const cell = /** @type {HTMLElement} */ (event.currentTarget).querySelector(`[data-at="${next.join('-')}"]`)
    if (cell instanceof HTMLElement) cell.focus()
  }
  return html`<div class="wide-table" role="region" aria-label=${t('own_calendar')} tabindex="0"><table class="month" ref=${table} onKeyDown=${key}>
    <thead><tr><th scope="col">${t('thing')}</th>${days.map((day) => html`<th scope="col" class=${day.getDay() % 6 === 0 ? 'rest' : ''}><span aria-hidden="true">${weekday.format(day)}</span> ${day.getDate()}</th>`)}</tr></thead>
    <tbody>${rows.map(({ item, full, blocks }, row) => html`<tr key=${item.id}><th scope="row">${item.title}</th>${days.map((day, column) => {
      const state = stateOf({ deals: deals.filter((deal) => deal.item.id === item.id), blocks, full }, day)
      const chosen = from?.item.id === item.id && from.day.getTime() === day.getTime()
      const past = nextDay(day).getTime() < Date.now()
      return html`<td><button type="button" class=${`${state.is} ${chosen ? 'chosen' : ''}`} data-at=${`${row}-${column}`} tabindex=${at[0] === row && at[1] === column ? 0 : -1} aria-pressed=${chosen}
        disabled=${state.is === 'full' || (past && state.is === 'free')} aria-label=${`${item.title}, ${whole.format(day)}: ${t(`day_${state.is}`)}`} onFocus=${() => setAt([row, column])} onClick=${() => onPress(item, day, state)}></button></td>`
    })}</tr>`)}</tbody></table></div>`
}

/** Keeping days back, one thing or several; or letting a block go. @param {any} props */
function Block({ hub, item, block, first, last, others, onClose, onDone }) {
  const [start, setStart] = useState(dateText(first ?? new Date(block.start)))
  const [end, setEnd] = useState(dateText(last ?? new Date(Date.parse(block.end) - 1)))
  const [note, setNote] = useState(block?.note ?? '')
  const [also, setAlso] = useState(/** @type {string[]} */ ([]))
  const [id] = useState(block?.id ?? newId())
  const valid = start && end && start <= end
  async function keep() {
    const times = { start: writeTime(dayOf(start)), end: writeTime(nextDay(dayOf(end))), note: note.trim() }
    if (also.length === 0) await hub.http.call('PUT', `/v1/items/${item.id}/blocks/${id}`, times)
    else await hub.http.call('PUT', `/v1/me/blocks/${id}`, { ...times, items: [item.id, ...also] })
  }
  const toggle = (/** @type {string} */ other, /** @type {boolean} */ on) => setAlso(on ? [...also, other] : also.filter((one) => one !== other))
  const free = others.filter((/** @type {any} */ one) => one.id !== item.id)
  return html`<${Sheet} title=${t(block ? 'block_change' : 'block_new', { title: item.title })} onClose=${onClose}>
    <div class="dates"><${Field} id="block-from" label=${t('from')}><input id="block-from" class="input" type="date" value=${start} onInput=${(/** @type {any} */ event) => setStart(event.target.value)} /></${Field}>
      <${Field} id="block-to" label=${t('to')}><input id="block-to" class="input" type="date" value=${end} onInput=${(/** @type {any} */ event) => setEnd(event.target.value)} /></${Field}></div>
    <${Field} id="block-note" label=${t('block_note')} hint=${t('block_note_hint')}><input id="block-note" class="input" maxlength="200" value=${note} onInput=${(/** @type {any} */ event) => setNote(event.target.value)} /></${Field}>
    ${!block && free.length > 0 && html`<details><summary>${t('block_also')}</summary>${free.map((/** @type {any} */ one) => html`<label class="choice"><input type="checkbox" checked=${also.includes(one.id)} onChange=${(/** @type {any} */ event) => toggle(one.id, event.target.checked)} />${one.title}</label>`)}</details>`}
    <${Act} class="primary wide" disabled=${!valid} act=${keep} onDone=${onDone}>${t('block_keep')}</${Act}>
    ${block && html`<${Act} class="danger wide" act=${() => hub.http.call('DELETE', `/v1/items/${item.id}/blocks/${block.id}`)} onDone=${onDone}>${t('block_end')}</${Act}>`}
  </${Sheet}>`
}
