// What one fills in about a rental: another offer, a reason, the code of a hand-over, damage, a review.
import { html, useEffect, useState } from '../vendor.js'
import { cents, euros, whole } from '../amounts.js'
import { Appealing, Settling } from './cases.js'
import { Changing } from './changes.js'
import { Deed } from './deeds.js'
import { Paying, Transferring } from './money.js'
import { Writing } from './protocol.js'
import { Signing } from './papers.js'
import { Reporting } from './report.js'
import { Later } from '../later.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { localInput, money } from '../say.js'
import { t } from '../words.js'
import { actOrLater } from '../../lib/pending.js'
import { packForTheWay, shownKind } from '../../lib/protocols.js'
import { writeTime } from '../../lib/when.js'

/** @param {{open: string, hub: any, deal: any, onClose: () => void, onReviewed: () => void}} props */
export function Sheets({ open, ...props }) {
  const [name, of] = open.split(':')
  switch (name) {
    case 'counter': case 'revise': case 'propose': case 'book': return html`<${Offering} how=${open} ...${props} />`
    case 'decline': case 'withdraw': case 'cancel': return html`<${Ending} how=${open} ...${props} />`
    case 'hand_over': case 'return': return html`<${Entering} how=${open} ...${props} />`
    case 'show': return html`<${Showing} ...${props} />`
    case 'damage': return html`<${Damage} ...${props} />`
    case 'review': return html`<${Reviewing} ...${props} />`
    case 'protocol': return html`<${Writing} kind=${of} ...${props} />`
    case 'change': return html`<${Changing} ...${props} />`
    case 'pay': return html`<${Paying} ...${props} />`
    case 'transfer': return html`<${Transferring} ...${props} />`
    case 'deed': return html`<${Deed} name=${of} ...${props} />`
    case 'settle': return html`<${Settling} no=${Number(of)} ...${props} />`
    case 'appeal': return html`<${Appealing} no=${Number(of)} ...${props} />`
    case 'sign': return html`<${Signing} ...${props} />`
    case 'report': return html`<${Reporting} seq=${Number(of)} ...${props} />`
    default: return null
  }
}

/** Dates and price; what the tariff says stands beside it. @param {any} props */
function Offering({ how, hub, deal, onClose }) {
  const terms = deal.offer?.terms
  const tomorrow = Date.now() + 86_400_000
  const [start, setStart] = useState(localInput(terms?.start ?? new Date(tomorrow).toISOString()))
  const [end, setEnd] = useState(localInput(terms?.end ?? new Date(tomorrow + 86_400_000).toISOString()))
  const [price, setPrice] = useState(terms ? (terms.price / 100).toFixed(2) : '')
  const [quote, setQuote] = useState(/** @type {any} */ (null))
  const [units, setUnits] = useState(terms?.q ?? 1)
  const [most, setMost] = useState(terms?.q ?? 1)
  useEffect(() => { hub.http.call('GET', `/v1/items/${deal.item.id}`).then((/** @type {any} */ item) => setMost(item.units), () => {}) }, [])
  const q = Math.min(Math.max(1, units), most)
  const [from, to] = [new Date(start), new Date(end)]
  const valid = from < to && cents(price) >= 0
  useEffect(() => {
    if (!(from < to)) return undefined
    const timer = setTimeout(() => {
      hub.http.call('GET', `/v1/items/${deal.item.id}/quote`, undefined, { start: writeTime(from), end: writeTime(to), q })
        .then((/** @type {any} */ found) => { setQuote(found); if (!price) setPrice(euros(found.price)) }, () => setQuote(null))
    }, 250)
    return () => clearTimeout(timer)
  }, [start, end, q])
  async function offer() {
    const dates = { start: writeTime(from), end: writeTime(to), q }
    if (how === 'book') await hub.act(deal.id, 'book', { ...dates, price: quote.price })
    else await hub.act(deal.id, how === 'propose' ? 'offers' : `offers/${deal.offer.rev}/${how}`, { ...dates, price: cents(price), negotiated: quote?.price !== cents(price) })
    onClose()
  }
  return html`<${Sheet} title=${t(how)} onClose=${onClose}>
    <${Field} id="offer-start" label=${t('from')}><input id="offer-start" class="input" type="datetime-local" value=${start} onInput=${(/** @type {any} */ event) => setStart(event.target.value)} /></${Field}>
    <${Field} id="offer-end" label=${t('to')}><input id="offer-end" class="input" type="datetime-local" value=${end} onInput=${(/** @type {any} */ event) => setEnd(event.target.value)} /></${Field}>
    ${most > 1 && html`<${Field} id="offer-units" label=${t('term_units')} hint=${t('units_of', { of: most })}><input id="offer-units" class="input" type="number" min="1" max=${most} value=${units} onInput=${(/** @type {any} */ event) => setUnits(whole(event, 1))} /></${Field}>`}
    ${how === 'book' ? html`<p>${quote ? t('tariff_says', { price: money(quote.price, quote.cur) }) : ''}</p>` : html`<${Field} id="offer-price" label=${t('term_price')} hint=${quote ? t('tariff_says', { price: money(quote.price, quote.cur) }) : undefined}>
      <div class="unit"><input id="offer-price" class="input" inputmode="decimal" value=${price} onInput=${(/** @type {any} */ event) => setPrice(event.target.value)} /><span>€</span></div></${Field}>`}
    <p class="fine">${t('offer_binds')}</p>
    <${Act} class="primary wide" disabled=${!valid || (how === 'book' && !quote)} act=${offer}>${t(how === 'book' ? 'book' : 'send_offer')}</${Act}>
  </${Sheet}>`
}

