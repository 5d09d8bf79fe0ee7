// Days and what takes them: of one thing in one month, on the wall clock of whoever looks.
import { asMs } from '../../lib/when.js'

/** States in which a rental takes its days for sure. */
const TAKES = new Set(['confirmed', 'active'])

/** The first of a month as `2026-07`. @param {Date} day */
export const monthOf = (day) => `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}`

/** Midnights of the days of a month, and of the day after. @param {string} month @returns {Date[]} */
export function daysOf(month) {
  const [year, number] = month.split('-').map(Number)
  const days = []
  for (let day = new Date(year, number - 1, 1); day.getMonth() === number - 1; day = new Date(year, number - 1, day.getDate() + 1)) days.push(day)
  return days
}

/** @param {string} month @param {number} by */
export function beside(month, by) {
  const [year, number] = month.split('-').map(Number)
  return monthOf(new Date(year, number - 1 + by, 1))
}

/** @param {Date} day */
export const nextDay = (day) => new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1)

/** What a date field wants. @param {Date} day */
export const dateText = (day) => `${monthOf(day)}-${String(day.getDate()).padStart(2, '0')}`

/** Midnight of `2026-07-04`. @param {string} text */
export function dayOf(text) {
  const [year, month, day] = text.split('-').map(Number)
  return new Date(year, month - 1, day)
}

/** @param {{start: string, end: string}} one @param {Date} day */
const covers = ({ start, end }, day) => asMs(start) < nextDay(day).getTime() && asMs(end) > day.getTime()

/**
 * What stands on a day: a rental, one's own block, an open request, something else (another calendar), or nothing.
 * @param {{deals: any[], blocks: any[], full: any[]}} taken of one thing
 * @param {Date} day
 * @returns {{is: 'rental' | 'block' | 'asked' | 'full' | 'free', of?: any}}
 */
export function stateOf({ deals, blocks, full }, day) {
  const on = (/** @type {any} */ deal) => deal.offer && covers(deal.offer.terms, day)
  const rental = deals.find((deal) => TAKES.has(deal.state) && on(deal))
  if (rental) return { is: 'rental', of: rental }
  const block = blocks.find((one) => covers(one, day))
  if (block) return { is: 'block', of: block }
  const asked = deals.find((deal) => deal.state === 'negotiating' && on(deal))
  if (asked) return { is: 'asked', of: asked }
  return { is: full.some(({ s, e }) => covers({ start: s, end: e }, day)) ? 'full' : 'free' }
}
