// Other dates, units or another price for what is agreed: proposed by one, answered by the other.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { writeTime } from '../../lib/when.js'
import { cents, euros, whole } from '../amounts.js'
import { difference } from './offer.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { localInput, money, until } from '../say.js'
import { t } from '../words.js'

/** @param {{hub: any, deal: any, actions: any, may: (name: string) => boolean}} props */
export function Changes({ hub, deal, actions, may }) {
  const open = deal.change?.state === 'open' ? deal.change : null
  const answer = (/** @type {string} */ how) => () => hub.act(deal.id, `changes/${open.no}/${how}`)
  if (!open) return may('propose_change') ? html`<p><button type="button" aria-haspopup="dialog" class="button" onClick=${() => actions.open('change')}><${Icon} name="calendar-days" />${t('change_propose')}</button></p>` : null
  return html`<section class="offer open" aria-labelledby="change-title"><header><${Icon} name="calendar-days" /><h3 id="change-title">${t(open.by === deal.role ? 'change_mine' : 'change_theirs')}</h3><span>${t('expires', { when: until(open.expires_at) })}</span></header>
    <dl class="terms">${difference(deal.offer.terms, open.terms, deal.tz).map(({ name, now, was }) => html`<div><dt>${t(`term_${name}`)}</dt><dd>
      ${was === now ? html`${now} <span class="quiet">${t('unchanged')}</span>` : html`<s><span class="unseen">${t('before')} </span>${was}</s> <mark>${now}</mark>`}</dd></div>`)}</dl>
    <div class="actions">
      ${may('accept_change') && html`<${Act} class="primary" icon="check" act=${answer('accept')}>${t('change_accept')}</${Act}>`}
      ${may('decline_change') && html`<${Act} act=${answer('decline')}>${t('change_decline')}</${Act}>`}
      ${may('withdraw_change') && html`<${Act} act=${answer('withdraw')}>${t('change_withdraw')}</${Act}>`}</div></section>`
}

/** @param {{hub: any, deal: any, onClose: () => void}} props */
export function Changing({ hub, deal, onClose }) {
  const { terms } = deal.offer
  const [start, setStart] = useState(localInput(terms.start))
  const [end, setEnd] = useState(localInput(terms.end))
  const [price, setPrice] = useState(euros(terms.price))
  const [q, setQ] = useState(terms.q)
  const [quote, setQuote] = useState(/** @type {any} */ (null))
  /** What a person typed is not replaced by what the tariff says. */
  const typed = useRef(false)
  const [from, to] = [new Date(start), new Date(end)]
  useEffect(() => {
    if (!(from < to)) return undefined
    const timer = setTimeout(() => {
      hub.http.call('GET', `/v1/rentals/${deal.id}/change`, undefined, { start: writeTime(from), end: writeTime(to), q })
        .then((/** @type {any} */ found) => { setQuote(found); if (!typed.current) setPrice(euros(found.price)) }, () => setQuote(null))
    }, 250)
    return () => clearTimeout(timer)
  }, [start, end, q])
  async function propose() {
    const asked = cents(price)
    const body = { start: writeTime(from), end: writeTime(to), price: asked, q, negotiated: quote?.price !== asked }
    await hub.act(deal.id, 'changes', body)
    onClose()
  }
  const begun = deal.state === 'active'
  return html`<${Sheet} title=${t('change_propose')} onClose=${onClose}>
    <p>${t('change_text')}</p>
    <${Field} id="change-start" label=${t('from')}><input id="change-start" class="input" type="datetime-local" disabled=${begun} value=${start} onInput=${(/** @type {any} */ event) => setStart(event.target.value)} /></${Field}>
    <${Field} id="change-end" label=${t('to')}><input id="change-end" class="input" type="datetime-local" value=${end} onInput=${(/** @type {any} */ event) => setEnd(event.target.value)} /></${Field}>
    ${terms.q > 1 && html`<${Field} id="change-q" label=${t('term_units')}><input id="change-q" class="input" type="number" min="1" max="999" value=${q} onInput=${(/** @type {any} */ event) => setQ(whole(event, 1))} /></${Field}>`}
    <${Field} id="change-price" label=${t('term_price')} hint=${quote ? t('change_differs', { price: money(quote.price, quote.cur), more: money(quote.difference, quote.cur) }) : undefined}>
      <div class="unit"><input id="change-price" class="input" inputmode="decimal" value=${price} onInput=${(/** @type {any} */ event) => { typed.current = true; setPrice(event.target.value) }} /><span>€</span></div></${Field}>
    <${Act} class="primary wide" disabled=${!(from < to) || Number.isNaN(cents(price))} act=${propose}>${t('change_send')}</${Act}>
  </${Sheet}>`
}