const REASONS = {
  decline: ['not_available', 'price', 'dates', 'other'],
  withdraw: ['changed_mind', 'found_other', 'other'],
  cancel: ['illness', 'plans_changed', 'item_defect', 'other'],
}

/** @param {any} props */
function Ending({ how, hub, deal, onClose }) {
  const reasons = REASONS[/** @type {'decline'} */ (how)]
  const [reason, setReason] = useState(reasons[0])
  const [cost, setCost] = useState(/** @type {any} */ (null))
  useEffect(() => {
    if (how !== 'cancel') return
    hub.http.call('GET', `/v1/rentals/${deal.id}/cancel`, undefined, { reason }).then(setCost, () => setCost(null))
  }, [reason])
  async function end() {
    await hub.act(deal.id, how, { reason })
    onClose()
  }
  return html`<${Sheet} title=${t(`${how}_title`)} onClose=${onClose}>
    <fieldset class="field"><legend class="label">${t('why')}</legend>
      ${reasons.map((name) => html`<label class="choice"><input type="radio" name="reason" checked=${reason === name} onChange=${() => setReason(name)} />${t(`reason_${name}`)}</label>`)}</fieldset>
    ${cost && html`<p>${cost.fee > 0 ? t('cancel_costs', { fee: money(cost.fee, cost.cur) }) : t('cancel_free')}</p>`}
    <${Act} class="danger wide" act=${end}>${t(`${how}_now`)}</${Act}>
  </${Sheet}>`
}

const loadScanned = () => import('./scanned.js').then(({ ShownCode }) => ShownCode)
const loadScanner = () => import('./scanned.js').then(({ ScanCode }) => ScanCode)

/** The code of the one who receives. @param {any} props */
function Entering({ how, hub, deal, onClose }) {
  const [code, setCode] = useState('')
  const [scanning, setScanning] = useState(false)
  const digits = code.replace(/\D/g, '')
  const send = async (/** @type {any} */ proof) => {
    await actOrLater(hub, deal, how, proof, how === 'hand_over' ? 'hand_over' : 'give_back')
    onClose()
  }
  return html`<${Sheet} title=${t(how === 'hand_over' ? 'hand_over' : 'give_back')} onClose=${onClose}>
    <p>${t(how === 'hand_over' ? 'ask_code_renter' : 'ask_code_owner')}</p>
    ${scanning ? html`<${Later} load=${loadScanner} hub=${hub} deal=${deal} kind=${how} onProof=${send} />`
      : html`<button type="button" class="button wide" onClick=${() => setScanning(true)}><${Icon} name="qr-code" />${t('scan_their_code')}</button>`}
    <${Field} id="code" label=${t('code')} hint=${t('code_hint')}><input id="code" class="input code" inputmode="numeric" autocomplete="off" maxlength="7" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>
    <${Act} class="primary wide" disabled=${digits.length !== 6} act=${() => send({ code: digits })}>${t('confirm_code')}</${Act}>
    <details><summary>${t('no_code')}</summary><p class="quiet">${t(how === 'hand_over' ? 'no_code_owner' : 'no_code_renter')}</p>
      <${Act} class="compact" act=${() => send({})}>${t(how === 'hand_over' ? 'hand_over_anyway' : 'return_anyway')}</${Act}></details>
  </${Sheet}>`
}

