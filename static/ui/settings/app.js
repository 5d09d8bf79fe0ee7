// Settings: one page a subject, the list of them beside it; on a phone first the list.
import { html, useEffect, useState } from '../vendor.js'
import { Unlock } from '../keys/unlock.js'
import { Icon, useHub } from '../parts.js'
import { Strip } from '../strip.js'
import { t } from '../words.js'
import { Appearance } from './appearance.js'
import { Devices } from './devices.js'
import { Leaving } from './leaving.js'
import { Privacy } from './privacy.js'
import { Profile } from './profile.js'
import { Security } from './security.js'

/** Each with its icon and what draws it. @type {Record<string, [string, any]>} */
const PAGES = { profile: ['circle-user', Profile], appearance: ['contrast', Appearance], security: ['lock', Security], devices: ['key-round', Devices], privacy: ['eye-off', Privacy], data: ['download', Leaving] }
const PATH = /^\/settings(?:\/([a-z]+))?$/

const pageOf = () => location.pathname.match(PATH)?.[1] ?? ''

/** @param {{hub: any}} props */
export function Settings({ hub }) {
  const [page, setPage] = useState(pageOf())
  const [me, setMe] = useState(/** @type {any} */ (null))
  useHub(hub, (kind) => ['device', 'standing'].includes(kind))
  useEffect(() => { hub.http.call('GET', '/v1/me').then(setMe, () => {}) }, [])
  useEffect(() => {
    const follow = () => setPage(pageOf())
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  useEffect(() => { document.getElementById('title')?.focus() }, [page])
  function go(/** @type {MouseEvent} */ event, /** @type {string} */ path) {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    history.pushState(null, '', path)
    setPage(pageOf())
  }
  const Chosen = PAGES[page]?.[1]
  const link = (/** @type {string} */ name) => html`<li><a class="settingrow" href=${`/settings/${name}`} aria-current=${page === name ? 'page' : null} onClick=${(/** @type {any} */ event) => go(event, `/settings/${name}`)}>
    <${Icon} name=${PAGES[name][0]} /><span><strong>${t(`set_${name}`)}</strong><span class="fine">${t(`set_${name}_about`)}</span></span></a></li>`
  const locked = page === 'devices' && ['locked', 'removed'].includes(hub.standing.device)
  return html`<${Strip} hub=${hub} />
    <div class=${`panes settings ${Chosen ? 'in' : ''}`}>
      <section class="pane list" aria-label=${t('settings')}>
        <h1 id=${Chosen ? null : 'title'} tabindex="-1">${t('settings')}</h1>
        ${me && html`<p class="quiet">${me.display_name} · ${me.email}</p>`}
        <ul class="plain rows">${Object.keys(PAGES).map(link)}</ul>
        <form method="post" action="/signin/out"><button class="button wide">${t('sign_out')}</button></form>
      </section>
      ${Chosen && (locked ? html`<div class="pane"><${Unlock} hub=${hub} /></div>` : html`<section class="pane stack" aria-labelledby="title">
        <header class="roomhead"><a class="round back" href="/settings" aria-label=${t('back_settings')} onClick=${(/** @type {any} */ event) => go(event, '/settings')}><${Icon} name="arrow-left" /></a>
          <h1 id="title" tabindex="-1">${t(`set_${page}`)}</h1></header>
        <${Chosen} hub=${hub} me=${me} setMe=${setMe} /></section>`)}
    </div>`
}
