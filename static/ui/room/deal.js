// A rental beside its talk: where it stands, what to do next, what was agreed, where to meet.
import { html, useEffect, useState } from '../vendor.js'
import { Later } from '../later.js'
import { Act, Icon } from '../parts.js'
import { money, period, until } from '../say.js'
import { has, lineWord, t } from '../words.js'

const STEPS = ['asked', 'bargain', 'agreed', 'handover', 'return', 'review']
const AT = new Map([['inquiry', 0], ['negotiating', 1], ['held', 2], ['confirmed', 2], ['active', 3], ['returned', 4], ['completed', 5]])

/** @param {{deal: any}} props */
export function Progress({ deal }) {
  const at = AT.get(deal.state)
  if (at === undefined) return null
  return html`<ol class="steps" aria-label=${t('progress')}>${STEPS.map((step, n) => html`
    <li class=${n < at ? 'done' : ''} aria-current=${n === at ? 'step' : null}>${t(`step_${step}`)}${n < at && html`<span class="unseen"> ${t('done')}</span>`}</li>`)}</ol>`
}

/** One sentence: how it stands for who reads it. @param {any} deal @param {string} other */
export function sentence(deal, other) {
  const late = deal.state === 'active' && Date.parse(deal.offer.terms.end) < Date.now()
  const mine = deal.state === 'negotiating' && deal.offer?.by === deal.role ? '_mine' : ''
  const name = `say_${late ? 'overdue' : deal.state}${mine}_${deal.role}`
  const terms = deal.offer?.terms
  const values = {
    name: other, start: terms ? until(terms.start) : '', end: terms ? until(terms.end) : '',
    when: terms ? period(terms.start, terms.end, deal.tz) : '', reason: has(`reason_${deal.closed_reason}`) ? t(`reason_${deal.closed_reason}`) : '',
  }
  return has(name) ? t(name, values) : t(`say_${deal.state}`, values)
}

/** What one may do now beside answering an offer. @param {{hub: any, deal: any, actions: any, review: any}} props */
export function NextSteps({ hub, deal, actions, review }) {
  const may = (/** @type {string} */ name) => deal.allowed_actions?.includes(name)
  const shows = (deal.state === 'confirmed' && deal.role === 'renter') || (deal.state === 'active' && deal.role === 'owner')
  const open = (/** @type {string} */ name) => () => actions.open(name)
  return html`<div class="next">
    ${may('request') && html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${open('propose')}>${t('request_now')}</button>`}
    ${may('instant_book') && html`<${Booking} hub=${hub} deal=${deal} onOpen=${open('book')} />`}
    ${may('propose') && html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${open('propose')}>${t('propose')}</button>`}
    ${shows && html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${open('show')}><${Icon} name="qr-code" />${t(deal.role === 'renter' ? 'show_handover' : 'show_return')}</button>`}
    ${may('hand_over') && html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${open('hand_over')}><${Icon} name="package-open" />${t('hand_over')}</button>`}
    ${may('return') && deal.role === 'renter' && html`<button type="button" aria-haspopup="dialog" class=${`button ${deal.state === 'active' ? 'primary' : ''}`} onClick=${open('return')}><${Icon} name="package" />${t('give_back')}</button>`}
    ${may('confirm_return') && deal.state === 'returned' && html`<${Act} class="primary" icon="check" act=${actions.confirmReturn}>${t('all_well')}</${Act}>`}
    ${may('report_damage') && deal.state === 'returned' && html`<button type="button" aria-haspopup="dialog" class="button" onClick=${open('damage')}>${t('report_damage')}</button>`}
    ${review?.allowed?.includes('put') && html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${open('review')}><${Icon} name="star" />${t('review')}</button>`}
    ${may('cancel') && html`<button type="button" aria-haspopup="dialog" class="button quietly" onClick=${open('cancel')}>${t('cancel_rental')}</button>`}
  </div>`
}

/** Only where the owner need not be asked. @param {{hub: any, deal: any, onOpen: () => void}} props */
function Booking({ hub, deal, onOpen }) {
  const [instant, setInstant] = useState(false)
  useEffect(() => { hub.http.call('GET', `/v1/items/${deal.item.id}`).then((/** @type {any} */ { rules }) => setInstant(rules.instant), () => {}) }, [])
  return instant ? html`<button type="button" aria-haspopup="dialog" class="button primary" onClick=${onOpen}>${t('book')}</button>` : null
}

/** @param {{hub: any, deal: any, actions: any, review: any}} props */
export function Agreement({ hub, deal, actions, review }) {
  const terms = deal.offer?.terms
  return html`<div class="stack">
    <h2>${t('agreement')}${deal.offer && html` <span class="fine">${t('as_of', { n: deal.offer.rev })}</span>`}</h2>
    ${!terms && html`<p class="quiet">${t('no_offer')}</p>`}
    ${terms && html`<p>${period(terms.start, terms.end, deal.tz)}</p>
      <table class="lines"><tbody>
        ${terms.lines.map((/** @type {any} */ line) => html`<tr><th scope="row">${lineWord(line)}</th><td>${money(line.amt, terms.cur)}</td></tr>`)}
        <tr class="total"><th scope="row">${t('rent_total')}</th><td>${money(terms.price, terms.cur)}</td></tr>
        ${terms.deposit > 0 && html`<tr><th scope="row">${t('deposit_back')}</th><td>${money(terms.deposit, terms.cur)}</td></tr>`}
      </tbody></table>`}
    <${Meeting} hub=${hub} deal=${deal} />
    <${NextSteps} hub=${hub} deal=${deal} actions=${actions} review=${review} />
    <${Later} load=${loadMore} hub=${hub} deal=${deal} actions=${actions} />
    ${review?.theirs && html`<section class="stack"><h3>${t('their_review')}</h3><p>${review.theirs.text || t('no_words')}</p></section>`}
    ${review?.mine && !review.theirs && html`<p class="quiet">${t('review_waits')}</p>`}
    <p><a href=${`/i/${deal.item.id}`}>${t('to_item')}</a></p>
  </div>`
}

const loadMore = () => import('./more.js').then(({ More }) => More)

const KNOWN_WHERE = new Set(['confirmed', 'active', 'returned'])

/** The exact place, once it is agreed; each reading is logged, so it is asked for. @param {{hub: any, deal: any}} props */
function Meeting({ hub, deal }) {
  const [place, setPlace] = useState(/** @type {any} */ (null))
  useEffect(() => setPlace(null), [deal.state])
  if (!KNOWN_WHERE.has(deal.state)) return deal.state === 'negotiating' ? html`<h3>${t('meeting')}</h3><p class="quiet">${t('meeting_later')}</p>` : null
  return html`<h3>${t('meeting')}</h3>
    ${place ? html`<p><strong>${place.label}</strong><br />${place.address}</p>${place.instructions && html`<p>${place.instructions}</p>`}`
    : html`<${Act} class="compact" icon="map-pin" act=${async () => setPlace(await hub.http.call('GET', `/v1/rentals/${deal.id}/place`))}>${t('show_place')}</${Act}>`}`
}
