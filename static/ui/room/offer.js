// An offer in the timeline: all its terms, each beside what it replaces, and what one may answer.
import { html } from '../vendor.js'
import { Act, Icon, useTick } from '../parts.js'
import { money, period, until } from '../say.js'
import { t } from '../words.js'

/** The terms that people compare: name, before, after; in a fixed order. @param {any} before @param {any} terms @param {string} tz */
export function difference(before, terms, tz) {
  const rows = [
    ['dates', (/** @type {any} */ one) => period(one.start, one.end, tz)],
    ['price', (/** @type {any} */ one) => money(one.price, one.cur)],
    ['deposit', (/** @type {any} */ one) => money(one.deposit, one.cur)],
    ['units', (/** @type {any} */ one) => String(one.q)],
  ]
  return rows
    .map(([name, say]) => ({ name, now: /** @type {any} */ (say)(terms), was: before ? /** @type {any} */ (say)(before) : undefined }))
    .filter(({ name, now, was }) => name !== 'units' || now !== '1' || (was ?? '1') !== '1')
    .filter(({ name }) => name !== 'deposit' || terms.deposit > 0 || before?.deposit > 0)
}

/** How a card stands, from the offer's number and the rental as it is. @param {any} offer @param {any} deal */
export function standing(offer, deal) {
  if (!deal?.offer || offer.rev < deal.offer.rev) return 'superseded'
  switch (deal.state) {
    case 'negotiating': return Date.parse(offer.expires_at) < Date.now() ? 'expired' : offer.by === deal.role ? 'waiting' : 'open'
    case 'declined': case 'expired': case 'withdrawn': return deal.state
    default: return deal.agreed_at || deal.state === 'held' ? 'accepted' : 'superseded'
  }
}

/** `newest`: the highest number in the log, which may be ahead of the rental. @param {{line: any, before: any, newest: number, deal: any, title: string, actions: any}} props */
export function OfferCard({ line, before, newest, deal, title, actions }) {
  useTick(30_000)
  const { offer } = line.data
  const how = offer.rev < newest ? 'superseded' : standing(offer, deal)
  const rows = html`<dl class="terms">${difference(before?.terms, offer.terms, deal?.tz).map(({ name, now, was }) => html`
    <div><dt>${t(`term_${name}`)}</dt><dd>
      ${was === undefined ? now : was === now ? html`${now} <span class="quiet">${t('unchanged')}</span>` : html`<s><span class="unseen">${t('before')} </span>${was}</s> <mark>${now}</mark>`}
    </dd></div>`)}</dl>`
  if (how === 'superseded') return html`<details class="offer past"><summary><${Icon} name="history" class="small" />${title}<span class="quiet">${t('offer_superseded')}</span></summary>${rows}</details>`
  return html`<section class=${`offer ${how}`} aria-label=${title}>
    <header><${Icon} name=${how === 'accepted' ? 'badge-check' : 'handshake'} /><h3>${title}</h3>
      <span>${how === 'open' || how === 'waiting' ? t('expires', { when: until(offer.expires_at) }) : t(`offer_${how}`)}</span></header>
    ${rows}
    ${how === 'open' && html`<div class="actions"><${Answers} deal=${deal} actions=${actions} /></div>`}
    ${how === 'waiting' && html`<div class="actions"><p class="quiet">${t('offer_waits')}</p><${Mine} deal=${deal} actions=${actions} /></div>`}
    <p class="fine seen"><${Icon} name="eye" class="small" />${t('hub_sees')}</p>
  </section>`
}

/** What one may nearly always answer: shown until the hub has said so, for a button that moves is missed. @type {Record<string, string[]>} */
const LIKELY = { owner: ['accept', 'counter', 'decline'], renter: ['accept', 'counter', 'withdraw'] }

/** @param {{deal: any, actions: any}} props */
export function Answers({ deal, actions }) {
  const may = (/** @type {string} */ name) => (deal.allowed_actions ?? LIKELY[deal.role]).includes(name)
  return html`
    ${may('accept') && html`<${Act} class="primary" icon="check" act=${actions.accept}>${t('accept', { price: money(deal.offer.terms.price, deal.offer.terms.cur) })}</${Act}>`}
    ${may('counter') && html`<button type="button" aria-haspopup="dialog" class="button" onClick=${() => actions.open('counter')}>${t('counter')}</button>`}
    ${may('decline') && html`<button type="button" aria-haspopup="dialog" class="button quietly" onClick=${() => actions.open('decline')}>${t('decline')}</button>`}
    ${!may('decline') && may('withdraw') && html`<button type="button" aria-haspopup="dialog" class="button quietly" onClick=${() => actions.open('withdraw')}>${t('withdraw')}</button>`}`
}

/** @param {{deal: any, actions: any}} props */
const Mine = ({ deal, actions }) => html`
  ${deal.allowed_actions?.includes('revise') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('revise')}>${t('revise')}</button>`}
  ${deal.allowed_actions?.includes('withdraw') && html`<button type="button" aria-haspopup="dialog" class="button quietly compact" onClick=${() => actions.open('withdraw')}>${t('withdraw')}</button>`}`
