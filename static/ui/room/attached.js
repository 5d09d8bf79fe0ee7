// A file in the timeline: a picture shown small and large, anything else to be saved; opened only on this device.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { Icon } from '../parts.js'
import { faultOf, t } from '../words.js'

const MOST_KEPT = 60
/** Opened pictures by file id: the newest stay at hand. @type {Map<string, Promise<string>>} */
const urls = new Map()
const KINDS = /^image\/(webp|jpeg|png|gif)$/

/** The address of an opened file, fetched once. @param {any} hub @param {any} told @param {(share: number) => void} [onProgress] */
export function urlOf(hub, told, onProgress) {
  const known = urls.get(told.id)
  if (known) return known
  const made = hub.files.fetch(told, onProgress).then((/** @type {Blob} */ blob) => URL.createObjectURL(blob))
  urls.set(told.id, made)
  made.catch(() => urls.delete(told.id))
  for (const [oldest, url] of urls) {
    if (urls.size <= MOST_KEPT) break
    urls.delete(oldest)
    url.then(URL.revokeObjectURL, () => {})
  }
  return made
}

/** Hands a file to the person: as bytes, for what somebody sends never opens as a page of ours. @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' })), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** @param {number} bytes */
function weight(bytes) {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte'
  const value = bytes / (unit === 'kilobyte' ? 1000 : 1_000_000)
  return new Intl.NumberFormat(document.documentElement.lang || 'de', { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)
}

/** @param {any} line */
export const isPicture = ({ kind, seq, content }) => kind === 'file' && seq && KINDS.test(content.mime) && content.w > 0

/** @param {{line: any, hub: any, actions: any}} props */
export function Attached({ line, hub, actions }) {
  const { content, seq, cid, state } = line
  if (!seq) return html`<${Leaving} line=${line} share=${hub.progress.get(cid)} onStop=${() => hub.do('giveUp', cid)} waiting=${state === 'sending'} />`
  return isPicture(line) ? html`<${Picture} line=${line} hub=${hub} actions=${actions} />` : html`<${Saving} hub=${hub} content=${content} />`
}

/** @param {{line: any, share?: number, onStop: () => void, waiting: boolean}} props */
const Leaving = ({ line, share, onStop, waiting }) => html`<div class="file-row"><${Icon} name=${line.content.w ? 'image' : 'file-text'} />
  <span class="grow">${line.text}<span class="fine">${weight(line.content.size)}</span>
    ${waiting && share !== undefined && html`<progress aria-label=${t('uploading', { name: line.text })} max="1" value=${share}></progress><span class="unseen" role="status">${t('sent_part', { n: Math.floor(share * 4) * 25 })}</span>`}</span>
  ${waiting && html`<button type="button" class="round" aria-label=${t('cancel_this')} onClick=${onStop}><${Icon} name="x" class="small" /></button>`}</div>`

/** Small when it comes into sight; large over the whole screen (lightbox.js). @param {{line: any, hub: any, actions: any}} props */
function Picture({ line, hub, actions }) {
  const { content } = line
  const [small, setSmall] = useState('')
  const [fault, setFault] = useState('')
  const place = useRef(/** @type {HTMLElement | null} */ (null))
  const told = content.thumb ? { ...content.thumb, mime: 'image/webp' } : content
  const show = () => urlOf(hub, told).then(setSmall, (/** @type {any} */ error) => setFault(faultOf(error)))
  useEffect(() => {
    const watcher = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return
      watcher.disconnect()
      show()
    })
    if (place.current) watcher.observe(place.current)
    return () => watcher.disconnect()
  }, [])
  const scale = Math.min(1, 280 / content.w, 280 / content.h)
  const [width, height] = [Math.max(44, Math.round(content.w * scale)), Math.max(44, Math.round(content.h * scale))]
  return html`<button type="button" class="picture" ref=${place} aria-label=${t('picture_open', { name: content.name })} onClick=${() => actions.look(line)}>
      ${small ? html`<img src=${small} alt="" width=${width} height=${height} />` : html`<svg class="skeleton" width=${width} height=${height} aria-hidden="true"></svg>`}</button>
    ${fault && html`<p class="fault" role="alert">${fault} <button type="button" class="linky" onClick=${() => { setFault(''); show() }}>${t('again')}</button></p>`}`
}

/** @param {{hub: any, content: any}} props */
function Saving({ hub, content }) {
  const [share, setShare] = useState(/** @type {number | null} */ (null))
  const [fault, setFault] = useState('')
  const stop = useRef(/** @type {AbortController | null} */ (null))
  async function save() {
    stop.current = new AbortController()
    setFault('')
    setShare(0)
    try {
      const blob = await hub.files.fetch(content, setShare, stop.current.signal)
      saveBlob(blob, content.name)
    } catch (error) {
      if (/** @type {any} */ (error).code !== 'cancelled') setFault(faultOf(error))
    }
    setShare(null)
  }
  return html`<div class="file-row"><${Icon} name="file-text" /><span class="grow">${content.name}<span class="fine">${weight(content.size)}</span>
      ${share !== null && html`<progress aria-label=${t('fetching', { name: content.name })} max="1" value=${share}></progress>`}</span>
    ${share === null ? html`<button type="button" class="round" aria-label=${t('save_file', { name: content.name })} onClick=${save}><${Icon} name="download" /></button>`
      : html`<button type="button" class="round" aria-label=${t('cancel_this')} onClick=${() => stop.current?.abort()}><${Icon} name="x" /></button>`}</div>
    ${fault && html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${fault}</p>`}`
}
