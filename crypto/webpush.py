"""Encryption for the Web Push service, aes128gcm (RFC 8291 over RFC 8188): one record for one browser."""

import secrets
import struct

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crypto.dkx.error import PushError

RECORD_SIZE = 4096
MAX_PLAINTEXT = RECORD_SIZE - 86 - 16 - 1
"""Push services must take 4,096 bytes (RFC 8030 §7.2): header, tag and delimiter go off that."""
_HEAD = struct.Struct(">16sIB")
_LAST = b"\x02"


def encrypt(plaintext: bytes, p256dh: bytes, auth: bytes) -> bytes:
    """The body of the push request; ``p256dh`` (65 bytes) and ``auth`` (16) are the browser's subscription.

    Raises ``PushError`` for a subscription that no browser made, or a plaintext that is too long.
    """
    return _encrypt(plaintext, p256dh, auth, ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16))


def _encrypt(plaintext: bytes, p256dh: bytes, auth: bytes, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    if len(plaintext) > MAX_PLAINTEXT or len(auth) != 16:  # noqa: PLR2004 - RFC 8291 §3.2
        raise PushError("longer than one record, or a secret of another length")
    try:
        browser = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
        shared = own.exchange(ec.ECDH(), browser)
    except (ValueError, InvalidKey) as error:
        raise PushError("the subscription's key is no point of P-256") from error
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = _hkdf(shared, auth, b"WebPush: info\0" + p256dh + public, 32)
    key = _hkdf(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(secret, salt, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, plaintext + _LAST, None)
    return _HEAD.pack(salt, RECORD_SIZE, len(public)) + public + sealed


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
