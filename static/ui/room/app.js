// List and room side by side where there is space, one of them on a phone; the address says which room.
import { html, useEffect, useState } from '../vendor.js'
import { Later } from '../later.js'
import { Announcer } from './announcer.js'
import { RoomList } from './list.js'
import { Room } from './room.js'
import { useHub } from '../parts.js'
import { Strip } from '../strip.js'
import { t } from '../words.js'

const ROOM = /^\/r\/([0-9a-f]{32})$/

/** The room of an address, or none. @param {string} path */
export const roomOf = (path) => path.match(ROOM)?.[1] ?? ''

/** The entry of a room's log that an address names: once each time it is asked for. @param {string} hash */
const lineOf = (hash) => ({ seq: Number(hash.match(/^#e(\d+)$/)?.[1] ?? 0) })

/** @param {{hub: any}} props */
export function App({ hub }) {
  const [room, setRoom] = useState(roomOf(location.pathname))
  const [at, setAt] = useState(lineOf(location.hash))
  useHub(hub, (kind) => kind === 'device' || kind === 'standing')
  useEffect(() => {
    const follow = () => {
      setRoom(roomOf(location.pathname))
      setAt(lineOf(location.hash))
    }
    const click = (/** @type {MouseEvent} */ event) => {
      const link = /** @type {Element} */ (event.target).closest?.('a[href]')
      const href = link?.getAttribute('href') ?? ''
      const [path] = href.split('#')
      if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || (path !== '/inbox' && !roomOf(path))) return
      event.preventDefault()
      history.pushState(null, '', href)
      follow()
    }
    addEventListener('popstate', follow)
    document.addEventListener('click', click)
    return () => {
      removeEventListener('popstate', follow)
      document.removeEventListener('click', click)
    }
  }, [])
  useEffect(() => { document.getElementById('title')?.focus() }, [room])
  if (['locked', 'removed'].includes(hub.standing.device)) return html`<${Strip} hub=${hub} /><${Later} load=${() => import('../keys/unlock.js').then(({ Unlock }) => Unlock)} hub=${hub} />`
  return html`<${Strip} hub=${hub} />
    <div class=${`panes ${room ? 'in' : ''}`}>
      <section class="pane list" aria-label=${t('inbox')}><${RoomList} hub=${hub} chosen=${room} title=${html`<h1 id=${room ? null : 'title'} tabindex="-1">${t('inbox')}</h1>`} /></section>
      ${room ? html`<${Room} key=${room} hub=${hub} room=${room} at=${at} />` : html`<p class="pane none quiet">${t('choose')}</p>`}
    </div>
    <${Announcer} hub=${hub} room=${room} />`
}
