// Photos of a thing: taken or chosen, made smaller here, sent one by one, put in order.
import { html, useState } from '../vendor.js'
import { Icon } from '../parts.js'
import { faultOf, t } from '../words.js'
import { redrawn } from '../../lib/picture.js'
import { smallest } from './form.js'

const MOST = 12
/** Longer sides are shrunk before they are sent: what a page shows is no larger. */
const SIDE = 2048
const QUALITY = 0.86

/** As it came where the browser cannot draw it: the hub takes out what the camera wrote into it, too. @param {File} file @returns {Promise<Blob>} */
const smaller = async (file) => (await redrawn(file, SIDE, QUALITY))?.blob ?? file

/** @param {{hub: any, photos: any[], onChange: (change: (photos: any[]) => any[]) => void}} props */
export function Photos({ hub, photos, onChange }) {
  const [sending, setSending] = useState(/** @type {{name: string, share: number}[]} */ ([]))
  const [faults, setFaults] = useState(/** @type {string[]} */ ([]))
  const [over, setOver] = useState(false)
  async function add(/** @type {FileList | File[] | null | undefined} */ files) {
    setFaults([])
    for (const file of [...(files ?? [])].slice(0, MOST - photos.length)) await send(file)
  }
  async function send(/** @type {File} */ file) {
    const told = (/** @type {number} */ share) => setSending([{ name: file.name, share }])
    told(0)
    try {
      const photo = await hub.http.upload('/v1/media', await smaller(file), told)
      onChange((all) => [...all, { id: photo.id, url: smallest(photo.sizes) }])
    } catch (error) {
      setFaults((all) => [...all, `${file.name}: ${faultOf(error)}`])
    }
    setSending([])
  }
  const move = (/** @type {number} */ from, /** @type {number} */ by) => onChange((all) => {
    const moved = [...all]
    moved.splice(from + by, 0, ...moved.splice(from, 1))
    return moved
  })
  const drop = (/** @type {DragEvent} */ event) => {
    event.preventDefault()
    setOver(false)
    add(event.dataTransfer?.files)
  }
  return html`<div class="stack">
    ${photos.length < MOST && html`<label class=${`file ${over ? 'over' : ''}`} onDragOver=${(/** @type {any} */ event) => { event.preventDefault(); setOver(true) }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      <${Icon} name="camera" /><strong>${t('photo_add')}</strong><span class="fine">${t('photo_hint', { n: MOST })}</span>
      <input type="file" accept="image/jpeg,image/png,image/webp" multiple onChange=${(/** @type {any} */ event) => { add(event.target.files); event.target.value = '' }} /></label>`}
    ${sending.map(({ name, share }) => html`<div class="progress"><progress aria-label=${t('photo_sending', { name })} max="1" value=${share}></progress></div>`)}
    ${faults.map((fault) => html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${fault}</p>`)}
    <ol class="plain photolist">${photos.map(({ id, url }, n) => html`<li key=${id}><img src=${url} alt=${t('photo_nth', { n: n + 1 })} width="160" height="120" />
      ${n === 0 && html`<span class="pill">${t('photo_first')}</span>`}
      <span class="row"><button type="button" class="round" aria-label=${t('photo_earlier', { n: n + 1 })} disabled=${n === 0} onClick=${() => move(n, -1)}><${Icon} name="arrow-left" /></button>
        <button type="button" class="round" aria-label=${t('photo_later', { n: n + 1 })} disabled=${n === photos.length - 1} onClick=${() => move(n, 1)}><${Icon} name="arrow-right" /></button>
        <button type="button" class="round" aria-label=${t('photo_remove', { n: n + 1 })} onClick=${() => onChange((all) => all.filter((one) => one.id !== id))}><${Icon} name="x" /></button></span></li>`)}</ol>
  </div>`
}
