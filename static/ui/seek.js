// The search form: short addresses, and searching from where one is.
// A position is rounded to about a kilometre before it leaves the device.

const DECIMALS = 2

/** Leave out what is empty, and show the button for positions where the browser can tell them. */
export function enhanceSeek(root) {
  for (const form of root.querySelectorAll('form.seek')) form.addEventListener('submit', () => leaveOutEmpty(form))
  if (!navigator.geolocation) return
  for (const button of root.querySelectorAll('[data-locate]')) {
    button.hidden = false
    button.addEventListener('click', () => locate(button))
  }
}

function leaveOutEmpty(form) {
  const empty = [...form.elements].filter((field) => field.name && !field.value)
  for (const field of empty) field.disabled = true
  setTimeout(() => {
    for (const field of empty) field.disabled = false
  })
}

function locate(button) {
  const said = button.form.querySelector('[data-locate-said]')
  button.setAttribute('aria-busy', 'true')
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.form.elements.near.value = [coords.latitude, coords.longitude].map((at) => at.toFixed(DECIMALS)).join(',')
      button.form.requestSubmit()
    },
    () => {
      button.removeAttribute('aria-busy')
      said.textContent = button.dataset.refused
    },
    { maximumAge: 600_000, timeout: 10_000 },
  )
}
