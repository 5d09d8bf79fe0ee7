// How amounts, days and spans of time are said in the page's language.

const lang = () => document.documentElement.lang || 'de'
/** @type {Map<string, any>} */
const made = new Map()

/** @template T @param {string} name @param {() => T} make @returns {T} */
function kept(name, make) {
  const at = `${lang()} ${name}`
  if (!made.has(at)) made.set(at, make())
  return made.get(at)
}

/** @param {number} cents @param {string} [cur] */
export const money = (cents, cur = 'EUR') =>
  kept(cur, () => new Intl.NumberFormat(lang(), { style: 'currency', currency: cur })).format(cents / 100)

/** @param {number | string} at @param {string} [tz] */
export const clock = (at, tz) =>
  kept(`clock${tz}`, () => new Intl.DateTimeFormat(lang(), { hour: '2-digit', minute: '2-digit', timeZone: tz })).format(new Date(at))

/** Fr 11.9. @param {number | string} at @param {string} [tz] */
export const day = (at, tz) =>
  kept(`day${tz}`, () => new Intl.DateTimeFormat(lang(), { weekday: 'short', day: 'numeric', month: 'numeric', timeZone: tz })).format(new Date(at))

/** @param {number | string} at @param {string} [tz] */
export const moment = (at, tz) => `${day(at, tz)} ${clock(at, tz)}`

/** From and to, each with its time unless both are midnight. @param {string} start @param {string} end @param {string} [tz] */
export function period(start, end, tz) {
  const [from, to] = [clock(start, tz), clock(end, tz)]
  const midnight = (/** @type {string} */ time) => /^(00:00|24:00|12:00 AM)$/.test(time)
  if (midnight(from) && midnight(to)) return `${day(start, tz)} – ${day(Date.parse(end) - 1, tz)}`
  return `${moment(start, tz)} – ${day(start, tz) === day(end, tz) ? to : moment(end, tz)}`
}

const same = (/** @type {Date} */ a, /** @type {Date} */ b) => a.toDateString() === b.toDateString()

/** A day with its year: 27.11.2026. @param {number | string} at */
export const dated = (at) => kept('dated', () => new Intl.DateTimeFormat(lang(), { dateStyle: 'medium' })).format(new Date(at))

/** Today, yesterday, or the date. @param {number} at */
export function date(at) {
  const [then, now] = [new Date(at), new Date()]
  const relative = kept('relative', () => new Intl.RelativeTimeFormat(lang(), { numeric: 'auto' }))
  if (same(then, now)) return relative.format(0, 'day')
  if (same(then, new Date(Date.now() - 86_400_000))) return relative.format(-1, 'day')
  return kept('date', () => new Intl.DateTimeFormat(lang(), { weekday: 'long', day: 'numeric', month: 'long' })).format(then)
}

/** The time of today, else the day: for lists. @param {number} at */
export const brief = (at) => (same(new Date(at), new Date()) ? clock(at) : day(at))

/** How long until then: "in 23 Stunden". @param {number | string} at */
export function until(at) {
  const minutes = Math.round((new Date(at).getTime() - Date.now()) / 60_000)
  const relative = kept('relative', () => new Intl.RelativeTimeFormat(lang(), { numeric: 'auto' }))
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), 'hour')
  return relative.format(Math.round(minutes / 1440), 'day')
}

/** What a field for local times wants: 2026-07-04T10:00. @param {string} at */
export function localInput(at) {
  const then = new Date(at)
  return new Date(then.getTime() - then.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
