// The safety number of two neighbours: compared aloud or scanned, it proves that nobody sits in between (e2ee.md §3).
import { html, useEffect, useState } from '../vendor.js'
import { grouped } from '../../lib/dkx/safety.js'
import { Act, Icon, Sheet } from '../parts.js'
import { faultOf, t } from '../words.js'
import { Qr } from './qr.js'
import { Scan } from './scan.js'

/** @param {{hub: any, other: any, onClose: () => void}} props */
export function Safety({ hub, other, onClose }) {
  const [known, setKnown] = useState(/** @type {any} */ (null))
  const [fault, setFault] = useState('')
  const [scanning, setScanning] = useState(false)
  const [differs, setDiffers] = useState(false)
  const look = () => hub.do('safety', other.user).then(setKnown, (/** @type {any} */ error) => setFault(faultOf(error)))
  useEffect(() => { look() }, [])
  const name = other.display_name
  const verify = (/** @type {boolean} */ verified) => hub.do('setVerified', other.user, verified, known.aik).then(look)
  async function scanned(/** @type {string} */ text) {
    const same = await hub.do('safetyScanned', other.user, text)
    setScanning(false)
    setDiffers(!same)
    await look()
  }
  return html`<${Sheet} title=${t('safety')} onClose=${onClose}>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    ${!known && !fault && html`<div class="skeleton" aria-hidden="true"></div>`}
    ${known && html`
      ${known.verified && html`<p class="notice ok"><${Icon} name="shield-check" /><span>${t('safety_verified', { name })}</span></p>`}
      ${differs && html`<p class="notice danger" role="alert"><${Icon} name="triangle-alert" /><span>${t('safety_differs', { name })}</span></p>`}
      <p>${t('safety_text', { name })}</p>
      ${scanning ? html`<${Scan} label=${t('safety_scan')} onFound=${scanned} />` : html`
        <p class="digits mono" aria-label=${t('safety')}>${grouped(known.digits)}</p>
        <${Qr} text=${known.code} label=${t('safety_code_label', { name })} />
        <${Act} class="wide" icon="qr-code" act=${() => setScanning(true)}>${t('safety_scan')}</${Act}>
        ${known.verified
          ? html`<${Act} class="wide" act=${() => verify(false)}>${t('safety_unverify')}</${Act}>`
          : html`<${Act} class="primary wide" icon="check" act=${() => verify(true)}>${t('safety_same')}</${Act}>`}`}`}
  </${Sheet}>`
}
