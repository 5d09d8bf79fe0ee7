// The contract as a paper to keep, and what both sign: documents with their signatures, as an archive to check anywhere.
import { html, useEffect, useState } from '../vendor.js'
import { saveBlob } from './attached.js'
import { Act, Icon, Sheet } from '../parts.js'
import { dated, moment, money, period } from '../say.js'
import { faultOf, t } from '../words.js'

/** While a rental is in one of these, what was agreed may be signed; a return as soon as both say that it took place. */
const SIGNED_IN = new Set(['held', 'confirmed', 'active', 'returned'])

/** @param {{hub: any, deal: any, actions: any}} props */
export function Papers({ hub, deal, actions }) {
  const [documents, setDocuments] = useState(/** @type {any[]} */ ([]))
  const [offer, setOffer] = useState(/** @type {any} */ (null))
  const [fault, setFault] = useState('')
  /** The newest event after which there may be something else to sign. */
  const last = hub.log.rows(deal.room).findLast((/** @type {any} */ { type }) => type?.startsWith('agreement_') || type === 'protocol_sealed')?.seq ?? 0
  const ask = (/** @type {string} */ what, /** @type {any[]} */ ...more) => hub.do('agreements', what, deal.id, ...more)
  async function look() {
    setFault('')
    setDocuments(await ask('list'))
    setOffer(SIGNED_IN.has(deal.state) || deal.returned?.verified_at ? await ask('offered') : null)
  }
  useEffect(() => { look().catch((error) => setFault(error.name === 'Offline' ? '' : faultOf(error))) }, [deal.rev, last])
  const name = `${t('contract')}-${deal.id.slice(0, 8)}`
  const contract = async () => saveBlob(await (await hub.http.stretch(`/v1/rentals/${deal.id}/contract.pdf`, 0, 0)).blob(), `${name}.pdf`)
  const bundle = async () => saveBlob(new Blob([await ask('bundle')]), `${name}.zip`)
  return html`<section class="stack"><h3>${t('papers')}</h3>
    ${fault && html`<p class="notice danger" role="alert"><${Icon} name="triangle-alert" />${fault}</p>`}
    ${offer && html`<div class="notice"><${Icon} name="pencil" /><div><p>${t(offer.waiting ? 'sign_waits' : 'sign_can')}</p>
      <button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('sign')}>${t('sign_read')}</button></div></div>`}
    ${documents.length > 0 && html`<ul class="plain rows">${documents.map((one) => html`<${Document} key=${one.digest} deal=${deal} one=${one} onBack=${() => ask('withdraw', one.digest)} />`)}</ul>`}
    <p class="row"><${Act} class="compact" icon="file-text" act=${contract}>${t('contract_save')}</${Act}>
      ${documents.some(({ standing }) => standing === 'complete') && html`<${Act} class="compact" icon="download" act=${bundle}>${t('bundle_save')}</${Act}>`}</p></section>`
}

/** @param {{deal: any, one: any, onBack: () => Promise<any>}} props */
function Document({ deal, one, onBack }) {
  const mine = one.signatures.some((/** @type {any} */ { party }) => party === deal.role)
  const who = one.signatures.map((/** @type {any} */ { party, witnessed_at: at }) => `${t(party === deal.role ? 'signed_you' : 'signed_they')} ${moment(at)}`)
  return html`<li class="keyrow"><span class="grow"><strong>${t(`document_${one.says.kind}`)}</strong><span class="fine">${who.join(' · ')}</span></span>
    <span class=${`pill ${one.standing === 'complete' ? 'ok' : one.standing === 'open' ? 'warn' : ''}`}>${t(`standing_${one.standing}`)}</span>
    ${one.standing === 'open' && mine && html`<${Act} class="compact" act=${onBack}>${t('sign_back')}</${Act}>`}</li>`
}

/** What the document says, and the signature under it. @param {{hub: any, deal: any, onClose: () => void}} props */
export function Signing({ hub, deal, onClose }) {
  const [offer, setOffer] = useState(/** @type {any} */ (undefined))
  const [fault, setFault] = useState('')
  useEffect(() => { hub.do('agreements', 'offered', deal.id).then(setOffer, (/** @type {any} */ error) => setFault(faultOf(error))) }, [])
  const says = offer?.says
  const names = { renter: deal.renter.display_name, owner: deal.owner.display_name }
  return html`<${Sheet} title=${t('sign_title')} onClose=${onClose}>
    ${fault && html`<p class="notice danger" role="alert">${fault}</p>`}
    ${offer === undefined && !fault && html`<div class="skeleton" aria-hidden="true"></div>`}
    ${offer === null && html`<p>${t('sign_nothing')}</p>`}
    ${says && html`<p>${t('sign_text')}</p><dl class="pairs">
        <dt>${t('document')}</dt><dd>${t(`document_${says.kind}`)}</dd>
        <dt>${t('sign_thing')}</dt><dd>${says.item}</dd>
        <dt>${t('sign_lends')}</dt><dd>${names.owner}</dd><dt>${t('sign_borrows')}</dt><dd>${names.renter}</dd>
        <dt>${t('term_dates')}</dt><dd>${period(says.from, says.to, deal.tz)}</dd>
        <dt>${t('term_price')}</dt><dd>${money(says.price_cents, says.currency)}</dd>
        <dt>${t('term_deposit')}</dt><dd>${money(says.deposit_cents, says.currency)}</dd>
        <dt>${t('sign_until')}</dt><dd>${dated(says.valid_until)}</dd></dl>
      <p class="fine">${t('sign_kind')}</p>
      <${Act} class="primary wide" icon="pencil" act=${() => hub.do('agreements', 'sign', deal.id, offer.document)} onDone=${onClose}>${t('sign_do')}</${Act}>`}
  </${Sheet}>`
}
