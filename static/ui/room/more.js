// What a rental may need beside the usual way: other terms, money, cases, papers, and what else one may do.
import { html } from '../vendor.js'
import { Act, Icon } from '../parts.js'
import { Cases } from './cases.js'
import { Changes } from './changes.js'
import { DEEDS } from './deeds.js'
import { Money } from './money.js'
import { Papers } from './papers.js'
import { Protocols } from './protocols.js'
import { t } from '../words.js'

/** @param {{hub: any, deal: any, actions: any}} props */
export function More({ hub, deal, actions }) {
  const may = (/** @type {string} */ name) => deal.allowed_actions?.includes(name)
  const deeds = Object.keys(DEEDS).filter((name) => may(name) && !(DEEDS[name].early && deal.state !== 'active'))
  const damaged = may('report_damage') && deal.state === 'active'
  return html`<${Changes} hub=${hub} deal=${deal} actions=${actions} may=${may} />
    <${Prerequisites} hub=${hub} deal=${deal} may=${may} />
    <${Money} hub=${hub} deal=${deal} actions=${actions} may=${may} />
    <${Cases} hub=${hub} deal=${deal} actions=${actions} may=${may} />
    ${deal.agreed_at && html`<${Protocols} hub=${hub} deal=${deal} actions=${actions} />`}
    ${deal.agreed_at && html`<${Papers} hub=${hub} deal=${deal} actions=${actions} />`}
    ${(deeds.length > 0 || damaged) && html`<details><summary>${t('more_deeds')}</summary><div class="next">${deeds.map((name) => html`
      <button type="button" aria-haspopup="dialog" class=${`button compact ${DEEDS[name].danger ? 'danger' : ''}`} onClick=${() => actions.open(`deed:${name}`)}>${t(`deed_${name}`)}</button>`)}
      ${damaged && html`<button type="button" aria-haspopup="dialog" class="button compact danger" onClick=${() => actions.open('damage')}>${t('deed_report_damage')}</button>`}</div></details>`}`
}

/** What must be there before it is handed over. @param {{hub: any, deal: any, may: (name: string) => boolean}} props */
function Prerequisites({ hub, deal, may }) {
  const open = deal.state === 'held' || (deal.state === 'confirmed' && deal.prereqs.some((/** @type {any} */ one) => !one.met_at))
  if (!open || deal.prereqs.length === 0) return null
  const mine = { contract: 'renter', briefing: 'renter', identity: 'owner' }
  return html`<section class="stack"><h3>${t('prereqs')}</h3><ul class="plain rows">${deal.prereqs.map((/** @type {any} */ { kind, met_at }) => html`<li class="keyrow">
    <${Icon} name=${met_at ? 'circle-check' : 'clock'} class="small" /><span class="grow">${t(`prereq_${kind}`)}</span>
    ${!met_at && may('satisfy') && mine[/** @type {'contract'} */ (kind)] === deal.role && html`<${Act} class="compact" act=${() => hub.act(deal.id, `prerequisites/${kind}`)}>${t('prereq_meet')}</${Act}>`}</li>`)}</ul></section>`
}
