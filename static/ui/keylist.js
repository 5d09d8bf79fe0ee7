// The keys there are, as a sheet.
import { html, render } from './vendor.js'
import { Sheet } from './parts.js'
import { t } from './words.js'

/** Which keys do what: the words of the sheet are named after them. */
const LISTED = [['?', 'keys'], ['/', 'find'], ['G I', 'inbox'], ['G S', 'browse'], ['G M', 'mine'], ['Alt ↑ ↓', 'rooms'], ['↑', 'edit'], ['Enter', 'send'], ['Esc', 'close']]

export function show() {
  const place = document.createElement('div')
  document.body.append(place)
  const close = () => { render(null, place); place.remove() }
  render(html`<${Sheet} title=${t('keys_title')} onClose=${close}><dl class="keylist">${LISTED.map(([keys, what]) => html`
    <div><dt>${keys.split(' ').map((key) => html`<kbd>${key}</kbd> `)}</dt><dd>${t(`keys_${what}`)}</dd></div>`)}</dl></${Sheet}>`, place)
}
