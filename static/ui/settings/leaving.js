// Taking everything along, forgetting this browser's keys, and leaving for good.
import { html, useEffect, useState } from '../vendor.js'
import { useProof } from '../keys/proof.js'
import { Act, Field, Sheet } from '../parts.js'
import { t } from '../words.js'

const LOOK_EVERY = 1500

/** @param {{hub: any, me: any}} props */
export function Leaving({ hub, me }) {
  const [proven, sheet] = useProof(hub)
  return html`<${Copy} hub=${hub} proven=${proven} /><${Forgetting} hub=${hub} /><${Erasing} hub=${hub} me=${me} proven=${proven} />${sheet}`
}

/** @param {{hub: any, proven: any}} props */
function Copy({ hub, proven }) {
  const call = hub.http.call.bind(hub.http)
  const [made, setMade] = useState(/** @type {any} */ (null))
  useEffect(() => {
    if (!made || made.ready) return undefined
    const timer = setTimeout(() => call('GET', `/v1/me/exports/${made.id}`).then(setMade, () => setMade({ ...made })), LOOK_EVERY)
    return () => clearTimeout(timer)
  }, [made])
  const start = () => proven(() => call('POST', '/v1/me/exports', {})).then(setMade)
  const fetchIt = () => proven(() => call('POST', `/v1/me/exports/${made.id}/link`, {})).then((/** @type {any} */ { path }) => location.assign(path))
  return html`<section class="card stack"><h2>${t('copy_all')}</h2><p>${t('copy_text')}</p>
    ${!made && html`<${Act} icon="download" act=${start}>${t('copy_do')}</${Act}>`}
    ${made && !made.ready && html`<p role="status">${t('copy_making')}</p><div class="progress"><progress aria-label=${t('copy_making')} max=${made.of || 1} value=${made.of ? made.done : 0}></progress></div>`}
    ${made?.ready && html`<p role="status">${t('copy_ready')}</p><${Act} class="primary" icon="download" act=${fetchIt}>${t('copy_fetch')}</${Act}>`}</section>`
}

/** @param {{hub: any}} props */
function Forgetting({ hub }) {
  const [open, setOpen] = useState(false)
  return html`<section class="card stack"><h2>${t('forget')}</h2><p>${t('forget_text')}</p>
    <button type="button" class="button danger" onClick=${() => setOpen(true)}>${t('forget_do')}</button>
    ${open && html`<${Sheet} title=${t('forget')} onClose=${() => setOpen(false)}><p>${t('forget_sure')}</p>
      <${Act} class="danger wide" act=${() => hub.do('forget')}>${t('forget_now')}</${Act}></${Sheet}>`}</section>`
}

/** @param {{hub: any, me: any, proven: any}} props */
function Erasing({ hub, me, proven }) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  async function erase() {
    await proven(() => hub.http.call('DELETE', '/v1/me'))
    await hub.do('forget')
    location.assign('/')
  }
  return html`<section class="card stack"><h2>${t('erase')}</h2><p>${t('erase_text')}</p>
    <button type="button" class="button danger" onClick=${() => setOpen(true)}>${t('erase_do')}</button>
    ${open && html`<${Sheet} title=${t('erase')} onClose=${() => setOpen(false)}><p>${t('erase_sure')}</p>
      <${Field} id="erase-name" label=${t('erase_name', { name: me?.handle })}><input id="erase-name" class="input" autocomplete="off" autocapitalize="off" spellcheck="false" value=${typed} onInput=${(/** @type {any} */ event) => setTyped(event.target.value)} /></${Field}>
      <${Act} class="danger wide" disabled=${!me || typed.trim() !== me.handle} act=${erase}>${t('erase_now')}</${Act}></${Sheet}>`}</section>`
}
