// Choosing, dropping and pasting files; pictures are made anew first, so that nothing the camera wrote goes along.
import { html, useRef, useState } from '../vendor.js'
import { redrawn } from '../../lib/picture.js'
import { Icon } from '../parts.js'
import { faultOf, t } from '../words.js'

const SIDE = 2560
const THUMB_SIDE = 480

/** @param {File} file */
const isPicture = ({ type }) => type.startsWith('image/') && type !== 'image/svg+xml'

/** A picture that this browser cannot draw stays as it is. @param {File} file @returns {Promise<import('../../lib/files.js').Sending>} */
async function prepared(file) {
  if (!isPicture(file)) return { blob: file, name: file.name }
  const whole = await redrawn(file, SIDE, 0.85)
  if (!whole) return { blob: file, name: file.name }
  const { blob, width: w, height: h } = whole
  const name = blob.type === file.type ? file.name : `${file.name.replace(/\.[^.]*$/, '')}.${blob.type.slice('image/'.length)}`
  return { blob, w, h, name, thumb: (await redrawn(blob, THUMB_SIDE, 0.7))?.blob }
}

/**
 * What is being sealed, and how to begin: `[add, shown]`.
 * @param {any} hub
 * @param {string} room
 * @returns {[(files: Iterable<File>) => Promise<void>, any]}
 */
export function useAttaching(hub, room) {
  const [sealing, setSealing] = useState(/** @type {{name: string, share: number} | null} */ (null))
  const [faults, setFaults] = useState(/** @type {string[]} */ ([]))
  const stop = useRef(/** @type {AbortController | null} */ (null))
  const [doubtful, setDoubtful] = useState(/** @type {File[]} */ ([]))
  async function add(/** @type {Iterable<File>} */ files, sure = false) {
    setFaults([])
    for (const file of files) {
      stop.current = new AbortController()
      try {
        setSealing({ name: file.name, share: 0 })
        const made = await prepared(file)
        if (made.blob === file && isPicture(file) && !sure) setDoubtful((all) => [...all, file])
        else await hub.files.send(room, made, (/** @type {number} */ share) => setSealing({ name: file.name, share }), stop.current.signal)
      } catch (error) {
        if (/** @type {any} */ (error).code !== 'cancelled') setFaults((all) => [...all, `${file.name}: ${faultOf(error)}`])
      }
    }
    setSealing(null)
  }
  const decide = (/** @type {File} */ file) => setDoubtful((all) => all.filter((one) => one !== file))
  const shown = html`${sealing && html`<div class="doing" role="status"><span>${t('sealing', { name: sealing.name, share: Math.floor(sealing.share * 100) })}</span>
      <progress aria-label=${t('sealing', { name: sealing.name, share: '' })} max="1" value=${sealing.share}></progress>
      <button type="button" class="round" aria-label=${t('cancel_this')} onClick=${() => stop.current?.abort()}><${Icon} name="x" class="small" /></button></div>`}
    ${doubtful.map((file) => html`<div class="notice warn"><${Icon} name="triangle-alert" /><div><p>${t('file_as_is', { name: file.name })}</p><p class="row">
      <button type="button" class="button compact" onClick=${() => { decide(file); add([file], true) }}>${t('send_as_is')}</button>
      <button type="button" class="button compact" onClick=${() => decide(file)}>${t('cancel_this')}</button></p></div></div>`)}
    ${faults.map((fault) => html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${fault}</p>`)}`
  return [add, shown]
}

/** Choosing files, and on what is held in the hand taking a photo. @param {{onFiles: (files: File[]) => void}} props */
export const AttachButton = ({ onFiles }) => html`<${Pick} icon="paperclip" label=${t('attach')} multiple=${true} onFiles=${onFiles} />
  <${Pick} icon="camera" class="in-hand" label=${t('attach_photo')} accept="image/*" capture="environment" onFiles=${onFiles} />`

/** @param {any} props */
const Pick = ({ icon, label, onFiles, class: more = '', ...how }) => html`<label class=${`round attach ${more}`} title=${label}><${Icon} name=${icon} /><span class="unseen">${label}</span>
  <input type="file" ...${how} onChange=${(/** @type {any} */ event) => { onFiles([...event.target.files]); event.target.value = '' }} /></label>`
