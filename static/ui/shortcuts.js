// Keys for those who like them, everywhere in the app: pressed outside a field, and listed by `?`.
/** Where `g` and another key lead. */
const GO = /** @type {Record<string, string>} */ ({ i: '/inbox', s: '/s', m: '/me' })
/** So long a `g` waits for where to. */
const WAITS = 1500

/** @param {any} target */
const isTyping = (target) => Boolean(target?.closest?.('input, textarea, select, [contenteditable]'))

/** Hears keys from now on. */
export function hearKeys() {
  let going = 0
  document.addEventListener('keydown', (event) => {
    if (event.altKey && ['ArrowUp', 'ArrowDown'].includes(event.key)) { if (step(event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault() }
    if (event.key === 'Enter' && !event.isComposing) press(event)
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    const where = Date.now() - going < WAITS ? GO[event.key] : undefined
    going = event.key === 'g' ? Date.now() : 0
    if (where) go(where)
    else if (event.key === '?') import('./keylist.js').then(({ show }) => show()).catch(() => {})
    else if (event.key === '/') find(event)
  })
}

/** Enter in a field of one line presses the main button that comes after it, as in a form. @param {KeyboardEvent} event */
function press(event) {
  const field = /** @type {HTMLElement} */ (event.target)
  if (!field.matches('input.input:not([type=search])') || field.closest('form')) return
  const after = (/** @type {Element} */ button) => field.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING
  const buttons = [...(field.closest('.sheet-body, .card')?.querySelectorAll('.button.primary') ?? [])]
  const main = /** @type {HTMLElement | undefined} */ (buttons.find(after))
  if (!main) return
  event.preventDefault()
  main.click()
}

/** Along a link of this page where there is one, so that what is open stays open. @param {string} where */
function go(where) {
  const link = /** @type {HTMLElement | null} */ (document.querySelector(`a[href="${where}"]`))
  if (link) link.click()
  else location.assign(where)
}

/** @param {KeyboardEvent} event */
function find(event) {
  const field = /** @type {HTMLElement | null} */ (document.querySelector('input[type=search]'))
  if (!field?.checkVisibility()) return
  event.preventDefault()
  field.focus()
}

/** The room above or below in the list. @param {number} by */
function step(by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.rows a.roomrow')])
  const at = rows.findIndex((row) => row.hasAttribute('aria-current'))
  const next = at < 0 ? rows[0] : rows[at + by]
  next?.click()
  return Boolean(next)
}
