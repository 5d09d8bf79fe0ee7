// Writing down how the thing is when it changes hands; works without a network, and is brought to the hub later.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { newId } from '../../lib/device.js'
import { doLater, shotName } from '../../lib/pending.js'
import { redrawn } from '../../lib/picture.js'
import { CONDITIONS, giverOf, hashOf, packForTheWay, protocolsOf } from '../../lib/protocols.js'
import { writeTime } from '../../lib/when.js'
import { whole } from '../amounts.js'
import { Act, Field, Icon, Sheet } from '../parts.js'
import { t } from '../words.js'

const SIDE = 1600
const QUALITY = 0.86
const MOST_PHOTOS = 20
const MOST_LINES = 60

/** What one begins with: one's own unsealed words; at the return what was there at the hand-over; else the kit. @param {any} hub @param {any} deal @param {string} kind */
function beginning(hub, deal, kind) {
  const known = protocolsOf(hub.store, deal.room)
  const own = known.find((one) => one.by === deal.role && one.kind === kind && !one.sealed_at)
  if (own) return { ...own, lines: own.lines.map((/** @type {any} */ line) => ({ ...line })) }
  const before = kind === 'return' ? known.findLast((one) => one.kind === 'hand_over') : undefined
  const kit = (hub.store.get(`kit/${deal.id}`) ?? []).map((/** @type {any} */ { name, qty }) => ({ accessory: name, qty, found: qty, note: '' }))
  const lines = before ? before.lines.map((/** @type {any} */ line) => ({ ...line, qty: line.found, note: '' })) : kit
  return { id: newId(), condition: before?.condition ?? 'good', q: deal.q, meter: '', note: '', lines, photos: [], after: known.at(-1)?.id }
}

/** @param {{kind: string, hub: any, deal: any, onClose: () => void}} props */
export function Writing({ kind, hub, deal, onClose }) {
  const first = useRef(/** @type {any} */ (null))
  first.current ??= beginning(hub, deal, kind)
  const { id, photos, after } = first.current
  const [said, setSaid] = useState(() => ({ ...first.current }))
  const [shots, setShots] = useState(/** @type {{key: string, blob: Blob, url: string}[]} */ ([]))
  const [code, setCode] = useState('')
  const gives = giverOf(kind) === deal.role
  const may = deal.allowed_actions?.includes(kind)
  const [hands, setHands] = useState(gives && Boolean(may))
  const digits = code.replace(/\D/g, '')
  useEffect(() => { packForTheWay(hub, deal).catch(() => {}) }, [])
  const set = (/** @type {any} */ change) => setSaid((/** @type {any} */ all) => ({ ...all, ...change }))
  const typed = (/** @type {string} */ name) => (/** @type {any} */ event) => set({ [name]: event.target.value })

  async function add(/** @type {FileList} */ files) {
    for (const file of [...files].slice(0, MOST_PHOTOS - shots.length - photos.length)) {
      const picture = await redrawn(file, SIDE, QUALITY)
      if (picture) setShots((all) => [...all, { key: newId(), blob: picture.blob, url: URL.createObjectURL(picture.blob) }])
    }
  }
  async function keep() {
    const lines = said.lines.filter(({ accessory }) => accessory.trim()).map(clean)
    const proof = gives && digits ? { code: digits } : {}
    const words = { kind, made_at: writeTime(Date.now()), condition: said.condition, q: said.q, meter: text(said.meter), note: text(said.note), lines }
    const body = { ...words, photos: photos.map((/** @type {any} */ { media }) => media), ...(after ? { after } : {}), ...proof }
    for (const { key, blob } of shots) hub.store.put(shotName(deal.room, key), { bytes: new Uint8Array(await blob.arrayBuffer()), type: blob.type })
    // With new photos only the hub knows it: it keeps copies of its own making, and their hashes are part of it.
    const hash = shots.length ? undefined : hashOf({ ...words, photos, id, rental: deal.id, by: deal.role })
    const path = `/v1/rentals/${deal.id}`
    const deed = { title: `protocol_${kind}`, method: 'PUT', path: `${path}/protocols/${id}`, body, ...(hash ? { hash } : {}), ...(shots.length ? { shots: shots.map(({ key }) => ({ key })) } : {}) }
    await doLater(hub.store, deal.room, deed)
    if (hands) {
      const title = kind === 'hand_over' ? 'hand_over' : 'give_back'
      await doLater(hub.store, deal.room, { title, method: 'POST', path: `${path}/${kind}`, body: { cmd_id: newId(), ...proof } })
    }
    onClose()
  }
  const ready = !digits || digits.length === 6
  return html`<${Sheet} title=${t(`protocol_${kind}`)} onClose=${onClose}>
    <p>${t('protocol_text')}</p>
    <fieldset class="field"><legend class="label">${t('condition')}</legend>${CONDITIONS.map((name) => html`
      <label class="choice"><input type="radio" name="condition" checked=${said.condition === name} onChange=${() => set({ condition: name })} />${t(`condition_${name}`)}</label>`)}</fieldset>
    ${deal.q > 1 && html`<${Field} id="protocol-q" label=${t('term_units')}><input id="protocol-q" class="input" type="number" min="1" max=${deal.q} value=${said.q} onInput=${(/** @type {any} */ event) => set({ q: whole(event, 1, deal.q) })} /></${Field}>`}
    <${Lines} lines=${said.lines} onChange=${(/** @type {any[]} */ lines) => set({ lines })} />
    <${Field} id="protocol-meter" label=${t('meter')} hint=${t('meter_hint')}><input id="protocol-meter" class="input" maxlength="60" value=${said.meter} onInput=${typed('meter')} /></${Field}>
    <${Field} id="protocol-note" label=${t('note')}><textarea id="protocol-note" class="input" maxlength="2000" value=${said.note} onInput=${typed('note')}></textarea></${Field}>
    <${Shots} shots=${shots} kept=${photos.length} onAdd=${add} onDrop=${(/** @type {string} */ key) => setShots((all) => all.filter((one) => one.key !== key))} />
    ${gives && html`<${Field} id="protocol-code" label=${t(kind === 'hand_over' ? 'ask_code_renter' : 'ask_code_owner')} hint=${t('protocol_code_hint')}>
      <input id="protocol-code" class="input code" inputmode="numeric" autocomplete="off" maxlength="7" value=${code} onInput=${(/** @type {any} */ event) => setCode(event.target.value)} /></${Field}>`}
    ${gives && may && html`<label class="choice"><input type="checkbox" checked=${hands} onChange=${(/** @type {any} */ event) => setHands(event.target.checked)} />${t(`protocol_and_${kind}`)}</label>`}
    <p class="fine">${t('protocol_seen')}</p>
    <${Act} class="primary wide" disabled=${!ready} act=${keep}>${t('protocol_keep')}</${Act}>
  </${Sheet}>`
}

