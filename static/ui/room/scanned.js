// The code of a hand-over to be scanned, and the camera for it: the same proof as the digits, without reading them out.
import { html } from '../vendor.js'
import { b64u, equal, fromB64u } from '../../lib/dkx/bytes.js'
import { DkxError } from '../../lib/dkx/error.js'
import { handoverQr, parseHandoverQr } from '../../lib/dkx/handover.js'
import { Alarm } from '../../lib/errors.js'
import { Qr } from '../keys/qr.js'
import { Scan } from '../keys/scan.js'
import { t } from '../words.js'

/** @type {Record<string, number>} */
const KINDS = { hand_over: 1, return: 2 }

/** With the identity of who shows it, so that a code of somebody else is noticed. @param {{hub: any, deal: any, kind: string, secret: string}} props */
export const ShownCode = ({ hub, deal, kind, secret }) => html`<${Qr} label=${t('code_to_scan')}
  text=${handoverQr({ rental: deal.id, kind: KINDS[kind], secret: fromB64u(secret), aik: hub.store.get('own').aik })} />`

/** @param {{hub: any, deal: any, kind: string, onProof: (proof: {secret: string}) => Promise<void>}} props */
export function ScanCode({ hub, deal, kind, onProof }) {
  async function found(/** @type {string} */ text) {
    const said = parseHandoverQr(text)
    if (said.rental !== deal.id || said.kind !== KINDS[kind]) throw new DkxError('handover_code_invalid', 'of another rental or kind')
    const shower = deal.role === 'owner' ? deal.renter.id : deal.owner.id
    const { aik } = await hub.do('account', shower)
    if (!equal(aik, said.aik)) throw new Alarm('identity_changed', shower)
    await onProof({ secret: b64u(said.secret) })
  }
  return html`<${Scan} label=${t('scan_their_code')} onFound=${found} />`
}
