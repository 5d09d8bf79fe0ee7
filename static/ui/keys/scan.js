// Reading a code with the camera: by the browser's own reader where it has one, else by one that is loaded for it.
import { html, useEffect, useRef, useState } from '../vendor.js'
import { Act, Field } from '../parts.js'
import { t } from '../words.js'

const LOOK_EVERY = 200

/**
 * What a picture says, or nothing.
 * @returns {Promise<(picture: HTMLVideoElement) => Promise<string>>}
 */
async function reader() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector
  if (Detector && (await Detector.getSupportedFormats()).includes('qr_code')) {
    const detector = new Detector({ formats: ['qr_code'] })
    return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? ''
  }
  const { readQr } = await import('../../vendor/scan.js')
  const canvas = document.createElement('canvas')
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { willReadFrequently: true }))
  return async (picture) => {
    canvas.width = picture.videoWidth
    canvas.height = picture.videoHeight
    if (!canvas.width) return ''
    pen.drawImage(picture, 0, 0)
    const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height)
    return readQr(data, width, height)?.data ?? ''
  }
}

/**
 * The camera's picture until a code was read; where there is no camera, the text can be pasted.
 * @param {{label: string, onFound: (text: string) => Promise<any> | any}} props
 */
export function Scan({ label, onFound }) {
  const [camera, setCamera] = useState('asking')
  const [text, setText] = useState('')
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null))
  useEffect(() => {
    let ended = false
    /** @type {MediaStream | undefined} */
    let stream
    async function look() {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      const picture = video.current
      if (ended || !picture) return stop()
      picture.srcObject = stream
      await picture.play()
      setCamera('on')
      const read = await reader()
      while (!ended) {
        const found = await read(picture)
        if (found) {
          ended = true
          setCamera('found')
          setText(found)
          return stop()
        }
        await new Promise((resolve) => { setTimeout(resolve, LOOK_EVERY) })
      }
    }
    const stop = () => stream?.getTracks().forEach((track) => track.stop())
    if (navigator.mediaDevices) look().catch(() => setCamera('none'))
    else setCamera('none')
    return () => { ended = true; stop() }
  }, [])
  return html`<div class="stack">
    ${camera !== 'none' && html`<video class="camera" ref=${video} muted playsinline aria-label=${label} hidden=${camera === 'found'}></video>`}
    <p role="status">${t(`scan_${camera}`)}</p>
    <${Field} id="scan-text" label=${t('scan_text')} hint=${t('scan_text_hint')}><input id="scan-text" class="input" autocomplete="off" spellcheck="false" value=${text} onInput=${(/** @type {any} */ event) => setText(event.target.value.trim())} /></${Field}>
    <${Act} class="primary wide" disabled=${!text} act=${() => onFound(text)}>${t('scan_do')}</${Act}>
  </div>`
}
