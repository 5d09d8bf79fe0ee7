// The contract as a paper to keep, and what both have signed as an archive that can be checked without the hub.
import { html } from '../vendor.js'
import { Act } from './parts.js'
import { t } from './words.js'

/** Fetches with the sign-in, and saves. @param {any} hub @param {string} path @param {string} name */
async function save(hub, path, name) {
  const blob = await (await hub.http.stretch(path, 0, 0)).blob()
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** @param {{hub: any, deal: any}} props */
export function Papers({ hub, deal }) {
  const name = `${t('contract')}-${deal.id.slice(0, 8)}.pdf`
  return html`<section class="stack"><h3>${t('papers')}</h3>
    <${Act} class="compact" icon="file-text" act=${() => save(hub, `/v1/rentals/${deal.id}/contract.pdf`, name)}>${t('contract_save')}</${Act}></section>`
}
