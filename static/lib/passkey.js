// Passkeys in a browser: the hub's options in, the fields of its acts out (WebAuthn level 3).

/** Whether this browser can do it. */
export const passkeysWork = () => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/** Have the device make a passkey, one that can open a backup where it is able to. @param {any} options as `passkey:offer` answers */
export async function makePasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const made = await navigator.credentials.create({ publicKey: { ...publicKey, extensions: { prf: {} } } })
  const { response } = told(made)
  return { client_data: response.clientDataJSON, attestation: response.attestationObject }
}

/** Have the device sign. @param {any} options as `passkey:challenge` or `session:challenge` answers */
export async function provePasskey(options) {
  const found = await navigator.credentials.get({
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
  })
  const { rawId, response } = told(found)
  return {
    credential: rawId,
    client_data: response.clientDataJSON,
    authenticator: response.authenticatorData,
    signature: response.signature,
    user_handle: response.userHandle ?? '',
  }
}

/**
 * A secret that only a passkey gives, always the same for the same input; undefined where it cannot (WebAuthn PRF).
 * @param {any} options as `session:challenge` answers
 * @param {any} input
 * @returns {Promise<Uint8Array<ArrayBuffer> | undefined>}
 */
export async function passkeySecret(options, input) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  const extensions = { prf: { eval: { first: input } } }
  const found = /** @type {any} */ (await navigator.credentials.get({ publicKey: { ...publicKey, extensions } }))
  const secret = found?.getClientExtensionResults().prf?.results?.first
  return secret && new Uint8Array(secret)
}

/** @param {Credential | null} credential @returns {any} */
function told(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey')
  return credential.toJSON()
}
