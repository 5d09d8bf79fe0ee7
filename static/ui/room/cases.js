// What the two are at odds about: what is claimed, what is proposed, until when, and how it ended.
import { html, useState } from '../vendor.js'
import { cents, euros } from '../amounts.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { money, until } from '../say.js'
import { has, t } from '../words.js'

const OVER = new Set(['settled', 'decided', 'withdrawn', 'undecided'])

/** @param {{hub: any, deal: any, actions: any, may: (name: string) => boolean}} props */
export function Cases({ hub, deal, actions, may }) {
  return deal.cases.map((/** @type {any} */ one) => html`<${Case} key=${one.no} hub=${hub} deal=${deal} one=${one} actions=${actions} may=${may} />`)
}

/** @param {{hub: any, deal: any, one: any, actions: any, may: (name: string) => boolean}} props */
function Case({ hub, deal, one, actions, may }) {
  const cur = deal.offer.terms.cur
  const over = OVER.has(one.state)
  const theirs = one.proposal && one.proposal.by !== deal.role
  const act = (/** @type {string} */ what, body = {}) => () => hub.act(deal.id, `cases/${one.no}/${what}`, body)
  return html`<section id=${`case-${one.no}`} class=${`notice ${over ? '' : 'warn'} case`} aria-label=${t('case_no', { no: one.no })}><${Icon} name=${over ? 'info' : 'triangle-alert'} /><div class="stack">
    <p><strong>${has(`case_${one.kind}`) ? t(`case_${one.kind}`) : t('case_other')}</strong> · ${t(`case_state_${one.state}`)}${one.due_at ? ` · ${t('case_due', { when: until(one.due_at) })}` : ''}</p>
    <p>${t(one.by === deal.role ? 'case_by_me' : 'case_by_them')}: ${one.words}</p>
    ${one.claimed > 0 && html`<p>${t('case_claims', { amount: money(one.claimed, cur) })}</p>`}
    ${one.proposal && !over && html`<p>${t(theirs ? 'case_they_offer' : 'case_i_offer', { amount: money(one.proposal.amount, cur) })}</p>`}
    ${one.outcome && html`<p>${t('case_outcome', { amount: money(one.outcome.amount, cur) })} ${one.outcome.words ?? ''}</p>`}
    ${one.appeal && html`<p>${t(`appeal_${one.appeal.state}`)}: ${one.appeal.words}</p>`}
    <p class="row">
      ${!over && theirs && may('agree_settlement') && html`<${Act} class="compact primary" act=${act('agree', { amount: one.proposal.amount })}>${t('case_agree', { amount: money(one.proposal.amount, cur) })}</${Act}>`}
      ${!over && may('propose_settlement') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open(`settle:${one.no}`)}>${t('case_propose')}</button>`}
      ${!over && one.by === deal.role && may('withdraw_case') && html`<${Act} class="compact" act=${act('withdraw')}>${t('case_withdraw')}</${Act}>`}
      ${one.state === 'decided' && !one.appeal && may('appeal_case') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open(`appeal:${one.no}`)}>${t('case_appeal')}</button>`}</p>
  </div></section>`
}

/** @param {{no: number, hub: any, deal: any, onClose: () => void}} props */
export function Settling({ no, hub, deal, onClose }) {
  const one = deal.cases.find((/** @type {any} */ each) => each.no === no)
  const [amount, setAmount] = useState(euros(one.proposal?.amount ?? one.claimed))
  const propose = () => hub.act(deal.id, `cases/${no}/propose`, { amount: cents(amount) })
  return html`<${Sheet} title=${t('case_propose')} onClose=${onClose}><p>${t(one.payer === deal.role ? 'case_propose_pay' : 'case_propose_get')}</p>
    <${Field} id="settle-amount" label=${t('pay_amount')}><div class="unit"><input id="settle-amount" class="input" inputmode="decimal" value=${amount} onInput=${(/** @type {any} */ event) => setAmount(event.target.value)} /><span>€</span></div></${Field}>
    <${Act} class="primary wide" disabled=${Number.isNaN(cents(amount))} act=${propose} onDone=${onClose}>${t('case_propose')}</${Act}></${Sheet}>`
}

/** @param {{no: number, hub: any, deal: any, onClose: () => void}} props */
export function Appealing({ no, hub, deal, onClose }) {
  const [words, setWords] = useState('')
  return html`<${Sheet} title=${t('case_appeal')} onClose=${onClose}><p>${t('case_appeal_text')}</p>
    <${Field} id="appeal-words" label=${t('what_happened')}><textarea id="appeal-words" class="input" maxlength="2000" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)}></textarea></${Field}>
    <${Act} class="primary wide" disabled=${!words.trim()} act=${() => hub.act(deal.id, `cases/${no}/appeal`, { words: words.trim() })} onDone=${onClose}>${t('case_appeal')}</${Act}></${Sheet}>`
}
