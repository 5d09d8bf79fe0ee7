// A code to be scanned, drawn here: what it says never leaves the browser.
import { html } from '../vendor.js'
import { generate } from '../../vendor/qr.js'

/** Light modules around it, as readers need them. */
const QUIET = 4

/** @param {{text: string, label: string}} props */
export function Qr({ text, label }) {
  const code = generate(text)
  const side = code.size + 2 * QUIET
  let path = ''
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`
  }
  return html`<svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${side} ${side}`} shape-rendering="crispEdges">
    <rect class="paper" width=${side} height=${side} /><path d=${path} /></svg>`
}
