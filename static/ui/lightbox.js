// Pictures over the whole screen: arrows, Escape, swipes; without scripts the links open the files themselves.

/** Let every link to a picture open the lightbox that the page brings along. */
export function enhancePictures(root) {
  const box = root.querySelector('dialog.lightbox')
  const links = [...root.querySelectorAll('a[data-picture]')]
  if (!box || links.length === 0) return
  const show = shower(box, links)
  for (const [index, link] of links.entries()) {
    link.addEventListener('click', (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      show(index)
      box.showModal()
    })
  }
  box.querySelector('[data-close]').addEventListener('click', () => box.close())
}

function shower(box, links) {
  const image = box.querySelector('img')
  let at = 0
  const show = (index) => {
    at = (index + links.length) % links.length
    image.src = links[at].href
    image.alt = links[at].querySelector('img').alt
    box.querySelector('[data-caption]').textContent = image.alt
    box.querySelector('[data-count]').textContent = `${at + 1} / ${links.length}`
  }
  for (const button of box.querySelectorAll('[data-step]')) {
    button.hidden = links.length < 2
    button.addEventListener('click', () => show(at + Number(button.dataset.step)))
  }
  box.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step) show(at + step)
  })
  swipes(image, (step) => show(at + step))
  return show
}

function swipes(image, turn) {
  let from = null
  image.addEventListener('pointerdown', (event) => {
    from = event.clientX
  })
  image.addEventListener('pointerup', (event) => {
    const moved = event.clientX - (from ?? event.clientX)
    if (Math.abs(moved) > 60) turn(moved < 0 ? 1 : -1)
    from = null
  })
}
