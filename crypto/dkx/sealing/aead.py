"""AE of e2ee.md §1, as formats carry it: a random nonce of 24 bytes, then XChaCha20-Poly1305-IETF."""

import secrets

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx.error import DkxError

NONCE = 24


def seal(key: bytes, plaintext: bytes, ad: bytes, nonce: bytes | None = None) -> bytes:
    """``nonce24 | AE(key, plaintext, ad)``; the nonce is random unless a vector names it."""
    nonce = secrets.token_bytes(NONCE) if nonce is None else nonce
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, ad, nonce, key)


def unseal(key: bytes, sealed: bytes, ad: bytes, refusal: type[DkxError]) -> bytes:
    """What ``seal`` sealed; anything else raises ``refusal``."""
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed[NONCE:], ad, sealed[:NONCE], key)
    except (CryptoError, ValueError, TypeError) as error:
        raise refusal("does not open") from error
