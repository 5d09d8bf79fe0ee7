// Asking for a thing on its page: the chosen days as a first offer, or a question without; the first words are encrypted.
import { Http } from '../lib/http.js'
import { HubRefused } from '../lib/errors.js'
import { html, render, useState } from './vendor.js'
import { Act, Field } from './parts.js'
import { loadWords, t } from './words.js'

/** @param {{item: string, quote?: {price: number, start: string, end: string, q: number}, http: any}} props */
function Ask({ item, quote, http }) {
  const [text, setText] = useState('')
  async function ask() {
    try {
      await http.token()
    } catch (error) {
      if (!(error instanceof HubRefused) || error.kind !== 'unauthenticated') throw error
      location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.search)}`)
      return
    }
    const { startHub } = await import('../lib/hub.js') // with all its keys and ciphers, only for who asks
    const hub = await startHub({ http, user: http.user })
    const terms = quote ? { from: quote.start, to: quote.end, price: quote.price, q: quote.q } : {}
    const rental = await hub.ask({ item, ...terms, text: text.trim() || undefined })
    location.assign(`/r/${rental.room}`)
  }
  return html`<${Field} id="ask-text" label=${t('ask_text')} hint=${t('only_you_two')}>
      <textarea id="ask-text" class="input" rows="3" maxlength="8000" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value)}></textarea></${Field}>
    <${Act} class="primary wide" icon="send" disabled=${!quote && !text.trim()} act=${ask}>${t(quote ? 'ask_now' : 'ask_only')}</${Act}>
    ${!quote && html`<p class="fine">${t('ask_days')}</p>`}`
}

/** One's own thing is not asked for. @param {{item: string}} props */
const OwnThing = ({ item }) => html`<p class="notice"><span>${t('own_thing')}</span></p>
  <p class="row"><a class="button primary" href=${`/i/${item}/edit`}>${t('edit')}</a><a class="button" href="/me/calendar">${t('own_calendar')}</a></p>`

/** Asked of the hub only in a browser in which somebody has been signed in. @param {Http} http @param {string | undefined} owner */
async function isOwner(http, owner) {
  const kept = await indexedDB.databases?.() ?? []
  if (!kept.some(({ name }) => name === `dkx:${owner}`)) return false
  return http.token().then(() => http.user === owner, () => false)
}

/** Fills the empty place for asking. @param {Document} root */
export async function enhanceAsking(root) {
  const place = /** @type {HTMLElement | null} */ (root.querySelector('aside[data-item] [data-request]'))
  const item = /** @type {HTMLElement | null} */ (place?.closest('[data-item]'))?.dataset.item
  if (!place || !item) return
  await loadWords()
  const http = new Http()
  if (await isOwner(http, place.closest('aside')?.dataset.owner)) return render(html`<${OwnThing} item=${item} />`, place)
  const { start, end, price, q } = place.dataset
  const quote = start && end ? { start, end, price: Number(price), q: Number(q) } : undefined
  render(html`<${Ask} item=${item} quote=${quote} http=${http} />`, place)
}
