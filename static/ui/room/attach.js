// Choosing, dropping and pasting files; pictures are made anew first, so that nothing the camera wrote goes along.
import { html, useRef, useState } from '../vendor.js'
import { redrawn } from '../../lib/picture.js'
import { Icon } from './parts.js'
import { faultOf, t } from './words.js'

const SIDE = 2560
const THUMB_SIDE = 480
const PICTURE = /^image\/(jpeg|png|webp)$/

/** @param {File} file @returns {Promise<import('../../lib/files.js').Sending>} */
async function prepared(file) {
  if (!PICTURE.test(file.type)) return { blob: file, name: file.name }
  const whole = await redrawn(file, SIDE, 0.85)
  if (!whole) throw new Error('this browser cannot draw the picture')
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
  async function add(/** @type {Iterable<File>} */ files) {
    setFaults([])
    for (const file of files) {
      stop.current = new AbortController()
      try {
        setSealing({ name: file.name, share: 0 })
        await hub.files.send(room, await prepared(file), (/** @type {number} */ share) => setSealing({ name: file.name, share }), stop.current.signal)
      } catch (error) {
        if (/** @type {any} */ (error).code !== 'cancelled') setFaults((all) => [...all, `${file.name}: ${faultOf(error)}`])
      }
    }
    setSealing(null)
  }
  const shown = html`${sealing && html`<div class="doing" role="status"><span>${t('sealing', { name: sealing.name, share: Math.floor(sealing.share * 100) })}</span>
      <progress aria-label=${t('sealing', { name: sealing.name, share: '' })} max="1" value=${sealing.share}></progress>
      <button type="button" class="round" aria-label=${t('cancel_this')} onClick=${() => stop.current?.abort()}><${Icon} name="x" class="small" /></button></div>`}
    ${faults.map((fault) => html`<p class="fault" role="alert"><${Icon} name="circle-alert" class="small" />${fault}</p>`)}`
  return [add, shown]
}

/** @param {{onFiles: (files: FileList) => void}} props */
export const AttachButton = ({ onFiles }) => html`<label class="round attach"><${Icon} name="paperclip" /><span class="unseen">${t('attach')}</span>
  <input type="file" multiple onChange=${(/** @type {any} */ event) => { onFiles([...event.target.files]); event.target.value = '' }} /></label>`
