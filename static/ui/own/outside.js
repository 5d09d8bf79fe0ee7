// Calendars elsewhere: one's rentals under a secret address, and other calendars that keep a thing back.
import { html, useState } from '../vendor.js'
import { newId } from '../../lib/device.js'
import { Act, Field, Icon } from '../parts.js'
import { dated } from '../say.js'
import { t } from '../words.js'
import { useLoaded } from '../load.js'

/** @param {{hub: any, items: any[], onChanged: () => void}} props */
export function Outside({ hub, items, onChanged }) {
  return html`<div class="halves"><${Feed} hub=${hub} />${items.length > 0 && html`<${Others} hub=${hub} items=${items} onChanged=${onChanged} />`}</div>`
}

/** @param {{hub: any}} props */
function Feed({ hub }) {
  const call = hub.http.call.bind(hub.http)
  const [feed, again, waiting] = useLoaded(() => call('GET', '/v1/me/feed'))
  const [url, setUrl] = useState('')
  const renew = () => call('POST', '/v1/me/feed', {}).then((/** @type {any} */ made) => { setUrl(made.url); again() })
  const revoke = () => call('DELETE', '/v1/me/feed').then(() => { setUrl(''); again() })
  return html`<section class="card stack"><h2>${t('feed')}</h2><p>${t('feed_text')}</p>${waiting}
    ${url && html`<${Field} id="feed-url" label=${t('feed_url')} hint=${t('feed_once')}><input id="feed-url" class="input mono" readonly value=${url} onFocus=${(/** @type {any} */ event) => event.target.select()} /></${Field}>
      <${Act} icon="copy" act=${() => navigator.clipboard.writeText(url)}>${t('copy')}</${Act}>`}
    ${feed && html`${feed.since && html`<p class="quiet">${t('feed_since', { when: dated(feed.since) })}</p>`}
      <p class="row"><${Act} class=${feed.since ? '' : 'primary'} act=${renew}>${t(feed.since ? 'feed_renew' : 'feed_make')}</${Act}>
      ${feed.since && html`<${Act} class="danger" act=${revoke}>${t('feed_revoke')}</${Act}>`}</p>`}</section>`
}

/** @param {{hub: any, items: any[], onChanged: () => void}} props */
function Others({ hub, items, onChanged }) {
  const [item, setItem] = useState(items[0].id)
  const [url, setUrl] = useState('')
  return html`<section class="card stack"><h2>${t('others_in')}</h2><p>${t('others_in_text')}</p>
    <${Field} id="in-item" label=${t('thing')}><select id="in-item" class="input" value=${item} onChange=${(/** @type {any} */ event) => setItem(event.target.value)}>${items.map((one) => html`<option value=${one.id}>${one.title}</option>`)}</select></${Field}>
    <${Subscribed} key=${item} hub=${hub} item=${item} url=${url} setUrl=${setUrl} onChanged=${onChanged} /></section>`
}

/** @param {{hub: any, item: string, url: string, setUrl: (url: string) => void, onChanged: () => void}} props */
function Subscribed({ hub, item, url, setUrl, onChanged }) {
  const call = hub.http.call.bind(hub.http)
  const at = `/v1/items/${item}/subscriptions`
  const [found, again, waiting] = useLoaded(() => call('GET', at))
  const add = () => call('PUT', `${at}/${newId()}`, { url: url.trim() }).then(() => { setUrl(''); again(); onChanged() })
  const end = (/** @type {string} */ id) => call('DELETE', `${at}/${id}`).then(() => { again(); onChanged() })
  return html`${waiting}<ul class="plain rows">${(found?.subscriptions ?? []).map((/** @type {any} */ one) => html`<li class="keyrow" key=${one.id}><${Icon} name="calendar-days" />
      <span class="grow"><strong>${one.host}</strong><span class="fine">${one.error ? t('in_failed', { error: one.error }) : one.read_at ? t('in_read', { n: one.events, when: dated(one.read_at) }) : t('in_waiting')}</span></span>
      <${Act} class="compact" act=${() => end(one.id)}>${t('remove')}<span class="unseen"> ${one.host}</span></${Act}></li>`)}</ul>
    <${Field} id="in-url" label=${t('in_url')} hint=${t('in_url_hint')}><input id="in-url" class="input" type="url" maxlength="2048" value=${url} onInput=${(/** @type {any} */ event) => setUrl(event.target.value)} /></${Field}>
    <${Act} disabled=${!url.trim()} act=${add}>${t('in_add')}</${Act}>`
}
