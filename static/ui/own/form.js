// What a listing consists of while it is written: an empty one, one made of a thing that is listed, and what is sent.
import { cents, euros } from '../amounts.js'

/** Prices in cents by the names of the tariff; '' where there is none. */
export const PRICES = ['hour', 'day', 'weekend', 'week', 'month']
/** Passed through unchanged from the thing that is edited: this form does not ask for them. */
const KEPT = ['tz', 'units', 'lang', 'translation', 'value', 'unit_labels']
const RULES = { lead_min: 0, horizon_days: 365, min_min: 60, max_days: 30, turnaround_min: 0, instant: false }

/** @param {string} lang */
export const emptyForm = (lang) => ({
  step: 0, photos: [], title: '', description: '', category: 'other', fields: {}, condition: 'good', accessories: '',
  safety: '', prices: { day: '' }, deposit: '', place: '', fresh: null, policy: 'flexible', prereqs: [], rules: RULES, kept: { lang },
})

/** @param {any} item as its owner sees it */
export const formOf = (item) => ({
  ...emptyForm(item.lang),
  photos: item.photos.map((/** @type {any} */ { id, sizes }) => ({ id, url: smallest(sizes) })),
  title: item.title, description: item.description, category: item.category, fields: item.fields, condition: item.condition,
  accessories: item.accessories.map((/** @type {any} */ one) => (one.qty > 1 ? `${one.qty} ${one.name}` : one.name)).join('\n'),
  safety: item.safety, policy: item.policy, prereqs: item.prereqs, rules: item.rules, place: item.place_id,
  prices: Object.fromEntries(PRICES.map((name) => [name, euros(item.tariff[name])])),
  deposit: item.tariff.deposit ? euros(item.tariff.deposit) : '',
  kept: { ...Object.fromEntries(KEPT.map((name) => [name, item[name]])), tariff: item.tariff, accessories: item.accessories },
})

/** @param {any[]} sizes */
export const smallest = (sizes) => [...sizes].sort((a, b) => a.width - b.width).find(({ width }) => width >= 300)?.url ?? sizes[0].url

/** What is wrong, by the id of its field: the key of the words. @param {any} form @returns {[string, string][]} */
export function faults(form) {
  const amounts = Object.entries({ ...form.prices, deposit: form.deposit }).filter(([, text]) => text.trim())
  return [
    ...(form.title.trim() ? [] : [['thing-title', 'need_title']]),
    ...(PRICES.some((name) => form.prices[name]?.trim()) ? [] : [['price-day', 'need_price']]),
    ...amounts.filter(([, text]) => Number.isNaN(cents(text))).map(([name]) => [name === 'deposit' ? 'price-deposit' : `price-${name}`, 'need_amount']),
    ...(form.place || placed(form.fresh) ? [] : [[form.fresh ? 'place-address' : 'place-new', 'need_place']]),
  ]
}

/** @param {any} fresh */
const placed = (fresh) => fresh && fresh.address.trim() && Number.isFinite(fresh.lat) && Number.isFinite(fresh.lon)

/** The body of the act. @param {any} form */
export function bodyOf(form) {
  const { tariff, accessories, ...kept } = form.kept
  const prices = Object.fromEntries(PRICES.map((name) => [name, form.prices[name]?.trim() ? cents(form.prices[name]) : null]))
  return {
    ...kept,
    title: form.title.trim(), description: form.description.trim(), category: form.category, fields: form.fields,
    condition: form.condition, accessories: listed(form.accessories, accessories ?? []), safety: form.safety.trim(),
    tariff: { ...tariff, ...prices, deposit: form.deposit.trim() ? cents(form.deposit) : 0 },
    policy: form.policy, prereqs: form.prereqs, rules: form.rules, media: form.photos.map((/** @type {any} */ { id }) => id),
    ...(form.place ? { place_id: form.place } : { place: { ...form.fresh, label: form.fresh.label.trim() || form.fresh.address.trim().slice(0, 80) } }),
  }
}

/** One accessory a line, "2 Spanngurte"; what was said of it before stays said. @param {string} text @param {any[]} before */
function listed(text, before) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const [, count, name] = /** @type {string[]} */ (line.match(/^(?:(\d{1,3})\s*(?:x|×)?\s+)?(.+)$/u))
    const known = before.find((one) => one.name === name)
    return { ...known, name, qty: Number(count ?? 1) }
  })
}
