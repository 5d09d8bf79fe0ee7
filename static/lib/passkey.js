// Passkeys in a browser: the hub's options in, the fields of its acts out (WebAuthn level 3).

/** Whether this browser can do it. */
export const passkeysWork = () => typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential

/** Have the device make a passkey. @param {any} options as `passkey:offer` answers */
export async function makePasskey(options) {
  const made = await navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  })
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

/** @param {Credential | null} credential @returns {any} */
function told(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey')
  return credential.toJSON()
}
