// Whom one has blocked, what one agreed to, and how one's data may be used.
import { html } from '../vendor.js'
import { useProof } from '../keys/proof.js'
import { Act, Face } from '../parts.js'
import { dated } from '../say.js'
import { t } from '../words.js'
import { useLoaded } from '../load.js'

/** @param {{hub: any}} props */
export function Privacy({ hub }) {
  const [proven, sheet] = useProof(hub)
  return html`<${Blocks} hub=${hub} /><${Rights} hub=${hub} proven=${proven} /><${Consents} hub=${hub} />${sheet}`
}

/** @param {{hub: any}} props */
function Blocks({ hub }) {
  const [found, again, waiting] = useLoaded(() => hub.http.call('GET', '/v1/blocks'))
  return html`<section class="card stack"><h2>${t('blocks')}</h2><p>${t('blocks_text')}</p>
    ${waiting}
    ${found?.blocks.length === 0 && html`<p class="quiet">${t('blocks_none')}</p>`}
    <ul class="plain rows">${(found?.blocks ?? []).map(({ user, since }) => html`<li class="keyrow" key=${user.id}><${Face} person=${user} small=${true} /><span class="grow"><strong>${user.display_name}</strong><span class="fine">${t('since', { when: dated(Date.parse(since)) })}</span></span>
      <${Act} class="compact" act=${() => hub.http.call('DELETE', `/v1/blocks/${user.id}`).then(again)}>${t('unblock')}</${Act}></li>`)}</ul></section>`
}

/** @param {{hub: any, proven: any}} props */
function Rights({ hub, proven }) {
  const call = hub.http.call.bind(hub.http)
  const [found, again, waiting] = useLoaded(() => call('GET', '/v1/me/rights'))
  const objects = found?.objections.includes('reliability')
  const object = () => call(objects ? 'DELETE' : 'PUT', '/v1/me/objections/reliability').then(again)
  const restrict = () => proven(() => call(found.restricted_since ? 'DELETE' : 'PUT', '/v1/me/restriction')).then(again)
  return html`<section class="card stack"><h2>${t('use')}</h2>${waiting}
    ${found && html`<p>${t('reliability_text')}</p><${Act} act=${object}>${t(objects ? 'reliability_show' : 'reliability_hide')}</${Act}>
      <p>${found.restricted_since ? t('restricted', { when: dated(found.restricted_since) }) : t('restrict_text')}</p>
      <${Act} class=${found.restricted_since ? 'primary' : ''} act=${restrict}>${t(found.restricted_since ? 'restrict_end' : 'restrict_do')}</${Act}>`}</section>`
}

/** @param {{hub: any}} props */
function Consents({ hub }) {
  const call = hub.http.call.bind(hub.http)
  const [found, again, waiting] = useLoaded(() => call('GET', '/v1/me/consents'))
  const agree = (/** @type {any} */ { doc, version }) => call('POST', '/v1/me/consents', { doc, version }).then(again)
  const page = (/** @type {string} */ doc) => html`<a class="link" href=${`/legal/${doc}`}>${t(`doc_${doc}`)}</a>`
  return html`<section class="card stack"><h2>${t('consents')}</h2>${waiting}
    ${found?.due.map((/** @type {any} */ each) => html`<p class="notice warn"><span class="grow">${page(each.doc)} ${t('consent_due', { version: each.version })}</span><${Act} class="compact primary" act=${() => agree(each)}>${t('consent_give')}</${Act}></p>`)}
    ${found && found.given.length === 0 && found.due.length === 0 && html`<p class="quiet">${t('consents_none')}</p>`}
    <ul class="plain rows">${(found?.given ?? []).map((/** @type {any} */ each) => html`<li class="keyrow"><span class="grow">${page(each.doc)}<span class="fine">${t('consent_given', { version: each.version, when: dated(each.at) })}</span></span></li>`)}</ul></section>`
}
