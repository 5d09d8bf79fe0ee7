// What asks for a proof of the last five minutes: tried, and where the hub wants one, the person gives it and it goes on.
import { html, useState } from '../vendor.js'
import { HubRefused } from '../../lib/errors.js'
import { passkeysWork, provePasskey } from '../../lib/passkey.js'
import { Act, Field, Sheet } from '../parts.js'
import { GivenUp, t } from '../words.js'

/**
 * `[proven, sheet]`: `proven(act)` runs an act, if need be after the person proved to be there; `sheet` is to be drawn.
 * @param {any} hub
 * @returns {[(act: () => Promise<any>) => Promise<any>, any]}
 */
export function useProof(hub) {
  const [asked, setAsked] = useState(/** @type {{resolve: () => void, reject: (error: Error) => void} | null} */ (null))
  async function proven(/** @type {() => Promise<any>} */ act) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof HubRefused) || error.code !== 'confirmation_required') throw error
      await new Promise((resolve, reject) => setAsked({ resolve: () => resolve(undefined), reject }))
      return act()
    }
  }
  const done = () => { asked?.resolve(); setAsked(null) }
  const close = () => { asked?.reject(new GivenUp()); setAsked(null) }
  return [proven, asked && html`<${Proof} hub=${hub} onDone=${done} onClose=${close} />`]
}

/** @param {{hub: any, onDone: () => void, onClose: () => void}} props */
function Proof({ hub, onDone, onClose }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const byPassword = () => hub.http.call('POST', '/v1/sessions/confirm', { password, code })
  async function byPasskey() {
    const options = await hub.http.call('POST', '/v1/sessions/challenge', {})
    await hub.http.call('POST', '/v1/sessions/confirm/passkey', await provePasskey(options))
  }
  return html`<${Sheet} title=${t('proof_title')} onClose=${onClose}>
    <p>${t('proof_text')}</p>
    <${Field} id="proof-password" label=${t('password')}><input id="proof-password" class="input" type="password" autocomplete="current-password" maxlength="512" value=${password} onInput=${(/** @type {any} */ event) => setPassword(event.target.value)} /></${Field}>
    <${Field} id="proof-code" label=${t('proof_code')} hint=${t('proof_code_hint')}><input id="proof-code" class="input" autocomplete="one-time-code" maxlength="40" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>
    <${Act} class="primary wide" disabled=${!password} act=${byPassword} onDone=${onDone}>${t('proof_do')}</${Act}>
    ${passkeysWork() && html`<${Act} class="wide" icon="key-round" act=${byPasskey} onDone=${onDone}>${t('proof_passkey')}</${Act}>`}
  </${Sheet}>`
}