/** What the receiver shows: showing it proves that the thing is there. @param {any} props */
function Showing({ hub, deal, onClose }) {
  const kind = shownKind(deal) ?? 'return'
  const name = `code/${deal.id}/${kind}`
  const [shown, setShown] = useState(hub.store.get(name))
  const [fault, setFault] = useState(false)
  useEffect(() => {
    if (shown) return
    packForTheWay(hub, deal).then(() => setShown(hub.store.get(name)), () => setFault(true))
  }, [])
  return html`<${Sheet} title=${t(kind === 'hand_over' ? 'show_handover' : 'show_return')} onClose=${onClose}>
    <p>${t(kind === 'hand_over' ? 'show_renter' : 'show_owner')}</p>
    ${shown && html`<p class="bigcode" data-code=${shown.code}>${shown.code.slice(0, 3)} ${shown.code.slice(3)}</p>`}
    ${!shown && !fault && html`<div class="skeleton bigcode" aria-hidden="true"></div>`}
    ${shown && html`<${Later} load=${loadScanned} hub=${hub} deal=${deal} kind=${kind} secret=${shown.secret} />`}
    ${fault && html`<p class="fault" role="alert">${t('code_offline')}</p>`}
    <p class="fine">${t('code_only_then')}</p>
  </${Sheet}>`
}

/** @param {any} props */
function Damage({ hub, deal, onClose }) {
  const [kind, setKind] = useState('damage')
  const [words, setWords] = useState('')
  const [claimed, setClaimed] = useState('')
  async function report() {
    await hub.act(deal.id, 'report_damage', { kind, words: words.trim(), claimed: cents(claimed) })
    onClose()
  }
  return html`<${Sheet} title=${t('report_damage')} onClose=${onClose}>
    <fieldset class="field"><legend class="label">${t('what_kind')}</legend>${['damage', 'missing_parts'].map((name) => html`
      <label class="choice"><input type="radio" name="kind" checked=${kind === name} onChange=${() => setKind(name)} />${t(`case_${name}`)}</label>`)}</fieldset>
    <${Field} id="damage-words" label=${t('what_happened')}><textarea id="damage-words" class="input" maxlength="2000" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)}></textarea></${Field}>
    <${Field} id="damage-claim" label=${t('claimed')}><div class="unit"><input id="damage-claim" class="input" inputmode="decimal" value=${claimed} onInput=${(/** @type {any} */ event) => setClaimed(event.target.value)} /><span>€</span></div></${Field}>
    <p class="fine">${t('case_opens')}</p>
    <${Act} class="danger wide" disabled=${!words.trim() || !(cents(claimed) >= 0)} act=${report}>${t('report_now')}</${Act}>
  </${Sheet}>`
}

/** @param {any} props */
function Reviewing({ hub, deal, onClose, onReviewed }) {
  const asked = ['overall', 'communication', 'punctual', ...(deal.role === 'renter' ? ['item'] : [])]
  const [stars, setStars] = useState(/** @type {Record<string, number>} */ ({}))
  const [text, setText] = useState('')
  const [thanks, setThanks] = useState('')
  async function put() {
    await hub.http.call('PUT', `/v1/rentals/${deal.id}/review`, { ...stars, text: text.trim(), thanks: thanks.trim() })
    onReviewed()
    onClose()
  }
  return html`<${Sheet} title=${t('review')} onClose=${onClose}>
    <p class="quiet">${t('review_blind')}</p>
    ${asked.map((name) => html`<fieldset class="field rating"><legend class="label">${t(`stars_${name}`)}</legend><div class="segments">${[1, 2, 3, 4, 5].map((n) => html`
      <label class="star"><input type="radio" class="unseen" name=${name} checked=${stars[name] === n} onChange=${() => setStars((now) => ({ ...now, [name]: n }))} /><span aria-hidden="true">${(stars[name] ?? 0) >= n ? '★' : '☆'}</span><span class="unseen">${t('stars_n', { n })}</span></label>`)}</div></fieldset>`)}
    <${Field} id="review-text" label=${t('review_text')} hint=${t('review_public')}><textarea id="review-text" class="input" maxlength="1000" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea></${Field}>
    <${Field} id="review-thanks" label=${t('review_thanks')} hint=${t('review_private')}><input id="review-thanks" class="input" maxlength="200" value=${thanks} onInput=${(/** @type {any} */ event) => setThanks(event.target.value)} /></${Field}>
    <${Act} class="primary wide" disabled=${asked.some((name) => !stars[name])} act=${put}>${t('send_review')}</${Act}>
  </${Sheet}>`
}
