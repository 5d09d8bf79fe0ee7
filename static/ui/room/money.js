// Rent and deposit between the two: what is due, what each says was paid, and a transfer code for the bank's app.
import { html, useEffect, useState } from '../vendor.js'
import { Qr } from '../keys/qr.js'
import { cents, euros } from '../amounts.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { date, money } from '../say.js'
import { faultOf, has, t } from '../words.js'

/** The deposit was there, and it is known what becomes of it. */
const BACK = new Set(['released', 'partly_kept'])
const KINDS = ['rent', 'deposit_in', 'deposit_out', 'refund', 'cancellation_fee', 'late_fee', 'damage']

/** What is still open, by kind: minor units above nought. @param {any} deal @returns {[string, number][]} */
export function due(deal) {
  const { deposit, payment, damages, cancel, no_show: missed, returned } = deal
  const said = (/** @type {string} */ kind) => deal.ledger.filter((/** @type {any} */ one) => one.kind === kind && !one.rejected_at).reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.amt, 0)
  const fee = Math.max(cancel && !cancel.waived ? cancel.fee : 0, missed && !missed.waived ? missed.fee : 0)
  const open = [
    ['rent', (payment?.amount ?? 0) - said('rent')],
    ['deposit_in', deposit?.state === 'due' ? deposit.amount - said('deposit_in') : 0],
    ['deposit_out', BACK.has(deposit?.state) ? deposit.amount - deposit.kept - said('deposit_out') : 0],
    ['refund', (payment?.refund ?? 0) - said('refund')],
    ['cancellation_fee', fee - said('cancellation_fee')],
    ['late_fee', (returned?.fee ?? 0) - said('late_fee')],
    ['damage', (damages?.due ?? 0) - said('damage')],
  ]
  return /** @type {[string, number][]} */ (open).filter(([, amount]) => amount > 0)
}

/** @param {{hub: any, deal: any, actions: any, may: (name: string) => boolean}} props */
export function Money({ hub, deal, actions, may }) {
  const { deposit, payment } = deal
  if (!payment && !deposit && deal.ledger.length === 0) return null
  const cur = deal.offer.terms.cur
  const transfers = deal.role === 'renter' && due(deal).some(([kind]) => kind === 'rent' || kind === 'deposit_in')
  return html`<section class="stack"><h3>${t('money')}</h3>
    <dl class="pairs">${payment && html`<dt>${t('rent_total')}</dt><dd>${money(payment.amount, cur)} · ${t(`payment_${payment.state}`)}</dd>`}
      ${deposit && deposit.amount > 0 && html`<dt>${t('term_deposit')}</dt><dd>${money(deposit.amount, cur)} · ${t(`deposit_${deposit.state === 'released' && deposit.back < deposit.amount ? 'owed' : deposit.state}`)}</dd>
        ${deposit.kept > 0 && html`<dt>${t('deposit_keeps')}</dt><dd>${money(deposit.kept, cur)} · ${keptFor(deal)}</dd>`}`}
      ${deal.damages && deal.damages.amount > 0 && html`<dt>${t('entry_damage')}</dt><dd>${money(deal.damages.amount, cur)}</dd>`}</dl>
    <ul class="plain rows">${deal.ledger.map((/** @type {any} */ entry) => html`<${Entry} key=${entry.no} hub=${hub} deal=${deal} entry=${entry} cur=${cur} may=${may} />`)}</ul>
    <p class="row">${transfers && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('transfer')}><${Icon} name="qr-code" />${t('transfer')}</button>`}
      ${may('claim_entry') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('pay')}>${t(due(deal).length ? 'pay_said' : 'pay_other')}</button>`}</p>
  </section>`
}

/** Why some of the deposit stays with the owner: the cases that said so. @param {any} deal */
const keptFor = (deal) => deal.cases.filter((/** @type {any} */ { secured, payer, outcome }) => secured && payer === 'renter' && outcome?.amount > 0)
  .map((/** @type {any} */ one) => t(has(`case_${one.kind}`) ? `case_${one.kind}` : 'case_other')).join(', ')

