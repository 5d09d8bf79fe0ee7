// The app's words in the page's language, with plurals; and what a refusal means.
import { HubRefused, Offline } from '../lib/errors.js'

/** @type {{words: Record<string, string>, errors: Record<string, string>, lines: Record<string, string>}} */
let catalogue = { words: {}, errors: {}, lines: {} }

/** Fetches the catalogue that the page names; kept by the browser for ever, as its address changes with it. */
export async function loadWords() {
  const answer = await fetch(String(document.body.dataset.words))
  catalogue = await answer.json()
}

/** @param {string} key */
export const has = (key) => Object.hasOwn(catalogue.words, key)

/** @param {string} key @param {Record<string, any>} [values] */
export function t(key, values = {}) {
  const words = catalogue.words[key] ?? key
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}

/** Words for so many: `key_one`, `key_other`. @param {string} key @param {number} n */
export function plural(key, n) {
  const form = new Intl.PluralRules(document.documentElement.lang || 'de').select(n)
  return t(has(`${key}_${form}`) ? `${key}_${form}` : `${key}_other`, { n })
}

/** The person closed what was asked of them: nothing went wrong. */
export class GivenUp extends Error {}

/** What went wrong and what to do, for people; empty where nothing did. @param {any} error */
export function faultOf(error) {
  if (error instanceof GivenUp) return ''
  if (error instanceof Offline) return t('fault_offline')
  if (error instanceof HubRefused) return errorOf(error.code)
  if (has(`fault_${error?.code}`)) return t(`fault_${error.code}`)
  if (has(`held_${error?.code}`)) return t(`held_${error.code}`)
  if (error?.name === 'NotReady') return t(error.message === 'locked' ? 'device_locked' : 'held_no_device')
  return t('fault_other')
}

/** What a refusal means. @param {string} code */
export const errorOf = (code) => catalogue.errors[code] ?? t('fault_other')

/** What a line of a price is for: "2 × Tag". @param {{code: string, n: number}} line */
export function lineWord(line) {
  const word = catalogue.lines[line.code] ?? line.code
  return line.n > 1 ? `${line.n} × ${word}` : word
}
