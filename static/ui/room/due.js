// Texts of the operator that are new or changed since one agreed: asked for where everybody comes by, and not in the way.
import { html, useEffect, useState } from '../vendor.js'
import { Act, Icon } from '../parts.js'
import { t } from '../words.js'

/** @param {{hub: any}} props */
export function Due({ hub }) {
  const [due, setDue] = useState(/** @type {any[]} */ ([]))
  useEffect(() => { hub.http.call('GET', '/v1/me/consents').then((/** @type {any} */ found) => setDue(found.due), () => {}) }, [])
  if (due.length === 0) return null
  async function agree() {
    for (const { doc, version } of due) await hub.http.call('POST', '/v1/me/consents', { doc, version })
    setDue([])
  }
  const texts = due.map(({ doc }) => html`<a class="link" href=${`/legal/${doc}`}>${t(`doc_${doc}`)}</a>`)
  return html`<div class="notice" role="status"><${Icon} name="file-text" /><div><p>${t('due_text')} ${texts.flatMap((text, n) => (n ? [', ', text] : [text]))}</p>
    <${Act} class="compact primary" act=${agree}>${t('consent_give')}</${Act}></div></div>`
}
