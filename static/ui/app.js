// The signed-in app: inbox and rooms. One engine for the page, whichever of them is shown.
import { startHub } from '../lib/hub.js'
import { Http } from '../lib/http.js'
import { HubRefused } from '../lib/errors.js'
import { html, render } from './vendor.js'
import { App } from './room/app.js'
import { Stopped } from './room/stopped.js'
import { loadWords } from './room/words.js'

const place = /** @type {HTMLElement} */ (document.getElementById('app'))

async function start() {
  await loadWords()
  const http = new Http()
  await http.token()
  const hub = await startHub({ http, user: http.user })
  place.replaceChildren()
  render(html`<${App} hub=${hub} />`, place)
}

start().catch((error) => {
  if (error instanceof HubRefused && error.kind === 'unauthenticated') {
    location.assign(`/signin?next=${encodeURIComponent(location.pathname)}`)
    return
  }
  place.replaceChildren()
  render(html`<${Stopped} error=${error} />`, place)
})
