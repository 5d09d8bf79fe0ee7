// One's own side of the village: what one lends, listing another thing, and the calendar over all of it.
import { html, useEffect, useState } from '../vendor.js'
import { Strip } from '../strip.js'
import { Calendar } from './calendar.js'
import { Listing } from './listing.js'
import { Own } from './things.js'

const EDIT = /^\/i\/([0-9a-f]{32})\/edit$/

/** @param {{hub: any}} props */
export function OwnSide({ hub }) {
  const [path, setPath] = useState(location.pathname)
  useEffect(() => {
    const follow = () => setPath(location.pathname)
    addEventListener('popstate', follow)
    return () => removeEventListener('popstate', follow)
  }, [])
  useEffect(() => { document.getElementById('title')?.focus() }, [path])
  const edited = path.match(EDIT)?.[1]
  return html`<${Strip} hub=${hub} />
    ${path === '/me' ? html`<${Own} hub=${hub} />`
      : path === '/me/calendar' ? html`<${Calendar} hub=${hub} />`
      : html`<${Listing} key=${path} hub=${hub} item=${edited} />`}`
}
