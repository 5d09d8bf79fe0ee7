// What kind of thing it is, and what is said of things of that kind.
import { html } from '../vendor.js'
import { Field } from '../parts.js'
import { t } from '../words.js'

const lang = () => /** @type {'de' | 'en'} */ (document.documentElement.lang === 'en' ? 'en' : 'de')

/** @param {{categories: any[], form: any, set: (changed: any) => void}} props */
export function Kind({ categories, form, set }) {
  const chosen = categories.find(({ id }) => id === form.category)
  const field = (/** @type {string} */ id, /** @type {any} */ value) => {
    const { [id]: _, ...others } = form.fields
    set({ fields: value === '' || value === undefined ? others : { ...others, [id]: value } })
  }
  return html`<${Field} id="thing-kind" label=${t('kind')}><select id="thing-kind" class="input" value=${form.category} onChange=${(/** @type {any} */ event) => set({ category: event.target.value, fields: {} })}>
      ${categories.map(({ id, names, path }) => html`<option value=${id} selected=${id === form.category}>${'\u2003'.repeat(path.length - 1)}${names[lang()]}</option>`)}</select></${Field}>
    ${chosen?.fields.map((/** @type {any} */ one) => html`<${Trait} key=${one.id} field=${one} value=${form.fields[one.id]} onChange=${(/** @type {any} */ value) => field(one.id, value)} />`)}`
}

/** @param {{field: any, value: any, onChange: (value: any) => void}} props */
function Trait({ field, value, onChange }) {
  const id = `trait-${field.id}`
  const name = `${field.names[lang()]}${field.unit ? ` (${field.unit})` : ''}`
  if (field.kind === 'boolean') {
    return html`<label class="choice"><input id=${id} type="checkbox" checked=${value === true} onChange=${(/** @type {any} */ event) => onChange(event.target.checked || undefined)} />${name}</label>`
  }
  if (field.options.length > 0) {
    return html`<${Field} id=${id} label=${name}><select id=${id} class="input" value=${value ?? ''} onChange=${(/** @type {any} */ event) => onChange(event.target.value)}><option value="">${t('not_said')}</option>
      ${field.options.map((/** @type {any} */ one) => html`<option value=${one.id} selected=${one.id === value}>${one.names[lang()]}</option>`)}</select></${Field}>`
  }
  const whole = field.kind === 'integer'
  const read = (/** @type {any} */ event) => onChange(whole && event.target.value !== '' ? Math.round(Number(event.target.value)) : event.target.value)
  return html`<${Field} id=${id} label=${name}><input id=${id} class="input" type=${whole ? 'number' : 'text'} min=${whole ? field.min : null} max=${whole ? field.max : null} maxlength=${whole ? null : field.max ?? 200} value=${value ?? ''} onChange=${read} /></${Field}>`
}
