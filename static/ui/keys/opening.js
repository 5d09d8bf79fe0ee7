// What a passkey gives for the backup: asked of the authenticator in the tab where the person is.
import { prfInput } from '../../lib/dkx/backup.js'
import { DkxError } from '../../lib/dkx/error.js'
import { passkeySecret } from '../../lib/passkey.js'

/** DkxError('passkey_secretless') where the passkey or the browser cannot do it. @param {any} hub */
export async function backupSecret(hub) {
  const options = await hub.http.call('POST', '/v1/sessions/challenge', {})
  const secret = await passkeySecret(options, prfInput(hub.user))
  if (!secret) throw new DkxError('passkey_secretless', 'no secret came')
  return secret
}
