// The sign-in page's script: what needs an authenticator is shown where there can be one, and its answer sent as a form.
import { makePasskey, passkeysWork, provePasskey } from './passkey.js'

const trouble = document.getElementById('passkey-trouble')

/** @param {HTMLFormElement} form */
async function ask(form) {
  const what = String(form.dataset.ask)
  const answer = await fetch(`/signin/ask/${what}`, { method: 'POST' })
  if (!answer.ok) return location.reload()
  const options = await answer.json()
  const fields = await (what === 'add' ? makePasskey(options) : provePasskey(options))
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    form.append(input)
  }
  form.submit()
}

for (const form of document.querySelectorAll('form[data-ask]')) {
  if (!(form instanceof HTMLFormElement)) continue
  if (!passkeysWork()) {
    form.remove()
    continue
  }
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (trouble) trouble.hidden = true
    ask(form).catch(() => {
      if (trouble) trouble.hidden = false
    })
  })
}
