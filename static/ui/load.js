// What a page shows of the hub: fetched, shown while it loads, and fetched again after each change.
import { html, useEffect, useState } from './vendor.js'
import { Icon } from './parts.js'
import { faultOf, t } from './words.js'

/**
 * `[found, again, state]`: what was fetched, how to fetch it anew, and what to draw while there is nothing.
 * @param {() => Promise<any>} fetch
 * @returns {[any, () => Promise<void>, any]}
 */
export function useLoaded(fetch) {
  const [found, setFound] = useState(/** @type {any} */ (null))
  const [fault, setFault] = useState('')
  async function again() {
    try {
      setFound(await fetch())
      setFault('')
    } catch (error) {
      setFault(faultOf(error))
    }
  }
  useEffect(() => { again() }, [])
  const waiting = fault
    ? html`<p class="notice danger" role="alert"><${Icon} name="circle-alert" /><span>${fault} <button type="button" class="linky" onClick=${again}>${t('again')}</button></span></p>`
    : html`<div class="skeleton" aria-hidden="true"></div>`
  return [found, again, found && !fault ? null : waiting]
}
