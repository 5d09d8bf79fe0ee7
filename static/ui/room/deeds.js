// What is done rarely in a rental, each with what it asks of a person: one sheet for all of them.
import { html, useState } from '../vendor.js'
import { cents, whole } from '../amounts.js'
import { Act, Field, Sheet } from '../parts.js'
import { t } from '../words.js'

/**
 * `path` below the rental; `asks` for words, an amount, units, a kind, or of the renter the owner's code; `early`: once
 * it is back it is no rare deed any more.
 * @type {Record<string, {path: string, asks?: string[], danger?: boolean, reason?: string, early?: boolean}>}
 */
export const DEEDS = {
  confirm_return: { path: 'confirm_return', early: true },
  return_part: { path: 'return_part', asks: ['units', 'code'] },
  claim_no_show: { path: 'claim_no_show', danger: true },
  contest: { path: 'contest', asks: ['words'] },
  annul_hand_over: { path: 'annul', reason: 'other', danger: true },
  claim_non_return: { path: 'claim_missing', danger: true },
  dispute_return: { path: 'dispute_return', danger: true },
  amend_return: { path: 'amend_return', asks: ['words'] },
  mark_lost: { path: 'mark_lost', asks: ['words', 'claimed'], danger: true },
  admit_loss: { path: 'admit_loss', asks: ['words'], danger: true },
  found: { path: 'find' },
  settle_loss: { path: 'settle_loss' },
  waive_fee: { path: 'waive_fee' },
  open_case: { path: 'cases', asks: ['kind', 'words', 'claimed'], danger: true },
}
const KINDS = ['damage', 'missing_parts', 'not_as_described', 'late', 'payment']

/** @param {{name: string, hub: any, deal: any, onClose: () => void}} props */
export function Deed({ name, hub, deal, onClose }) {
  const { path, asks = [], danger, reason } = DEEDS[name]
  const [words, setWords] = useState('')
  const [claimed, setClaimed] = useState('')
  const [units, setUnits] = useState(1)
  const [kind, setKind] = useState(KINDS[0])
  const [code, setCode] = useState('')
  const coded = asks.includes('code') && deal.role === 'renter'
  const told = { words: words.trim(), claimed: cents(claimed), units, kind, code: coded ? code.replace(/\D/g, '') : undefined }
  const ready = (!asks.includes('words') || told.words) && (!asks.includes('claimed') || !Number.isNaN(told.claimed)) && (!coded || told.code?.length === 6)
  async function go() {
    const body = Object.fromEntries(asks.map((field) => [field, /** @type {any} */ (told)[field]]))
    await hub.act(deal.id, path, { ...body, ...(reason ? { reason } : {}) })
    onClose()
  }
  return html`<${Sheet} title=${t(`deed_${name}`)} onClose=${onClose}>
    <p>${t(`deed_${name}_text`)}</p>
    ${asks.includes('kind') && html`<fieldset class="field"><legend class="label">${t('what_kind')}</legend>${KINDS.map((one) => html`
      <label class="choice"><input type="radio" name="kind" checked=${kind === one} onChange=${() => setKind(one)} />${t(`case_${one}`)}</label>`)}</fieldset>`}
    ${asks.includes('words') && html`<${Field} id="deed-words" label=${t('what_happened')}><textarea id="deed-words" class="input" maxlength="2000" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)}></textarea></${Field}>`}
    ${asks.includes('claimed') && html`<${Field} id="deed-claimed" label=${t('claimed')}><div class="unit"><input id="deed-claimed" class="input" inputmode="decimal" value=${claimed} onInput=${(/** @type {any} */ event) => setClaimed(event.target.value)} /><span>€</span></div></${Field}>`}
    ${asks.includes('units') && html`<${Field} id="deed-units" label=${t('units_back', { of: deal.q })}><input id="deed-units" class="input" type="number" min="1" max=${Math.max(1, deal.q - 1)} value=${units} onInput=${(/** @type {any} */ event) => setUnits(whole(event, 1))} /></${Field}>`}
    ${coded && html`<${Field} id="deed-code" label=${t('ask_code_owner')}><input id="deed-code" class="input code" inputmode="numeric" autocomplete="off" maxlength="7" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>`}
    <${Act} class=${`${danger ? 'danger' : 'primary'} wide`} disabled=${!ready} act=${go}>${t(`deed_${name}`)}</${Act}>
  </${Sheet}>`
}
