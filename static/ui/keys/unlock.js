// What stands where this browser has no keys: another device lets it in, or the recovery code opens the past.
import { html, useEffect, useState } from '../vendor.js'
import { passkeysWork } from '../../lib/passkey.js'
import { backupSecret } from './opening.js'
import { Act, Field, Icon, Sheet, useHub } from '../parts.js'
import { has, t } from '../words.js'
import { useProof } from './proof.js'
import { Qr } from './qr.js'

/** @param {{hub: any}} props */
export function Unlock({ hub }) {
  useHub(hub, (kind) => ['standing', 'joining', 'working', 'device', 'forgotten'].includes(kind))
  const [anew, setAnew] = useState(false)
  const { device, joining, share } = hub.standing
  if (device === 'removed') return html`<${Removed} hub=${hub} />`
  return html`<section class="unlock stack" aria-labelledby="title">
    <h1 id="title" tabindex="-1">${t('unlock_title')}</h1>
    <p class="lead">${t('unlock_text')}</p>
    <div class="halves">
      <div class="card stack"><h2>${t('unlock_device')}</h2><${Joining} hub=${hub} joining=${joining} /></div>
      <div class="card stack"><h2>${t('unlock_code')}</h2><${Restoring} hub=${hub} share=${share} /></div>
    </div>
    <p class="quiet">${t('unlock_neither')}</p>
    <p><button type="button" aria-haspopup="dialog" class="button" onClick=${() => setAnew(true)}>${t('anew')}</button></p>
    ${anew && html`<${Anew} hub=${hub} onClose=${() => setAnew(false)} />`}
  </section>`
}

/** The last way: said with all that it costs, and done by who proves to be there. @param {{hub: any, onClose: () => void}} props */
function Anew({ hub, onClose }) {
  const [sure, setSure] = useState(false)
  const [proven, sheet] = useProof(hub)
  return html`<${Sheet} title=${t('anew_title')} onClose=${onClose}>
    <p>${t('anew_text')}</p>
    <ul>${[1, 2, 3, 4].map((n) => html`<li key=${n}>${t(`anew_${n}`)}</li>`)}</ul>
    <label class="choice"><input type="checkbox" checked=${sure} onChange=${(/** @type {any} */ event) => setSure(event.target.checked)} /><span>${t('anew_sure')}</span></label>
    <${Act} class="danger wide" disabled=${!sure} act=${() => proven(() => hub.do('beginAnew'))}>${t('anew_do')}</${Act}>
  </${Sheet}>${sheet}`
}

/** @param {{hub: any}} props */
const Removed = ({ hub }) => html`<section class="unlock stack" aria-labelledby="title">
  <h1 id="title" tabindex="-1">${t('removed_title')}</h1>
  <p class="lead">${t('removed_text')}</p>
  <${Act} class="primary" act=${() => hub.do('forget')}>${t('removed_do')}</${Act}></section>`

/** @param {{hub: any, joining: any}} props */
function Joining({ hub, joining }) {
  const ask = (/** @type {string} */ how) => () => hub.do('linkAsk', how)
  const stop = html`<${Act} class="wide" act=${() => hub.do('linkCancel')}>${t('link_stop')}</${Act}>`
  switch (joining.is) {
    case 'asking': return html`<p role="status"><${Icon} name="loader-circle" class="turning" /> ${t('link_asking')}</p>${stop}`
    case 'code': return html`<p>${t('link_code_text')}</p><${Qr} text=${joining.code} label=${t('link_code_label')} />
      <details><summary>${t('link_code_typed')}</summary><p class="mono break">${joining.code}</p></details>${stop}`
    case 'digits': return html`<p>${t('link_digits_text')}</p><p class="bigcode" data-digits=${joining.digits}>${joining.digits.slice(0, 3)} ${joining.digits.slice(3)}</p>${stop}`
    default: return html`${joining.is === 'failed' && html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${t(has(`link_failed_${joining.code}`) ? `link_failed_${joining.code}` : 'link_failed')}</p>`}
      <p>${t('link_text')}</p>
      <${Act} class="primary wide" icon="qr-code" act=${ask('code')}>${t('link_by_code')}</${Act}>
      <${Act} class="wide" act=${ask('digits')}>${t('link_by_digits')}</${Act}>`
  }
}

/** @param {{hub: any, share?: number}} props */
function Restoring({ hub, share }) {
  const [code, setCode] = useState('')
  const [missing, setMissing] = useState(0)
  const [kept, setKept] = useState(/** @type {any} */ (null))
  useEffect(() => { hub.http.call('GET', '/v1/backup').then(setKept, () => {}) }, [])
  if (kept && kept.code === null) return html`<p>${t('restore_no_code')}</p>`
  const byPasskey = async () => hub.do('restoreByPasskey', await backupSecret(hub))
  return html`${kept?.passkey && passkeysWork() && html`<${Act} class="wide" icon="key-round" act=${byPasskey}>${t('restore_passkey')}</${Act}>`}
    <p>${t('restore_text')}</p>
    <${Field} id="recovery" label=${t('recovery_code')} hint=${t('recovery_hint')}><input id="recovery" class="input mono" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="200" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>
    <${Act} class="primary wide" disabled=${code.trim().length < 12} act=${() => hub.do('restore', code)} onDone=${(/** @type {any} */ done) => setMissing(done.missing)}>${t('restore_do')}</${Act}>
    ${share !== undefined && html`<div class="progress"><progress aria-label=${t('working')} max="1" value=${share}></progress></div>`}
    ${missing > 0 && html`<p class="notice warn" role="alert">${t('restore_missing', { n: missing })}</p>`}`
}
