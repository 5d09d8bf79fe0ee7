// News of the line to the hub, on top: offline, reconnecting, signed out elsewhere, a device that may not read.
import { html } from './vendor.js'
import { useHub, useTick } from './parts.js'
import { clock } from './say.js'
import { plural, t } from './words.js'

/** A line that is back so soon is not worth a word. */
const PATIENCE = 2000

/** @param {{hub: any}} props */
export function Strip({ hub }) {
  useHub(hub, (kind) => ['line', 'device', 'standing', 'changed'].includes(kind))
  useTick(1000)
  const { line, since, device } = hub.standing
  if (device === 'locked') return null
  if (line === 'ended') return html`<p class="strip" role="status">${t('ended')} <a href="/signin">${t('sign_in')}</a></p>`
  if (line === 'up' && hub.store.get('own')?.aikSeed && hub.rooms().length > 0 && location.pathname === '/inbox') return html`<p class="strip">${t('no_recovery')} <a href="/settings/devices">${t('code_make')}</a></p>`
  if (line === 'up' || Date.now() - since < PATIENCE) return null
  const waiting = hub.store.under('out/').filter((/** @type {any} */ [, out]) => !out.failed && out.acked === undefined).length
  return html`<p class="strip" role="status">${t(navigator.onLine ? 'reconnecting' : 'offline', { when: clock(since) })} ${waiting > 0 && plural('waiting', waiting)}</p>`
}
