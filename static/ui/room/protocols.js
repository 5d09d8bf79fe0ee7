// The protocols of a rental: what was said of the thing at hand-over and return, and what still waits for the hub.
import { html, useEffect, useState } from '../vendor.js'
import { doLater, deedsOf, forget } from '../../lib/pending.js'
import { kindsNow, learnProtocols, packForTheWay, protocolsOf, saysItsHash, sha256 } from '../../lib/protocols.js'
import { Act, Icon } from '../parts.js'
import { moment } from '../say.js'
import { errorOf, faultOf, t } from '../words.js'

/** The largest copy that the hub keeps of a photo: the one that a protocol names by its hash. */
const LARGE = 1600

/** @param {{hub: any, deal: any, actions: any}} props */
export function Protocols({ hub, deal, actions }) {
  const known = protocolsOf(hub.store, deal.room)
  const waiting = hub.store.under(deedsOf(deal.room))
  const told = hub.log.rows(deal.room).findLast((/** @type {any} */ { type }) => type?.startsWith('protocol_'))?.seq ?? 0
  useEffect(() => { learnProtocols(hub, deal).catch(() => {}) }, [told])
  useEffect(() => { packForTheWay(hub, deal).catch(() => {}) }, [deal.state])
  const own = (/** @type {string} */ kind) => known.find((one) => one.by === deal.role && one.kind === kind && !one.sealed_at)
  const kinds = kindsNow(deal)
  if (kinds.length === 0 && known.length === 0 && waiting.length === 0) return null
  return html`<section class="stack"><h3>${t('protocols')}</h3>
    ${known.length === 0 && html`<p class="quiet">${t('protocols_none')}</p>`}
    ${known.map((one) => html`<${Protocol} key=${one.id} hub=${hub} deal=${deal} one=${one} />`)}
    ${waiting.map((/** @type {any} */ [name, deed]) => html`<${Waiting} key=${name} hub=${hub} name=${name} deed=${deed} />`)}
    <p class="row">${kinds.map((kind) => html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open(`protocol:${kind}`)}>
      <${Icon} name="pencil" class="small" />${t(own(kind) ? `protocol_change_${kind}` : `protocol_write_${kind}`)}</button>`)}</p>
  </section>`
}

/** @param {{hub: any, name: string, deed: any}} props */
const Waiting = ({ hub, name, deed }) => html`<div class=${`notice ${deed.failed ? 'danger' : 'warn'}`}><${Icon} name=${deed.failed ? 'circle-alert' : 'clock'} /><div>
  <p role="status"><strong>${t(deed.title)}</strong> · ${deed.failed ? errorOf(deed.failed) : t(deed.shots?.length ? 'waits_with_photos' : 'waits_for_hub')}</p>
  ${deed.hash && html`<p class="fine">${t('protocol_hash')} <code data-hash=${deed.hash}>${deed.hash.slice(0, 16)}</code></p>`}
  ${deed.failed && html`<${Act} class="compact" act=${() => forget(hub.store, name)}>${t('discard')}</${Act}>`}</div></div>`

/** One of them, closed until one looks at it. @param {{hub: any, deal: any, one: any}} props */
function Protocol({ hub, deal, one }) {
  const [open, setOpen] = useState(false)
  const holds = saysItsHash(one)
  const asked = !one.sealed_at && one.by !== deal.role
  const confirm = () => doLater(hub.store, deal.room, {
    title: 'protocol_confirm', method: 'POST', path: `/v1/rentals/${deal.id}/protocols/${one.id}/confirm`, body: { hash: one.hash },
  })
  const waits = hub.store.under(deedsOf(deal.room)).some((/** @type {any} */ [, { path }]) => path.endsWith(`${one.id}/confirm`))
  return html`<details class="protocol" open=${asked || null} onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
    <summary><span>${t(`protocol_${one.kind}`)}<span class="fine">${t(one.by === deal.role ? 'protocol_by_me' : 'protocol_by_them')}, ${moment(one.made_at, deal.tz)}</span></span>
      <span class=${`pill ${one.sealed_at ? 'ok' : 'warn'}`}><${Icon} name=${one.sealed_at ? 'badge-check' : 'clock'} />${t(one.sealed_at ? 'protocol_sealed' : asked ? 'protocol_asks' : 'protocol_waits')}</span></summary>
    <dl class="pairs"><dt>${t('condition')}</dt><dd>${t(`condition_${one.condition}`)}</dd>
      ${deal.q > 1 && html`<dt>${t('term_units')}</dt><dd>${one.q}</dd>`}
      ${one.meter && html`<dt>${t('meter')}</dt><dd>${one.meter}</dd>`}
      ${one.note && html`<dt>${t('note')}</dt><dd>${one.note}</dd>`}</dl>
    ${one.lines.length > 0 && html`<ul class="plain rows">${one.lines.map((/** @type {any} */ line) => html`<li class="keyrow"><${Icon} name=${line.found < line.qty ? 'triangle-alert' : 'check'} class="small" />
      <span class="grow">${line.accessory}<span class="fine">${t('found_of', { found: line.found, qty: line.qty })}${line.note && ` · ${line.note}`}</span></span></li>`)}</ul>`}
    ${one.photos.length > 0 && open && html`<div class="shots">${one.photos.map((/** @type {any} */ photo, /** @type {number} */ n) => html`<${Shown} key=${photo.media} hub=${hub} photo=${photo} n=${n + 1} />`)}</div>`}
    <p class="fine">${t('protocol_hash')} <code data-hash=${one.hash}>${one.hash.slice(0, 16)}</code></p>
    ${!holds && html`<p class="fault" role="alert">${t('protocol_altered')}</p>`}
    ${asked && holds && html`<p>${t('protocol_question')}</p><${Act} class="primary" icon="check" disabled=${waits} act=${confirm}>${t('protocol_confirm')}</${Act}>`}
  </details>`
}

/** A photo that is what the protocol names, or not shown. @param {{hub: any, photo: any, n: number}} props */
function Shown({ hub, photo, n }) {
  const [url, setUrl] = useState('')
  const [fault, setFault] = useState('')
  useEffect(() => {
    let made = ''
    async function load() {
      const response = await hub.http.stretch(`/media/${photo.media}-${LARGE}.webp`, 0, 0)
      const bytes = await response.arrayBuffer()
      if ((await sha256(bytes)) !== photo.sha256) throw new Error('another picture')
      made = URL.createObjectURL(new Blob([bytes], { type: 'image/webp' }))
      setUrl(made)
    }
    load().catch((error) => setFault(error.message === 'another picture' ? t('protocol_altered') : faultOf(error)))
    return () => URL.revokeObjectURL(made)
  }, [])
  if (fault) return html`<p class="fault" role="alert">${fault}</p>`
  return url ? html`<a href=${url} target="_blank" rel="noopener"><img src=${url} alt=${t('photo_nth', { n })} /></a>` : html`<span class="skeleton" aria-hidden="true"></span>`
}
