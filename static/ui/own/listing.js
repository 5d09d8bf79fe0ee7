// Listing a thing in a few steps, each kept in this browser until it is published; and changing what is listed.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { Act, Field, Icon } from '../parts.js'
import { money } from '../say.js'
import { faultOf, t } from '../words.js'
import { cents } from '../amounts.js'
import { bodyOf, emptyForm, faults, formOf } from './form.js'
import { Kind } from './kind.js'
import { Photos } from './photos.js'
import { Place } from './place.js'
import { Prices, Terms } from './terms.js'
import { ownItem } from './items.js'

const STEPS = ['photos', 'what', 'price', 'where', 'check']
const CONDITIONS = ['new', 'very_good', 'good', 'worn']
const KEEP_AFTER = 400

/** @param {{hub: any, item?: string}} props */
export function Listing({ hub, item }) {
  const name = `listing/${item ?? 'new'}`
  const [form, setForm] = useState(/** @type {any} */ (null))
  const [known, setKnown] = useState(/** @type {any} */ (null))
  const [around, setAround] = useState(/** @type {any} */ (null))
  const [fault, setFault] = useState('')
  const [wrong, setWrong] = useState(/** @type {[string, string][]} */ ([]))
  const [done, setDone] = useState(/** @type {any} */ (null))
  const keeping = useRef(/** @type {any} */ (undefined))
  const heading = useRef(/** @type {HTMLElement | null} */ (null))
  async function load() {
    try {
      const [{ categories }, { places }] = await Promise.all([hub.http.call('GET', '/v1/categories'), hub.http.call('GET', '/v1/places')])
      const thing = item ? await ownItem(hub, item) : null
      setKnown(thing)
      setAround({ categories, places })
      const kept = hub.store.get(name)
      const fresh = thing ? formOf(thing) : { ...emptyForm(document.documentElement.lang), ...(places.length ? { place: places[0].id } : { fresh: { label: '', address: '', lat: NaN, lon: NaN } }) }
      setForm(kept && kept.rev === thing?.rev ? kept.form : fresh)
    } catch (error) {
      setFault(faultOf(error))
    }
  }
  useEffect(() => { load() }, [])
  function set(/** @type {any} */ changed) {
    setForm((/** @type {any} */ before) => {
      const after = { ...before, ...(typeof changed === 'function' ? changed(before) : changed) }
      clearTimeout(keeping.current)
      keeping.current = setTimeout(() => { hub.store.put(name, { rev: known?.rev, form: after }); hub.store.flush() }, KEEP_AFTER)
      return after
    })
  }
  function go(/** @type {number} */ step) {
    set({ step })
    setWrong([])
    requestAnimationFrame(() => heading.current?.focus())
  }
  async function publish() {
    const found = faults(form)
    setWrong(found)
    if (found.length) return requestAnimationFrame(() => document.getElementById('faults')?.focus())
    const body = bodyOf(form)
    const made = item ? await hub.http.call('PUT', `/v1/items/${item}`, { ...body, expected_rev: known.rev }) : await hub.http.call('POST', '/v1/items', body)
    clearTimeout(keeping.current)
    hub.store.remove(name)
    await hub.store.flush()
    setDone(made)
    requestAnimationFrame(() => document.getElementById('title')?.focus())
  }
  function discard() {
    clearTimeout(keeping.current)
    hub.store.remove(name)
    hub.store.flush()
    load().then(() => set({ step: 0 }))
  }
  if (done) return html`<${Done} item=${done} fresh=${!item} />`
  if (fault) return html`<div class="trouble"><h1 id="title" tabindex="-1">${t('list_title')}</h1><p role="alert">${fault}</p><button type="button" class="button" onClick=${() => { setFault(''); load() }}>${t('again')}</button></div>`
  if (!form || !around) return html`<h1 id="title" tabindex="-1">${t(item ? 'edit_title' : 'list_title')}</h1><div class="skeleton" aria-hidden="true"></div>`
  const step = STEPS[form.step] ?? STEPS[0]
  return html`<div class="listing stack">
    <h1 id="title" tabindex="-1">${t(item ? 'edit_title' : 'list_title')}</h1>
    <ol class="steps plain">${STEPS.map((one, n) => html`<li class=${n < form.step ? 'done' : ''} aria-current=${n === form.step ? 'step' : null}><button type="button" class="linky" onClick=${() => go(n)}>${t(`step_${one}`)}</button></li>`)}</ol>
    ${wrong.length > 0 && html`<${Faults} wrong=${wrong} onGo=${(/** @type {string} */ id) => go(stepOf(id))} />`}
    <section class="card stack" aria-labelledby="step-title"><h2 id="step-title" tabindex="-1" ref=${heading}>${t(`step_${step}_title`)}</h2>
      <${Step} hub=${hub} step=${step} form=${form} set=${set} around=${around} />
      <div class="row ends">${form.step > 0 && html`<button type="button" class="button" onClick=${() => go(form.step - 1)}>${t('step_back')}</button>`}
        ${step === 'check' ? html`<${Act} class="primary" icon="check" act=${publish}>${t(item ? 'save_changes' : 'publish')}</${Act}>` : html`<button type="button" class="button primary" onClick=${() => go(form.step + 1)}>${t('step_next')}</button>`}</div>
    </section>
    <p class="fine">${t('list_kept')} <button type="button" class="linky" onClick=${discard}>${t('list_discard')}</button></p>
  </div>`
}

