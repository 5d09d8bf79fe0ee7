// The pictures of a room over the whole screen: arrows, swipes, Escape; each can be saved.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../vendor.js'
import { isPicture, urlOf } from './attached.js'
import { Icon } from '../parts.js'
import { moment } from '../say.js'
import { faultOf, t } from '../words.js'

const SWIPE = 60

/** @param {{hub: any, lines: any[], first: string, names: (account: string) => string, onClose: () => void}} props `first` is a line's key */
export function Lightbox({ hub, lines, first, names, onClose }) {
  const pictures = lines.filter(isPicture)
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  const [key, setKey] = useState(first)
  const [opened, setOpened] = useState({ key: '', url: '' })
  const from = useRef(0)
  useLayoutEffect(() => { dialog.current?.showModal() }, [])
  const at = Math.max(0, pictures.findIndex((line) => line.key === key))
  const line = pictures[at]
  const many = pictures.length > 1
  const step = (/** @type {number} */ by) => setKey(pictures[(at + by + pictures.length) % pictures.length].key)
  const keys = (/** @type {KeyboardEvent} */ event) => {
    if (many && event.key === 'ArrowLeft') step(-1)
    if (many && event.key === 'ArrowRight') step(1)
  }
  const lifted = (/** @type {PointerEvent} */ event) => {
    const moved = event.clientX - from.current
    if (many && Math.abs(moved) > SWIPE) step(moved < 0 ? 1 : -1)
  }
  if (!line) return null
  return html`<dialog class="lightbox" ref=${dialog} aria-label=${line.content.name} onClose=${onClose} onKeyDown=${keys}
      onPointerDown=${(/** @type {PointerEvent} */ event) => { from.current = event.clientX }} onPointerUp=${lifted}>
    <div class="bar"><span class="figures">${many && `${at + 1} / ${pictures.length}`}</span>
      ${many && html`<button type="button" class="round" aria-label=${t('picture_before')} onClick=${() => step(-1)}><${Icon} name="arrow-left" /></button>
        <button type="button" class="round" aria-label=${t('picture_after')} onClick=${() => step(1)}><${Icon} name="arrow-right" /></button>`}
      ${opened.key === line.key && html`<a class="round" href=${opened.url} download=${line.content.name} aria-label=${t('save_file', { name: line.content.name })}><${Icon} name="download" /></a>`}
      <button type="button" class="round" aria-label=${t('close')} onClick=${() => dialog.current?.close()}><${Icon} name="x" /></button></div>
    <${Whole} key=${line.key} hub=${hub} content=${line.content} onOpened=${(/** @type {string} */ url) => setOpened({ key: line.key, url })} />
    <p>${line.content.name} · ${names(line.author)}, ${moment(line.at)}</p></dialog>`
}

/** @param {{hub: any, content: any, onOpened: (url: string) => void}} props */
function Whole({ hub, content, onOpened }) {
  const [url, setUrl] = useState('')
  const [small, setSmall] = useState('')
  const [share, setShare] = useState(0)
  const [fault, setFault] = useState('')
  useEffect(() => {
    let gone = false
    const found = (/** @type {string} */ whole) => {
      if (gone) return
      setUrl(whole)
      onOpened(whole)
    }
    if (content.thumb) urlOf(hub, { ...content.thumb, mime: content.mime }).then(setSmall, () => {})
    urlOf(hub, content, setShare).then(found, (/** @type {any} */ error) => setFault(faultOf(error)))
    return () => { gone = true }
  }, [])
  return html`<div class="whole">${(url || small) && html`<img src=${url || small} alt="" draggable=${false} />`}
      ${!url && (fault ? html`<p role="alert">${fault}</p>` : html`<progress aria-label=${t('fetching', { name: content.name })} max="1" value=${share}></progress>`)}</div>`
}
