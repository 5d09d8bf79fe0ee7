// How the pages look in this browser: language, colours, size of type. Kept in a cookie that the server reads, too.
import { html } from '../vendor.js'
import { t } from '../words.js'

const CHOICES = /** @type {[string, [string, string][]][]} */ ([
  ['lang', [['de', 'Deutsch'], ['en', 'English']]],
  ['theme', [['', 'theme_auto'], ['light', 'theme_light'], ['dark', 'theme_dark']]],
  ['size', [['s', 'size_s'], ['', 'size_m'], ['l', 'size_l'], ['xl', 'size_xl']]],
])

/** What is chosen now. @param {string} name */
function chosenOf(name) {
  const { lang, dataset } = document.documentElement
  return name === 'lang' ? lang : dataset[name] ?? ''
}

/** The form works as the one at the foot of every page: the page comes back as it was chosen. */
export const Appearance = () => html`<form class="card stack" method="post" action="/look" onChange=${(/** @type {any} */ event) => event.currentTarget.requestSubmit()}>
  <input type="hidden" name="back" value="/settings/appearance" />
  ${CHOICES.map(([name, offered]) => html`<fieldset class="field"><legend class="label">${t(`look_${name}`)}</legend>${offered.map(([value, word]) => html`
    <label class="choice"><input type="radio" name=${name} value=${value} checked=${chosenOf(name) === value} /><span lang=${name === 'lang' ? value : null}>${name === 'lang' ? word : t(word)}</span></label>`)}</fieldset>`)}
  <p class="fine">${t('look_here')}</p></form>`
