// The seal of a condition protocol: what was seen and photographed at a handover.
import { distinct } from './document.js'
import { demand } from './error.js'
import { canonical } from './jcs.js'
import { hash32 } from './primitive.js'

/** The order of its media says nothing. @param {{media: string[]} & Record<string, unknown>} protocol */
export function sealedHash(protocol) {
  const { media } = protocol
  const hashes = Array.isArray(media) && media.every((hash) => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash))
  demand(hashes && distinct(media), 'protocol_invalid', 'media are no different hashes')
  return hash32('protocol', canonical({ ...protocol, media: [...media].sort() }))
}
