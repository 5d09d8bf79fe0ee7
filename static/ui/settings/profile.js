// Who one is for neighbours: the name they read, the page they see, and the language of one's mails.
import { html, useState } from '../vendor.js'
import { Act, Field, Icon } from '../parts.js'
import { t } from '../words.js'

const LANGUAGES = { de: 'Deutsch', en: 'English' }

/** @param {{hub: any, me: any, setMe: (me: any) => void}} props */
export const Profile = ({ hub, me, setMe }) => me ? html`<${Names} hub=${hub} me=${me} setMe=${setMe} />` : html`<div class="skeleton" aria-hidden="true"></div>`

/** @param {{hub: any, me: any, setMe: (me: any) => void}} props */
function Names({ hub, me, setMe }) {
  const [name, setName] = useState(me.display_name)
  const [locale, setLocale] = useState(me.locale)
  const [kept, setKept] = useState(false)
  const change = (/** @type {(value: string) => void} */ set) => (/** @type {any} */ event) => { set(event.target.value); setKept(false) }
  const save = async () => {
    setMe(await hub.http.call('PUT', '/v1/me', { display_name: name, locale }))
    setKept(true)
  }
  return html`<section class="card stack">
    <${Field} id="my-name" label=${t('my_name')} hint=${t('my_name_hint')}><input id="my-name" class="input" maxlength="60" autocomplete="name" value=${name} onInput=${change(setName)} /></${Field}>
    <${Field} id="my-locale" label=${t('my_locale')}><select id="my-locale" class="input" value=${locale} onChange=${change(setLocale)}>
      ${Object.entries(LANGUAGES).map(([code, word]) => html`<option value=${code}>${word}</option>`)}</select></${Field}>
    <p class="fine">${t('my_handle', { handle: me.handle })}</p>
    <div class="row"><${Act} class="primary" disabled=${!name.trim()} act=${save}>${t('save')}</${Act}>
      <a class="button" href=${`/u/${me.handle}`}>${t('my_page')}</a></div>
    <p role="status">${kept && html`<span class="notice ok"><${Icon} name="circle-check" />${t('saved')}</span>`}</p></section>`
}
