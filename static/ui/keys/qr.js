// A code to be scanned, drawn here: what it says never leaves the browser.
import { html } from '../vendor.js'
import { utf8 } from '../../lib/dkx/bytes.js'
import { correction, generate, mode } from '../../vendor/qr.js'

/** Light modules around it, as readers need them. */
const QUIET = 4

/**
 * Whatever is not plain ASCII is told as UTF-8: banks read a GiroCode so, whatever the code itself says of its letters.
 * @param {string} text
 */
const told = (text) => (/^[\x20-\x7e\n]*$/.test(text) ? text : mode.bytes(utf8(text)))

/** With so much correction as the guideline of the GiroCode (EPC069-12) asks for. @param {{text: string, label: string}} props */
export function Qr({ text, label }) {
  const code = generate(told(text), { minCorrectionLevel: correction.M })
  const side = code.size + 2 * QUIET
  let path = ''
  for (let y = 0; y < code.size; y += 1) {
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`
  }
  return html`<svg class="qr" role="img" aria-label=${label} viewBox=${`0 0 ${side} ${side}`} shape-rendering="crispEdges">
    <rect class="paper" width=${side} height=${side} /><path d=${path} /></svg>`
}
