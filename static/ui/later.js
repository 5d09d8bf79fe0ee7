// A part of the page that is loaded when it is wanted: most rooms never need it.
import { html, useEffect, useState } from './vendor.js'
import { Act } from './parts.js'
import { t } from './words.js'

/** @param {{load: () => Promise<any>, [more: string]: any}} props the rest goes to what was loaded */
export function Later({ load, ...more }) {
  const [Part, setPart] = useState(/** @type {any} */ (null))
  const [failed, setFailed] = useState(false)
  const fetch = () => load().then((part) => setPart(() => part), () => setFailed(true))
  useEffect(() => { fetch() }, [])
  if (Part) return html`<${Part} ...${more} />`
  return failed ? html`<p class="notice danger" role="alert">${t('fault_offline')} <${Act} class="compact" act=${fetch}>${t('again')}</${Act}></p>` : null
}
