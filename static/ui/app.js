// The signed-in app: inbox, rooms, one's own things and settings. One engine for the page, whichever of them is shown.
import { startHub } from '../lib/hub.js'
import { Http } from '../lib/http.js'
import { HubRefused, Offline } from '../lib/errors.js'
import { html, render } from './vendor.js'
import { App } from './room/app.js'
import { Stopped } from './room/stopped.js'
import { hearKeys } from './shortcuts.js'
import { loadWords } from './words.js'

/** Whose browser this was when it was last known. */
const LAST = 'account'
const place = /** @type {HTMLElement} */ (document.getElementById('app'))

/** What draws an address; each loaded when it is wanted. @param {string} path */
async function shownAt(path) {
  if (path.startsWith('/settings')) return (await import('./settings/app.js')).Settings
  if (path.startsWith('/me') || path.startsWith('/i/')) return (await import('./own/app.js')).OwnSide
  return App
}

/** Whose browser this is: the hub says, or without a line what it said last. @param {Http} http */
async function whose(http) {
  try {
    await http.token()
    localStorage.setItem(LAST, http.user)
    return http.user
  } catch (error) {
    const last = localStorage.getItem(LAST)
    if (error instanceof Offline && last) return last
    if (!(error instanceof Offline)) localStorage.removeItem(LAST)
    throw error
  }
}

async function start() {
  await loadWords()
  const http = new Http()
  const user = await whose(http)
  const hub = await startHub({ http, user })
  hub.listen((kind) => { if (kind === 'forgotten') { localStorage.removeItem(LAST); location.reload() } })
  const Shown = await shownAt(location.pathname)
  place.replaceChildren()
  render(html`<${Shown} hub=${hub} />`, place)
  hearKeys()
  import('./badge.js').then(({ showUnread }) => showUnread(hub)).catch(() => {})
  import('./installed.js').then(({ install }) => install()).catch(() => {})
}

start().catch((error) => {
  if (error instanceof HubRefused && error.kind === 'unauthenticated') {
    location.assign(`/signin?next=${encodeURIComponent(location.pathname)}`)
    return
  }
  place.replaceChildren()
  render(html`<${Stopped} error=${error} />`, place)
})
