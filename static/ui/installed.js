// The service worker of this page: registered once the page stands, and a word when a newer version is there.
import { html, render } from './vendor.js'
import { ownScript } from '../lib/dkx/helper.js'
import { t } from './words.js'

const LOOK_EVERY = 30 * 60_000

/** Never reloads by itself: a person may be in the middle of a sentence. */
export async function install() {
  if (!('serviceWorker' in navigator)) return
  const first = !navigator.serviceWorker.controller
  const registered = await navigator.serviceWorker.register(ownScript('/sw.js'), { updateViaCache: 'none' })
  const offer = () => { if (registered.waiting && navigator.serviceWorker.controller) show(registered.waiting) }
  offer()
  registered.addEventListener('updatefound', () => registered.installing?.addEventListener('statechange', offer))
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (!first) location.reload() })
  setInterval(() => registered.update().catch(() => {}), LOOK_EVERY)
}

/** @param {ServiceWorker} waiting */
function show(waiting) {
  const place = document.createElement('div')
  document.body.append(place)
  const close = () => { render(null, place); place.remove() }
  render(html`<div class="toast" role="status"><span>${t('new_version')}</span>
    <button type="button" class="button compact" onClick=${() => waiting.postMessage('take over')}>${t('reload')}</button>
    <button type="button" class="button compact" onClick=${close}>${t('later')}</button></div>`, place)
}
