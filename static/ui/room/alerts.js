// What must not be overlooked in a rental: it is late, at risk, denied or waits for an answer; each with what helps.
import { html } from '../vendor.js'
import { Act, Icon, useTick } from '../parts.js'
import { moment, money, until } from '../say.js'
import { t } from '../words.js'

/** How long a no-show may be denied, in hours; the hub is the judge. */
const TO_DENY = 48

/** @param {{hub: any, deal: any, name: string, actions: any}} props */
export function Alerts({ hub, deal, name, actions }) {
  useTick(60_000)
  const may = (/** @type {string} */ what) => deal.allowed_actions?.includes(what)
  const say = (/** @type {string} */ key) => () => hub.chat.text(deal.room, t(key))
  const see = (/** @type {string} */ id) => () => document.getElementById(id)?.scrollIntoView({ block: 'center' })
  const { role, state, change, no_show: missed, handed_over: handed } = deal
  const end = deal.offer?.terms.end
  const late = state === 'active' && (deal.overdue_since || Date.parse(end) < Date.now())
  const accused = state === 'no_show' && missed && missed.by !== role
  const open = deal.cases.filter((/** @type {any} */ { due_at }) => due_at)
  return html`
    ${late && html`<${Alert} danger=${true}><p>${t(`late_${role}`, { name, when: until(end) })}</p><p class="row">
      <${Act} class="compact" act=${say(role === 'renter' ? 'say_coming' : 'say_remind')}>${t(role === 'renter' ? 'coming' : 'remind')}</${Act}>
      ${may('propose_change') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('change')}>${t('extend')}</button>`}
      ${may('claim_non_return') && html`<button type="button" aria-haspopup="dialog" class="button compact danger" onClick=${() => actions.open('deed:claim_non_return')}>${t('deed_claim_non_return')}</button>`}</p></${Alert}>`}
    ${deal.at_risk_since && (state === 'confirmed' || state === 'held') && html`<${Alert}><p>${t('at_risk')}</p><p class="row">
      ${may('propose_change') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('change')}>${t('change_propose')}</button>`}
      ${may('cancel') && html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('cancel')}>${t('cancel_rental')}</button>`}</p></${Alert}>`}
    ${accused && html`<${Alert} danger=${true}><p>${t('accused', { name })} ${missed.fee > 0 && !missed.waived ? t('accused_fee', { fee: money(missed.fee, deal.offer.terms.cur) }) : ''}</p>
      ${may('contest') && html`<p>${t('accused_until', { when: moment(Date.parse(missed.at) + TO_DENY * 3_600_000, deal.tz) })}</p><${Contest} actions=${actions} />`}</${Alert}>`}
    ${state === 'active' && handed?.unilateral && may('contest') && html`<${Alert}><p>${t('handed_alone', { name })}</p><${Contest} actions=${actions} /></${Alert}>`}
    ${change?.state === 'open' && change.by !== role && html`<${Alert}><p>${t('ev_change_proposed', { name })}</p>
      <button type="button" class="button compact" onClick=${see('change-title')}>${t('look_at_it')}</button></${Alert}>`}
    ${open.map((/** @type {any} */ one) => html`<${Alert} key=${one.no}><p>${t('case_is_open', { when: until(one.due_at) })}</p>
      <button type="button" class="button compact" onClick=${see(`case-${one.no}`)}>${t('look_at_it')}</button></${Alert}>`)}`
}

/** @param {{danger?: boolean, children?: any}} props */
const Alert = ({ danger, children }) => html`<div class=${`notice ${danger ? 'danger' : 'warn'}`}><${Icon} name=${danger ? 'circle-alert' : 'triangle-alert'} /><div>${children}</div></div>`

/** @param {{actions: any}} props */
const Contest = ({ actions }) => html`<button type="button" aria-haspopup="dialog" class="button compact" onClick=${() => actions.open('deed:contest')}>${t('deed_contest')}</button>`
