// What a thing costs, and on which terms it is lent.
import { html } from '../vendor.js'
import { Field } from '../parts.js'
import { plural, t } from '../words.js'
import { whole } from '../amounts.js'
import { PRICES } from './form.js'

const POLICIES = ['flexible', 'moderate', 'strict']
/** Minutes of notice that can be chosen. */
const LEADS = [0, 120, 720, 1440, 2880]
const SHORTEST = [60, 240, 1440, 2880]

/** @param {{id: string, name: string, hint?: string, value: string, onInput: (text: string) => void}} props */
const Amount = ({ id, name, hint, value, onInput }) => html`<${Field} id=${id} label=${name} hint=${hint}>
  <div class="unit"><input id=${id} class="input" inputmode="decimal" autocomplete="off" maxlength="9" value=${value} onInput=${(/** @type {any} */ event) => onInput(event.target.value)} /><span>€</span></div></${Field}>`

/** @param {number} minutes whole hours or days */
const spanOf = (minutes) => (minutes % 1440 ? plural('hours', minutes / 60) : plural('days', minutes / 1440))

/** @param {{form: any, set: (changed: any) => void}} props */
export function Prices({ form, set }) {
  const price = (/** @type {string} */ name) => html`<${Amount} id=${`price-${name}`} name=${t(`price_${name}`)} hint=${name === 'day' ? t('price_day_hint') : undefined} value=${form.prices[name] ?? ''} onInput=${(/** @type {string} */ text) => set({ prices: { ...form.prices, [name]: text } })} />`
  return html`${price('day')}
    <${Amount} id="price-deposit" name=${t('price_deposit')} hint=${t('price_deposit_hint')} value=${form.deposit} onInput=${(/** @type {string} */ text) => set({ deposit: text })} />
    <details open=${PRICES.some((name) => name !== 'day' && form.prices[name]) || null}><summary>${t('prices_more')}</summary><div class="stack">${PRICES.filter((name) => name !== 'day').map(price)}</div></details>`
}

/** @param {{form: any, set: (changed: any) => void}} props */
export function Terms({ form, set }) {
  const rule = (/** @type {any} */ changed) => set({ rules: { ...form.rules, ...changed } })
  const needs = (/** @type {string} */ kind, /** @type {boolean} */ on) => set({ prereqs: on ? [...form.prereqs, kind] : form.prereqs.filter((/** @type {string} */ one) => one !== kind) })
  const choice = (/** @type {string} */ id, /** @type {string} */ name, /** @type {number[]} */ values, /** @type {(value: number) => string} */ say) => {
    const at = form.rules[name]
    const all = values.includes(at) ? values : [...values, at].sort((a, b) => a - b)
    return html`<${Field} id=${id} label=${t(id)}><select id=${id} class="input" value=${at} onChange=${(/** @type {any} */ event) => rule({ [name]: Number(event.target.value) })}>
      ${all.map((value) => html`<option value=${value} selected=${value === at}>${say(value)}</option>`)}</select></${Field}>`
  }
  const span = (/** @type {number} */ minutes) => (minutes === 0 ? t('at_once') : spanOf(minutes))
  return html`<label class="choice switch"><input type="checkbox" role="switch" checked=${form.rules.instant} onChange=${(/** @type {any} */ event) => rule({ instant: event.target.checked })} /><span>${t('instant')}<span class="fine">${t('instant_hint')}</span></span></label>
    ${form.deposit.trim() && html`<label class="choice switch"><input type="checkbox" role="switch" checked=${form.prereqs.includes('deposit')} onChange=${(/** @type {any} */ event) => needs('deposit', event.target.checked)} /><span>${t('deposit_first')}</span></label>`}
    ${choice('rule_lead', 'lead_min', LEADS, span)}
    ${choice('rule_shortest', 'min_min', SHORTEST, spanOf)}
    <${Field} id="rule_longest" label=${t('rule_longest')}><input id="rule_longest" class="input" type="number" min="1" max="365" value=${form.rules.max_days} onChange=${(/** @type {any} */ event) => rule({ max_days: whole(event, 1) })} /></${Field}>
    <fieldset class="field"><legend class="label">${t('policy')}</legend>${POLICIES.map((name) => html`<label class="choice"><input type="radio" name="policy" checked=${form.policy === name} onChange=${() => set({ policy: name })} /><span>${t(`policy_${name}`)}<span class="fine">${t(`policy_${name}_about`)}</span></span></label>`)}</fieldset>`
}
