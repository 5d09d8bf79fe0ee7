// Signing in: password, second factor, passkeys, the address, and where one is signed in.
import { html, useState } from '../vendor.js'
import { makePasskey, passkeysWork } from '../../lib/passkey.js'
import { useProof } from '../keys/proof.js'
import { Qr } from '../keys/qr.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { dated } from '../say.js'
import { plural, t } from '../words.js'
import { useLoaded } from '../load.js'

const LEAST = 8

/** @param {{hub: any, me: any}} props */
export function Security({ hub, me }) {
  const [proven, sheet] = useProof(hub)
  return html`<${Passkeys} hub=${hub} proven=${proven} />
    <${Factor} hub=${hub} proven=${proven} />
    <${Password} hub=${hub} proven=${proven} />
    <${Address} hub=${hub} proven=${proven} me=${me} />
    <${Sessions} hub=${hub} />
    ${sheet}`
}

/** @param {{hub: any, proven: any}} props */
function Passkeys({ hub, proven }) {
  const call = hub.http.call.bind(hub.http)
  const [found, again, waiting] = useLoaded(() => call('GET', '/v1/me/passkeys'))
  const [name, setName] = useState('')
  const add = () => proven(async () => {
    const made = await makePasskey(await call('POST', '/v1/me/passkeys/offer', {}))
    await call('POST', '/v1/me/passkeys', { ...made, name: name.trim() })
    setName('')
    await again()
  })
  const remove = (/** @type {string} */ id) => proven(() => call('DELETE', `/v1/me/passkeys/${id}`)).then(again)
  return html`<section class="card stack"><h2>${t('passkeys')}</h2><p>${t('passkeys_text')}</p>
    ${waiting}
    ${found && html`<ul class="plain rows">${found.passkeys.map((/** @type {any} */ each) => html`<li class="keyrow" key=${each.id}><${Icon} name="key-round" />
      <span class="grow"><strong>${each.name}</strong><span class="fine">${each.used_at ? t('used_on', { when: dated(each.used_at) }) : t('added_on', { when: dated(each.created_at) })}</span></span>
      <${Act} class="compact danger" act=${() => remove(each.id)}>${t('remove')}<span class="unseen"> ${each.name}</span></${Act}></li>`)}</ul>`}
    ${passkeysWork() ? html`<${Field} id="passkey-name" label=${t('passkey_name')}><input id="passkey-name" class="input" maxlength="60" placeholder=${t('passkey_example')} value=${name} onInput=${(/** @type {any} */ event) => setName(event.target.value)} /></${Field}>
      <${Act} icon="plus" disabled=${!name.trim()} act=${add}>${t('passkey_add')}</${Act}>` : html`<p class="quiet">${t('passkeys_not_here')}</p>`}
  </section>`
}

/** @param {{hub: any, proven: any}} props */
function Factor({ hub, proven }) {
  const call = hub.http.call.bind(hub.http)
  const [found, again, waiting] = useLoaded(() => call('GET', '/v1/me/factor'))
  const [made, setMade] = useState(/** @type {any} */ (null))
  const [spare, setSpare] = useState(/** @type {string[] | null} */ (null))
  const start = () => proven(() => call('POST', '/v1/me/factor', {})).then(setMade)
  const remove = () => proven(() => call('DELETE', '/v1/me/factor')).then(again)
  const renew = () => proven(() => call('POST', '/v1/me/factor/codes', {})).then((/** @type {any} */ { codes }) => { setSpare(codes); again() })
  const activated = (/** @type {string[]} */ codes) => { setMade(null); setSpare(codes); again() }
  return html`<section class="card stack"><h2>${t('factor')}</h2><p>${t('factor_text')}</p>
    ${waiting}
    ${found && (found.active ? html`<p class="row"><span class="pill ok"><${Icon} name="check" />${t('factor_on')}</span> <span class="quiet">${plural('spare_left', found.spare)}</span></p>
      <p class="row"><${Act} class="compact" act=${renew}>${t('spare_renew')}</${Act}><${Act} class="compact danger" act=${remove}>${t('factor_off_do')}</${Act}></p>`
      : html`<${Act} act=${start}>${t('factor_on_do')}</${Act}>`)}
    ${made && html`<${Activating} hub=${hub} made=${made} proven=${proven} onDone=${activated} onClose=${() => setMade(null)} />`}
    ${spare && html`<${Sheet} title=${t('spare')} onClose=${() => setSpare(null)}><p>${t('spare_text')}</p>
      <ul class="codes mono">${spare.map((code) => html`<li>${code}</li>`)}</ul>
      <button type="button" class="button primary wide" onClick=${() => setSpare(null)}>${t('noted')}</button></${Sheet}>`}
  </section>`
}