/** @param {{hub: any, deal: any, entry: any, cur: string, may: (name: string) => boolean}} props */
function Entry({ hub, deal, entry, cur, may }) {
  const waits = !entry.confirmed_at && !entry.rejected_at
  const answer = (/** @type {string} */ how) => () => hub.act(deal.id, `payments/${entry.no}/${how}`)
  const how = entry.confirmed_at ? 'entry_confirmed' : entry.rejected_at ? 'entry_rejected' : entry.by === deal.role ? 'entry_waits' : 'entry_asks'
  return html`<li class="keyrow"><${Icon} name=${entry.confirmed_at ? 'circle-check' : entry.rejected_at ? 'x' : 'clock'} class="small" />
    <span class="grow"><strong>${t(`entry_${entry.kind}`)} · ${money(entry.amt, cur)}</strong><span class="fine">${t(`method_${entry.method}`)} · ${date(Date.parse(entry.at))} · ${t(how)}</span></span>
    ${waits && entry.by !== deal.role && may('confirm_entry') && html`<span class="row"><${Act} class="compact primary" act=${answer('confirm')}>${t('entry_confirm')}</${Act}><${Act} class="compact" act=${answer('reject')}>${t('entry_reject')}</${Act}></span>`}
    ${waits && entry.by === deal.role && may('reject_entry') && html`<${Act} class="compact" act=${answer('reject')}>${t('entry_back')}</${Act}>`}</li>`
}

/** Saying that money went from hand to hand. @param {{hub: any, deal: any, onClose: () => void}} props */
export function Paying({ hub, deal, onClose }) {
  const open = due(deal)
  const [kind, setKind] = useState(open[0]?.[0] ?? KINDS[0])
  const [amount, setAmount] = useState(euros(open[0]?.[1] ?? 0))
  const [method, setMethod] = useState('cash')
  function choose(/** @type {string} */ wanted) {
    setKind(wanted)
    const known = open.find(([name]) => name === wanted)
    setAmount(known ? euros(known[1]) : '')
  }
  const pay = () => hub.act(deal.id, 'payments', { kind, amt: cents(amount), method })
  return html`<${Sheet} title=${t('pay_said')} onClose=${onClose}><p>${t('pay_text')}</p>
    <${Field} id="pay-kind" label=${t('pay_kind')}><select id="pay-kind" class="input" value=${kind} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>${KINDS.map((name) => html`<option value=${name} selected=${name === kind}>${t(`entry_${name}`)}</option>`)}</select></${Field}>
    <${Field} id="pay-amount" label=${t('pay_amount')}><div class="unit"><input id="pay-amount" class="input" inputmode="decimal" value=${amount} onInput=${(/** @type {any} */ event) => setAmount(event.target.value)} /><span>€</span></div></${Field}>
    <fieldset class="field"><legend class="label">${t('pay_method')}</legend>${['cash', 'transfer'].map((name) => html`<label class="choice"><input type="radio" name="method" checked=${method === name} onChange=${() => setMethod(name)} />${t(`method_${name}`)}</label>`)}</fieldset>
    <${Act} class="primary wide" disabled=${!(cents(amount) > 0)} act=${pay} onDone=${onClose}>${t('pay_do')}</${Act}></${Sheet}>`
}

/** What the owner's bank wants, as a code and as text. @param {{hub: any, deal: any, onClose: () => void}} props */
export function Transferring({ hub, deal, onClose }) {
  const [told, setTold] = useState(/** @type {any} */ (null))
  const [fault, setFault] = useState('')
  useEffect(() => { hub.http.call('GET', `/v1/rentals/${deal.id}/transfer`).then(setTold, (/** @type {any} */ error) => setFault(faultOf(error))) }, [])
  const rows = told ? [['transfer_holder', told.holder], ['transfer_iban', told.iban.replace(/(.{4})(?=.)/g, '$1 ')], ['transfer_amount', money(told.amount, told.cur)], ['transfer_reference', told.reference]] : []
  return html`<${Sheet} title=${t('transfer')} onClose=${onClose}>
    ${fault && html`<p class="notice warn" role="alert">${fault}</p>`}
    ${!told && !fault && html`<div class="skeleton" aria-hidden="true"></div>`}
    ${told && html`<p>${t('transfer_text')}</p><${Qr} text=${told.girocode} label=${t('transfer')} />
      <dl class="pairs">${rows.map(([key, value]) => html`<dt>${t(key)}</dt><dd>${value}</dd>`)}</dl>
      <${Act} icon="copy" act=${() => navigator.clipboard.writeText(told.iban)}>${t('transfer_copy')}</${Act}>`}</${Sheet}>`
}
