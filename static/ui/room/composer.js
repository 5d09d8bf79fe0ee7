// Where one writes: a draft that is kept, quick replies, answering, editing; Enter sends.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { AttachButton, useAttaching } from './attach.js'
import { Icon } from '../parts.js'
import { plural, t } from '../words.js'

const TYPING_EVERY = 3000
const BODY_MOST = 8000
const QUICK = ['quick_fits', 'quick_when', 'quick_thanks', 'quick_late']

/** @param {{hub: any, room: string, to: string, doing: any, setDoing: (doing: any) => void, onEditLast: () => void}} props */
export function Composer({ hub, room, to, doing, setDoing, onEditLast }) {
  const box = useRef(/** @type {HTMLTextAreaElement | null} */ (null))
  const [text, setText] = useState(() => hub.store.get(`draft/${room}`) ?? '')
  const told = useRef(0)
  const [attach, attaching] = useAttaching(hub, room)
  const [over, setOver] = useState(false)
  const form = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => takeDrops(/** @type {HTMLElement} */ (form.current), setOver, attach), [])
  useEffect(() => { if (doing?.is === 'edit') setText(doing.line.text) }, [doing])
  useEffect(() => { if (doing) box.current?.focus() }, [doing])
  useEffect(() => {
    const element = box.current
    if (!element) return
    element.rows = Math.min(6, Math.max(1, text.split('\n').length))
  }, [text])
  useEffect(() => {
    if (doing?.is === 'edit') return undefined
    const timer = setTimeout(() => {
      if ((hub.store.get(`draft/${room}`) ?? '') === text) return
      hub.store.put(`draft/${room}`, text || undefined)
      hub.store.flush().catch(() => {})
    }, 400)
    return () => clearTimeout(timer)
  }, [text])

  function typed(/** @type {any} */ event) {
    setText(event.target.value)
    if (Date.now() - told.current < TYPING_EVERY) return
    told.current = Date.now()
    hub.do('typing', room, true).catch(() => {})
  }
  async function send(/** @type {string} */ words = text) {
    const said = words.trim()
    if (!said || said.length > BODY_MOST) return
    setText('')
    told.current = 0
    const now = doing
    setDoing(null)
    if (now?.is === 'edit') await hub.chat.edit(room, now.line.seq, said)
    else await hub.chat.text(room, said, now?.is === 'reply' ? now.line.seq : undefined)
    hub.store.put(`draft/${room}`, undefined)
    await hub.store.flush()
  }
  function key(/** @type {KeyboardEvent} */ event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !event.ctrlKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Escape' && doing) {
      if (doing.is === 'edit') setText('')
      setDoing(null)
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault()
      onEditLast()
    }
  }
  const filesOf = (/** @type {DataTransfer | null} */ data) => [...(data?.files ?? [])]
  const pasted = (/** @type {ClipboardEvent} */ event) => { if (filesOf(event.clipboardData).length) { event.preventDefault(); attach(filesOf(event.clipboardData)) } }
  return html`<form class=${`composer ${over ? 'over' : ''}`} ref=${form} onPaste=${pasted} onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send() }}>
    ${doing && html`<div class="doing"><${Icon} name=${doing.is === 'edit' ? 'pencil' : 'reply'} class="small" /><span>${t(doing.is === 'edit' ? 'editing' : 'replying')}: ${doing.line.text}</span>
      <button type="button" class="round" aria-label=${t('cancel_this')} onClick=${() => { if (doing.is === 'edit') setText(''); setDoing(null) }}><${Icon} name="x" class="small" /></button></div>`}
    ${!text && !doing && html`<div class="quick" role="group" aria-label=${t('quick')}>${QUICK.map((name) => html`<button type="button" class="chip" onClick=${() => send(t(name))}>${t(name)}</button>`)}</div>`}
    ${attaching}
    <p class="dropping" role="status">${over && t('drop_here')}</p>
    <div class="line"><${AttachButton} onFiles=${attach} />
      <label class="unseen" for="say">${t('write_to', { name: to })}</label>
      <textarea id="say" class="input" rows="1" ref=${box} value=${text} placeholder=${t('write_to', { name: to })} onInput=${typed} onKeyDown=${key} enterkeyhint="send" autocomplete="off"></textarea>
      <button class="button primary send" aria-label=${t('send')} disabled=${!text.trim() || text.length > BODY_MOST}><${Icon} name="send" /></button>
    </div>
    <p class="fine only"><${Icon} name="lock" class="small" />${text.length > BODY_MOST ? plural('too_long', text.length - BODY_MOST) : t('only_you_two')}</p>
  </form>`
}

/**
 * Files may be dropped anywhere on the talk.
 * @param {HTMLElement} form
 * @param {(over: boolean) => void} setOver
 * @param {(files: File[]) => void} attach
 */
function takeDrops(form, setOver, attach) {
  const pane = form.closest('.talk') ?? form
  const over = (/** @type {any} */ event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const leave = (/** @type {any} */ event) => { if (!pane.contains(event.relatedTarget)) setOver(false) }
  const drop = (/** @type {any} */ event) => {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    setOver(false)
    attach([...event.dataTransfer.files])
  }
  const heard = /** @type {[string, (event: any) => void][]} */ ([['dragover', over], ['dragleave', leave], ['drop', drop]])
  heard.forEach(([name, hear]) => pane.addEventListener(name, hear))
  return () => heard.forEach(([name, hear]) => pane.removeEventListener(name, hear))
}
