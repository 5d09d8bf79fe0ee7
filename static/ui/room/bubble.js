// One message: its words, what it answers, reactions, whether it went out, and what may be done with it.
import { html, useState } from '../vendor.js'
import { Later } from '../later.js'
import { Icon } from '../parts.js'
import { clock, moment } from '../say.js'
import { fate } from '../../lib/room.js'
import { has, t } from '../words.js'

export const EMOJIS = ['👍', '❤️', '😄', '😮', '🙏', '✅']
const GRACE = 4000
const ADDRESS = /(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])/g

const loadAttached = () => import('./attached.js').then(({ Attached }) => Attached)

/** Words with their addresses as links; nothing else is made of them. @param {string} text */
export const linked = (text) =>
  text.split(ADDRESS).map((part, n) => (n % 2 ? html`<a href=${part} rel="noopener noreferrer nofollow" target="_blank">${part}</a>` : part))

/** @param {{line: any, hub: any, sheet: any, names: (account: string) => string, actions: any, first: boolean}} props */
export function Bubble({ line, hub, sheet, names, actions, first }) {
  const [open, setOpen] = useState(false)
  const { mine, kind, state } = line
  const how = `bubble ${mine ? 'own' : ''} ${first ? 'first' : ''} ${state === 'failed' ? 'failed' : ''} ${kind === 'gone' || kind === 'unreadable' ? 'faint' : ''}`
  return html`<div class=${how}>
    ${line.replyTo !== undefined && html`<${Quote} quoted=${line.replyTo} names=${names} onGo=${actions.goTo} />`}
    <div class="said">${line.kind === 'file' ? html`<${Later} load=${loadAttached} line=${line} hub=${hub} actions=${actions} />` : said(line)}</div>
    ${line.reactions.length > 0 && html`<div class="reactions">${line.reactions.map((/** @type {any} */ [emoji, accounts]) => html`
      <button type="button" class="reaction" aria-pressed=${accounts.includes(hub.user)} title=${accounts.map(names).join(', ')} onClick=${() => actions.react(line, emoji)}>
        <span>${emoji}</span> ${accounts.length}<span class="unseen"> ${accounts.map(names).join(', ')}</span></button>`)}</div>`}
    <div class="meta">${line.seq && kind !== 'gone' && kind !== 'unreadable' && html`<button type="button" class="more" aria-expanded=${open} aria-label=${t('more')} onClick=${() => setOpen(!open)}><${Icon} name="ellipsis" class="small" /></button>`}
      ${line.edited && html`<span>${t('edited')}</span>`}
      <time datetime=${new Date(line.at).toISOString()} title=${moment(line.at)}>${clock(line.at)}</time>
      ${mine && kind !== 'gone' && html`<${Ticks} line=${line} hub=${hub} sheet=${sheet} />`}</div>
    ${state === 'failed' && html`<div class="retry" role="status"><${Icon} name="circle-alert" class="small" />${t('not_sent')}
      <button type="button" class="linky" onClick=${() => actions.retry(line)}>${t('retry')}</button>
      <button type="button" class="linky" onClick=${() => actions.drop(line)}>${t('discard')}</button></div>`}
    ${state === 'held' && html`<div class="retry held"><${Icon} name="clock" class="small" />${t(`held_${line.reason}`)}</div>`}
    ${open && html`<${Menu} line=${line} actions=${actions} onClose=${() => setOpen(false)} />`}
  </div>`
}

/** @param {any} line */
function said(line) {
  if (line.kind === 'gone') return t(line.reason === 'deleted' ? 'deleted' : 'gone')
  if (line.kind === 'unreadable') return unreadable(line)
  if (line.kind === 'location') return t('a_place')
  if (line.kind === 'reference') return t('a_reference')
  return linked(line.text)
}

/** @param {any} line */
function unreadable({ reason, at }) {
  if (reason === 'no_key' && Date.now() - at < GRACE) return html`<span class="skeleton" aria-hidden="true">···</span>`
  return has(`unreadable_${reason}`) ? t(`unreadable_${reason}`) : t('unreadable_short')
}

/** @param {{line: any, hub: any, sheet: any}} props */
function Ticks({ line, hub, sheet }) {
  if (line.state === 'sending' || line.state === 'held') return html`<span class="tick" title=${t('sending')}><${Icon} name="clock" class="small" /><span class="unseen">${t('sending')}</span></span>`
  if (line.state === 'failed') return null
  const how = line.seq ? fate(sheet, hub.user, line.seq) : 'sent'
  return html`<span class=${`tick ${how}`} title=${t(`fate_${how}`)}><${Icon} name=${how === 'sent' ? 'check' : 'check-check'} class="small" /><span class="unseen">${t(`fate_${how}`)}</span></span>`
}

/** @param {{quoted: any, names: (account: string) => string, onGo: (seq: number) => void}} props */
const Quote = ({ quoted, names, onGo }) => quoted
  ? html`<button type="button" class="quote" onClick=${() => onGo(quoted.seq)}><strong>${names(quoted.author)}</strong><span>${quoted.text || t('gone')}</span></button>`
  : html`<p class="quote">${t('quote_missing')}</p>`

/** @param {{line: any, actions: any, onClose: () => void}} props */
function Menu({ line, actions, onClose }) {
  const then = (/** @type {() => any} */ work) => () => { onClose(); work() }
  const leave = (/** @type {KeyboardEvent} */ event) => { if (event.key === 'Escape') onClose() }
  return html`<div class="menu" role="group" aria-label=${t('more')} onKeyDown=${leave}>
    <div class="emojis">${EMOJIS.map((emoji) => html`<button type="button" aria-label=${t('react_with', { emoji })} onClick=${then(() => actions.react(line, emoji))}>${emoji}</button>`)}</div>
    <button type="button" onClick=${then(() => actions.reply(line))}><${Icon} name="reply" class="small" />${t('reply')}</button>
    ${line.kind === 'text' && html`<button type="button" onClick=${then(() => navigator.clipboard.writeText(line.text))}><${Icon} name="copy" class="small" />${t('copy')}</button>`}
    ${line.mine && line.kind === 'text' && html`<button type="button" onClick=${then(() => actions.edit(line))}><${Icon} name="pencil" class="small" />${t('edit')}</button>`}
    ${!line.mine && html`<button type="button" class="danger" onClick=${then(() => actions.report(line))}><${Icon} name="flag" class="small" />${t('report')}</button>`}
    ${line.mine && html`<button type="button" class="danger" onClick=${then(() => actions.remove(line))}><${Icon} name="trash-2" class="small" />${t('delete')}</button>`}
  </div>`
}
