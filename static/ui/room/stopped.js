// What stands where the app could not start: what is safe, and one thing to do.
import { html } from '../vendor.js'
import { Icon } from '../parts.js'
import { faultOf, t } from '../words.js'

/** @param {{error: any}} props */
export const Stopped = ({ error }) => html`<div class="trouble">
  <${Icon} name="circle-alert" class="large" /><h1>${t('stopped')}</h1><p role="alert">${faultOf(error)}</p>
  <p><button type="button" class="button primary" onClick=${() => location.reload()}>${t('again')}</button></p></div>`