/** Where the field of a fault stands. @param {string} id */
const stepOf = (id) => STEPS.indexOf(id.startsWith('thing') ? 'what' : id.startsWith('price') ? 'price' : 'where')

/** What is missing, on top, with a way to each. @param {{wrong: [string, string][], onGo: (id: string) => void}} props */
function Faults({ wrong, onGo }) {
  const go = (/** @type {Event} */ event, /** @type {string} */ id) => {
    event.preventDefault()
    onGo(id)
    setTimeout(() => document.getElementById(id)?.focus(), 100)
  }
  return html`<div class="faults" id="faults" tabindex="-1" role="alert"><h2>${t('faults')}</h2><ul class="plain">${wrong.map(([id, key]) => html`<li><a href=${`#${id}`} onClick=${(/** @type {Event} */ event) => go(event, id)}>${t(key)}</a></li>`)}</ul></div>`
}

/** @param {{hub: any, step: string, form: any, set: (changed: any) => void, around: any}} props */
function Step({ hub, step, form, set, around }) {
  switch (step) {
    case 'photos': return html`<${Photos} hub=${hub} photos=${form.photos} onChange=${(/** @type {any} */ change) => set((/** @type {any} */ before) => ({ photos: change(before.photos) }))} />`
    case 'what': return html`<${What} form=${form} set=${set} categories=${around.categories} />`
    case 'price': return html`<${Prices} form=${form} set=${set} /><${Terms} form=${form} set=${set} />`
    case 'where': return html`<${Place} places=${around.places} place=${form.place} fresh=${form.fresh} onPlace=${(/** @type {string} */ place) => set({ place })} onFresh=${(/** @type {any} */ fresh) => set({ fresh })} />`
    default: return html`<${Check} form=${form} around=${around} />`
  }
}

/** @param {{form: any, set: (changed: any) => void, categories: any[]}} props */
function What({ form, set, categories }) {
  const input = (/** @type {string} */ name) => (/** @type {any} */ event) => set({ [name]: event.target.value })
  return html`<${Field} id="thing-title" label=${t('thing_title')} hint=${t('thing_title_hint')}><input id="thing-title" class="input" maxlength="120" value=${form.title} onInput=${input('title')} /></${Field}>
    <${Kind} categories=${categories} form=${form} set=${set} />
    <${Field} id="thing-about" label=${t('thing_about')} hint=${t('thing_about_hint')}><textarea id="thing-about" class="input" rows="5" maxlength="8000" value=${form.description} onInput=${input('description')}></textarea></${Field}>
    <fieldset class="field"><legend class="label">${t('condition')}</legend>${CONDITIONS.map((name) => html`<label class="choice"><input type="radio" name="condition" checked=${form.condition === name} onChange=${() => set({ condition: name })} />${t(`condition_${name}`)}</label>`)}</fieldset>
    <${Field} id="thing-parts" label=${t('thing_parts')} hint=${t('thing_parts_hint')}><textarea id="thing-parts" class="input" rows="3" maxlength="3000" value=${form.accessories} onInput=${input('accessories')}></textarea></${Field}>
    <${Field} id="thing-safety" label=${t('thing_safety')} hint=${t('thing_safety_hint')}><textarea id="thing-safety" class="input" rows="2" maxlength="2000" value=${form.safety} onInput=${input('safety')}></textarea></${Field}>`
}

/** Everything once more before others see it. @param {{form: any, around: any}} props */
function Check({ form, around }) {
  const place = around.places.find((/** @type {any} */ { id }) => id === form.place) ?? form.fresh
  const day = cents(form.prices.day ?? '')
  const kind = around.categories.find((/** @type {any} */ { id }) => id === form.category)
  const lang = document.documentElement.lang === 'en' ? 'en' : 'de'
  const rows = [
    ['thing_title', form.title || '–'], ['kind', kind?.names[lang]], ['price_day', Number.isNaN(day) ? '–' : day === 0 ? t('for_free') : money(day)],
    ['price_deposit', form.deposit.trim() && !Number.isNaN(cents(form.deposit)) ? money(cents(form.deposit)) : t('none_of_it')],
    ['place_address', place?.address || '–'], ['instant', t(form.rules.instant ? 'yes' : 'no')], ['policy', t(`policy_${form.policy}`)],
  ]
  return html`${form.photos[0] ? html`<img class="checked" src=${form.photos[0].url} alt="" width="320" height="240" />` : html`<p class="notice"><${Icon} name="camera" /><span>${t('no_photo')}</span></p>`}
    <dl class="pairs">${rows.map(([key, value]) => html`<dt>${t(key)}</dt><dd>${value}</dd>`)}</dl>
    <p class="quiet">${t('check_text')}</p>`
}

/** @param {{item: any, fresh: boolean}} props */
const Done = ({ item, fresh }) => html`<section class="empty"><${Icon} name="circle-check" class="large" /><h1 id="title" tabindex="-1">${t(fresh ? 'listed' : 'saved')}</h1>
  <p>${t(fresh ? 'listed_text' : 'saved_text', { title: item.title })}</p>
  <p class="row"><a class="button primary" href=${`/i/${item.id}`}>${t('see_page')}</a><a class="button" href="/me">${t('own_things')}</a>${fresh && html`<a class="button" href="/i/new">${t('list_another')}</a>`}</p></section>`
