// Reporting a message: what leaves this device is shown first, and nothing else is opened to the moderators.
import { html, useEffect, useState } from '../vendor.js'
import { reportMessages } from '../../lib/reporting.js'
import { Act, Field, Sheet } from '../parts.js'
import { faultOf, t } from '../words.js'

const REASONS = ['harassment', 'threat', 'scam', 'illegal', 'spam', 'other']

/** @param {{seq: number, hub: any, deal: any, onClose: () => void}} props */
export function Reporting({ seq, hub, deal, onClose }) {
  const [reason, setReason] = useState(REASONS[0])
  const [words, setWords] = useState('')
  const [evidence, setEvidence] = useState(0)
  const [sent, setSent] = useState(false)
  const [fault, setFault] = useState('')
  const row = hub.log.get(deal.room, seq)
  const other = deal.role === 'owner' ? deal.renter : deal.owner
  const cases = deal.cases.filter((/** @type {any} */ one) => one.due_at)
  useEffect(() => { hub.log.proof(deal.room, seq).then((/** @type {any} */ proof) => { if (!proof) setFault(t('report_no_proof')) }, (/** @type {any} */ error) => setFault(faultOf(error))) }, [])
  const send = () => reportMessages(hub, deal.room, [seq], evidence ? { reason: 'evidence', words, case: evidence } : { reason, words })
  if (sent) {
    return html`<${Sheet} title=${t('report')} onClose=${onClose}><p role="status">${t('reported')}</p>
      <${Act} class="wide danger" act=${() => hub.http.call('PUT', `/v1/blocks/${other.id}`)} onDone=${onClose}>${t('block_person', { name: other.display_name })}</${Act}>
      <button type="button" class="button wide" onClick=${onClose}>${t('close')}</button></${Sheet}>`
  }
  return html`<${Sheet} title=${t('report')} onClose=${onClose}>
    <p>${t('report_text')}</p><blockquote class="quote">${row?.content?.t ?? row?.content?.name ?? t('gone')}</blockquote>
    ${cases.length > 0 && html`<label class="choice"><input type="checkbox" checked=${evidence > 0} onChange=${(/** @type {any} */ event) => setEvidence(event.target.checked ? cases[0].no : 0)} />${t('report_evidence')}</label>`}
    ${!evidence && html`<fieldset class="field"><legend class="label">${t('why')}</legend>${REASONS.map((name) => html`<label class="choice"><input type="radio" name="reason" checked=${reason === name} onChange=${() => setReason(name)} />${t(`report_${name}`)}</label>`)}</fieldset>`}
    <${Field} id="report-words" label=${t('report_words')}><textarea id="report-words" class="input" maxlength="1000" value=${words} onInput=${(/** @type {any} */ event) => setWords(event.target.value)}></textarea></${Field}>
    ${fault && html`<p class="fault" role="alert">${fault}</p>`}
    <${Act} class="danger wide" disabled=${Boolean(fault)} act=${send} onDone=${() => setSent(true)}>${t('report_send')}</${Act}>
  </${Sheet}>`
}