/** As the hub keeps it: the same signs make the same hash. @param {string} words */
const text = (words) => words.trim().normalize('NFC')

/** @param {any} line */
const clean = ({ accessory, qty, found, note }) => ({ accessory: text(accessory), qty, found, note: text(note) })

/** What goes with it: how many there should be, how many there are. @param {{lines: any[], onChange: (lines: any[]) => void}} props */
function Lines({ lines, onChange }) {
  const change = (/** @type {number} */ at, /** @type {any} */ to) => onChange(lines.map((line, n) => (n === at ? { ...line, ...to } : line)))
  return html`<fieldset class="field stack"><legend class="label">${t('kit')}</legend>
    ${lines.map((line, n) => html`<div class="kitrow" key=${n}>
      <input class="input name" maxlength="60" aria-label=${t('kit_name', { n: n + 1 })} value=${line.accessory} onInput=${(/** @type {any} */ event) => change(n, { accessory: event.target.value })} />
      <input class="input" type="number" min="0" max="999" aria-label=${t('kit_found', { name: line.accessory })} value=${line.found} onInput=${(/** @type {any} */ event) => change(n, { found: whole(event, 0, 999) })} />
      <span aria-hidden="true">/</span>
      <input class="input" type="number" min="0" max="999" aria-label=${t('kit_qty', { name: line.accessory })} value=${line.qty} onInput=${(/** @type {any} */ event) => change(n, { qty: whole(event, 0, 999) })} />
      <button type="button" class="round" aria-label=${t('kit_remove', { name: line.accessory })} onClick=${() => onChange(lines.filter((_, at) => at !== n))}><${Icon} name="x" class="small" /></button>
      ${line.found < line.qty && html`<input class="input note" maxlength="300" placeholder=${t('kit_note')} aria-label=${t('kit_note_of', { name: line.accessory })} value=${line.note} onInput=${(/** @type {any} */ event) => change(n, { note: event.target.value })} />`}</div>`)}
    ${lines.length < MOST_LINES && html`<p><button type="button" class="button compact" onClick=${() => onChange([...lines, { accessory: '', qty: 1, found: 1, note: '' }])}><${Icon} name="plus" class="small" />${t('kit_add')}</button></p>`}
  </fieldset>`
}

/** @param {{shots: {key: string, url: string}[], kept: number, onAdd: (files: FileList) => void, onDrop: (key: string) => void}} props */
const Shots = ({ shots, kept, onAdd, onDrop }) => html`<div class="field"><span class="label">${t('photos_of_it')}</span>
  ${kept > 0 && html`<p class="fine">${t('photos_kept', { n: kept })}</p>`}
  <div class="shots">${shots.map(({ key, url }, n) => html`<span class="shot" key=${key}><img src=${url} alt=${t('photo_nth', { n: n + 1 })} />
    <button type="button" class="round" aria-label=${t('photo_remove', { n: n + 1 })} onClick=${() => onDrop(key)}><${Icon} name="x" class="small" /></button></span>`)}
    ${shots.length + kept < MOST_PHOTOS && html`<label class="file small"><${Icon} name="camera" /><span class="fine">${t('photo_take')}</span>
      <input type="file" accept="image/*" capture="environment" multiple onChange=${(/** @type {any} */ event) => { onAdd(event.target.files); event.target.value = '' }} /></label>`}</div></div>`
