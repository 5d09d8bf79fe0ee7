// Where a thing is: one of one's places, or another one; the exact spot stays with the hub until something is agreed.
import { html, useState } from '../vendor.js'
import { Field, Icon } from '../parts.js'
import { t } from '../words.js'

const EMPTY = { label: '', address: '', lat: NaN, lon: NaN }
/** "52.5201, 13.4049", as every map app copies it. */
const POINT = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/

/** @param {{places: any[], place: string, fresh: any, onPlace: (place: string) => void, onFresh: (fresh: any) => void}} props */
export function Place({ places, place, fresh, onPlace, onFresh }) {
  const choose = (/** @type {string} */ id) => { onPlace(id); onFresh(id ? null : EMPTY) }
  return html`<fieldset class="field"><legend class="label">${t('place_which')}</legend>
      ${places.map((one) => html`<label class="choice"><input type="radio" name="place" checked=${place === one.id} onChange=${() => choose(one.id)} /><span>${one.label}<span class="fine">${one.address}</span></span></label>`)}
      <label class="choice"><input id="place-new" type="radio" name="place" checked=${!place && fresh !== null} onChange=${() => choose('')} />${t('place_new')}</label></fieldset>
    ${!place && fresh && html`<${Fresh} fresh=${fresh} onChange=${onFresh} />`}
    <p class="notice"><${Icon} name="map-pin" /><span>${t('place_private')}</span></p>`
}

/** @param {{fresh: any, onChange: (fresh: any) => void}} props */
function Fresh({ fresh, onChange }) {
  const known = Number.isFinite(fresh.lat)
  const [text, setText] = useState(known ? `${fresh.lat}, ${fresh.lon}` : '')
  const [asking, setAsking] = useState('')
  function locate() {
    setAsking('place_asking')
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setAsking('')
      type(`${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`)
    }, () => setAsking('place_denied'), { enableHighAccuracy: true, timeout: 15_000 })
  }
  function type(/** @type {string} */ told) {
    setText(told)
    const found = told.match(POINT)
    onChange({ ...fresh, lat: Number(found?.[1] ?? NaN), lon: Number(found?.[2] ?? NaN) })
  }
  const input = (/** @type {string} */ name) => (/** @type {any} */ event) => onChange({ ...fresh, [name]: event.target.value })
  return html`<${Field} id="place-address" label=${t('place_address')}><input id="place-address" class="input" autocomplete="street-address" maxlength="400" value=${fresh.address} onInput=${input('address')} /></${Field}>
    <${Field} id="place-label" label=${t('place_label')} hint=${t('place_label_hint')}><input id="place-label" class="input" maxlength="80" value=${fresh.label} onInput=${input('label')} /></${Field}>
    ${'geolocation' in navigator && html`<button type="button" class="button" onClick=${locate}><${Icon} name="locate-fixed" />${t('place_locate')}</button>`}
    ${asking && html`<p role="status">${t(asking)}</p>`}
    <${Field} id="place-point" label=${t('place_point')} hint=${t('place_point_hint')}><input id="place-point" class="input" inputmode="text" maxlength="60" value=${text} aria-invalid=${Boolean(text) && !known} onInput=${(/** @type {any} */ event) => type(event.target.value)} /></${Field}>`
}