/** @param {{hub: any, made: any, proven: any, onDone: (codes: string[]) => void, onClose: () => void}} props */
function Activating({ hub, made, proven, onDone, onClose }) {
  const [code, setCode] = useState('')
  const digits = code.replace(/\D/g, '')
  const activate = () => proven(() => hub.http.call('POST', '/v1/me/factor/activate', { code: digits }))
  return html`<${Sheet} title=${t('factor')} onClose=${onClose}>
    <p>${t('factor_scan')}</p><${Qr} text=${made.uri} label=${t('factor_scan')} />
    <details><summary>${t('factor_typed')}</summary><p class="mono break">${made.secret}</p></details>
    <${Field} id="factor-code" label=${t('factor_code')}><input id="factor-code" class="input code" inputmode="numeric" autocomplete="one-time-code" maxlength="7" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>
    <${Act} class="primary wide" disabled=${digits.length !== 6} act=${activate} onDone=${(/** @type {any} */ { codes }) => onDone(codes)}>${t('factor_activate')}</${Act}>
  </${Sheet}>`
}

/** @param {{hub: any, proven: any}} props */
function Password({ hub, proven }) {
  const [password, setPassword] = useState('')
  const [told, setTold] = useState('')
  async function change() {
    const { revoked } = await proven(() => hub.http.call('PUT', '/v1/me/password', { password }))
    setPassword('')
    setTold(revoked > 0 ? plural('password_changed', revoked) : t('password_changed'))
  }
  return html`<section class="card stack"><h2>${t('password')}</h2>
    <${Field} id="new-password" label=${t('new_password')} hint=${t('new_password_hint', { n: LEAST })}><input id="new-password" class="input" type="password" autocomplete="new-password" maxlength="512" value=${password} onInput=${(/** @type {any} */ event) => { setPassword(event.target.value); setTold('') }} /></${Field}>
    <${Act} disabled=${password.length < LEAST} act=${change}>${t('password_change')}</${Act}>
    <p role="status">${told}</p></section>`
}

/** @param {{hub: any, proven: any, me: any}} props */
function Address({ hub, proven, me }) {
  const [email, setEmail] = useState('')
  const [sent, setSent] = useState('')
  const change = () => proven(() => hub.http.call('PUT', '/v1/me/address', { email: email.trim() })).then(() => setSent(email.trim()))
  return html`<section class="card stack"><h2>${t('address')}</h2><p>${me?.email}</p>
    <${Field} id="new-address" label=${t('new_address')} hint=${t('new_address_hint')}><input id="new-address" class="input" type="email" autocomplete="email" maxlength="254" value=${email} onInput=${(/** @type {any} */ event) => setEmail(event.target.value)} /></${Field}>
    <${Act} disabled=${!email.includes('@')} act=${change}>${t('address_change')}</${Act}>
    <p role="status">${sent && t('address_sent', { email: sent })}</p></section>`
}

/** @param {{hub: any}} props */
function Sessions({ hub }) {
  const call = hub.http.call.bind(hub.http)
  const [found, again, waiting] = useLoaded(() => call('GET', '/v1/sessions'))
  const others = found?.sessions.filter((/** @type {any} */ each) => !each.current) ?? []
  return html`<section class="card stack"><h2>${t('sessions')}</h2><p>${t('sessions_text')}</p>
    ${waiting}
    ${found && html`<ul class="plain rows">${found.sessions.map((/** @type {any} */ each) => html`<li class="keyrow" key=${each.id}><${Icon} name="log-in" />
      <span class="grow"><strong>${each.client === 'web' ? t('session_web') : each.client}</strong><span class="fine">${t('since', { when: dated(each.created_at) })}</span></span>
      ${each.current ? html`<span class="pill ok">${t('this_one')}</span>` : html`<${Act} class="compact" act=${() => call('DELETE', `/v1/sessions/${each.id}`).then(again)}>${t('session_end')}</${Act}>`}</li>`)}</ul>`}
    ${others.length > 0 && html`<${Act} class="danger" act=${() => call('DELETE', '/v1/sessions').then(again)}>${t('sessions_end')}</${Act}>`}</section>`
}
