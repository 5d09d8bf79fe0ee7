// What happened to a rental, in words: one sentence for each event of the log.
import { html } from '../vendor.js'
import { Icon } from '../parts.js'
import { clock } from '../say.js'
import { has, t } from '../words.js'

/** Bookkeeping that nobody needs to read. */
export const SILENT = new Set(['roster_changed', 'place_read', 'hold_extended'])

/** Who acted: you, the other by name, or nobody. @param {string} author @param {any} sheet @param {string} own */
function actor(author, sheet, own) {
  if (author === own) return 'you'
  return sheet?.members?.find((/** @type {any} */ { user }) => user === author)?.display_name ?? ''
}

/** @param {{type: string, author: string}} line @param {any} sheet @param {string} own */
export function eventWords({ type, author }, sheet, own) {
  const who = actor(author, sheet, own)
  if (who === 'you' && has(`ev_${type}_you`)) return t(`ev_${type}_you`)
  const name = who === 'you' ? t('you') : who || t('somebody')
  return has(`ev_${type}`) ? t(`ev_${type}`, { name }) : t('ev_other')
}

const ICONS = new Map([
  ['offer_accepted', 'handshake'], ['rental_booked', 'handshake'], ['rental_confirmed', 'handshake'], ['rental_handed_over', 'package-open'], ['rental_returned', 'package'],
  ['return_confirmed', 'circle-check'], ['rental_completed', 'circle-check'], ['rental_cancelled', 'x'], ['rental_declined', 'x'],
  ['rental_withdrawn', 'x'], ['damage_reported', 'triangle-alert'], ['rental_overdue', 'clock'], ['offer_expired', 'clock'],
])

/** @param {{line: any, sheet: any, own: string}} props */
export const EventLine = ({ line, sheet, own }) => html`
  <p class="eventline"><${Icon} name=${ICONS.get(line.type) ?? 'info'} class="small" /><span>${eventWords(line, sheet, own)}</span>
    <time datetime=${new Date(line.at).toISOString()}>${clock(line.at)}</time></p>`
