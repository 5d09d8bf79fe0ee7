// Pictures made smaller in the browser, and with that free of what the camera wrote into them: place, time, its number.

/** @typedef {{blob: Blob, width: number, height: number}} Picture */

/**
 * The picture drawn anew, its longer side at most `side` pixels; undefined where the browser cannot read it.
 * @param {Blob} file
 * @param {number} side
 * @param {number} quality
 * @returns {Promise<Picture | undefined>}
 */
export async function redrawn(file, side, quality) {
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, side / Math.max(picture.width, picture.height))
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality })
    const known = blob.type === 'image/webp' ? blob : await canvas.convertToBlob({ type: 'image/jpeg', quality })
    return { blob: known, width: canvas.width, height: canvas.height }
  } catch {
    return undefined
  }
}
