// Choosing, dropping and pasting files; pictures are made anew first, so that nothing the camera wrote goes along.
import { html, useRef, useState } from '../vendor.js'
import { Icon } from './parts.js'
import { faultOf, t } from './words.js'

const SIDE = 2560
const THUMB_SIDE = 480
const PICTURE = /^image\/(jpeg|png|webp)$/

/** @param {ImageBitmap} picture @param {number} most longer side @param {number} quality @returns {Promise<{blob: Blob, w: number, h: number} | null>} */
async function redrawn(picture, most, quality) {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/webp', quality) })
  return blob && { blob, w: canvas.width, h: canvas.height }
}

/** @param {File} file @returns {Promise<import('../../lib/files.js').Sending>} */
async function prepared(file) {
  if (!PICTURE.test(file.type)) return { blob: file, name: file.name }
  const picture = await createImageBitmap(file)
  const [whole, thumb] = [await redrawn(picture, SIDE, 0.85), await redrawn(picture, THUMB_SIDE, 0.7)]
  if (!whole) throw new Error('this browser cannot draw pictures')
  return { ...whole, name: whole.blob.type === file.type ? file.name : file.name.replace(/\.[^.]*$/, '') + ending(whole.blob.type), thumb: thumb?.blob }
}

/** @param {string} type */
const ending = (type) => (type === 'image/png' ? '.png' : '.webp')

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
