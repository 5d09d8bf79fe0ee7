// Small pieces that all pages of the app share: icons, faces, buttons that wait, a sheet.
import { html, useEffect, useLayoutEffect, useRef, useState } from './vendor.js'
import { faultOf, t } from './words.js'

/** @param {{name: string, class?: string}} props */
export const Icon = ({ name, class: more = '' }) => html`
  <svg class=${`icon ${more}`} aria-hidden="true"><use href=${`${document.body.dataset.icons}#${name}`} /></svg>`

/** @param {{person: any, state?: string, small?: boolean}} props */
export function Face({ person, state, small }) {
  const name = person?.display_name ?? '?'
  const colour = [...name].reduce((sum, sign) => sum + Number(sign.codePointAt(0)), 0) % 6
  const letters = name.split(/\s+/).map((/** @type {string} */ word) => word[0]).slice(0, 2).join('').toUpperCase()
  return html`<span class=${`avatar c${colour} ${small ? 'small' : ''}`} aria-hidden="true">${letters}
    ${state === 'active' && html`<span class="here"></span>`}</span>`
}

/**
 * A button that tells that it works, and why it failed.
 * @param {{act: () => Promise<any> | any, class?: string, icon?: string, children?: any, disabled?: boolean, onDone?: (answer: any) => void, [more: string]: any}} props
 */
export function Act({ act, class: kind = '', icon, children, disabled, onDone, ...more }) {
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState('')
  const alive = useRef(true)
  useEffect(() => () => { alive.current = false }, [])
  async function press() {
    if (busy) return
    setBusy(true)
    setFault('')
    try {
      const answer = await act()
      onDone?.(answer)
    } catch (error) {
      if (alive.current) setFault(faultOf(error))
    }
    if (alive.current) setBusy(false)
  }
  return html`<button type="button" class=${`button ${kind}`} aria-busy=${busy} disabled=${disabled} onClick=${press} ...${more}>
      ${busy ? html`<${Icon} name="loader-circle" />` : icon && html`<${Icon} name=${icon} />`}${children}</button>
    ${fault && html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${fault}</p>`}`
}

/**
 * A dialog that closes by Esc, by its cross, and by a press beside it; focus goes back to where it was.
 * @param {{title: string, onClose: () => void, children?: any}} props
 */
export function Sheet({ title, onClose, children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  // With the very first picture: keys that are pressed meanwhile are meant for it.
  useLayoutEffect(() => { dialog.current?.showModal() }, [])
  const beside = (/** @type {MouseEvent} */ event) => { if (event.target === dialog.current) onClose() }
  return html`<dialog class="sheet" ref=${dialog} aria-labelledby="sheet-title" onClose=${onClose} onClick=${beside}>
    <div class="sheet-body">
      <div class="sheet-head"><h2 id="sheet-title">${title}</h2>
        <button type="button" class="round" aria-label=${t('close')} onClick=${onClose}><${Icon} name="x" /></button></div>
      <div class="stack">${children}</div>
    </div>
  </dialog>`
}

/** @param {{label: string, hint?: string, id: string, children?: any}} props */
export const Field = ({ label, hint, id, children }) => html`
  <div class="field"><label for=${id}>${label}</label>${hint && html`<span class="hint">${hint}</span>`}${children}</div>`

/** Renders again when the hub tells something that `concerns` names, at most once a frame. @param {any} hub @param {(kind: string, told: any) => boolean} concerns */
export function useHub(hub, concerns) {
  const [, again] = useState(0)
  const wanted = useRef(concerns)
  wanted.current = concerns
  useEffect(() => {
    let due = false
    return hub.listen((/** @type {string} */ kind, /** @type {any} */ told) => {
      if (due || !wanted.current(kind, told)) return
      due = true
      requestAnimationFrame(() => {
        due = false
        again((n) => n + 1)
      })
    })
  }, [hub])
}

/** Renders again every so often, for what counts down. @param {number} every */
export function useTick(every) {
  const [, again] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), every)
    return () => clearInterval(timer)
  }, [every])
}
