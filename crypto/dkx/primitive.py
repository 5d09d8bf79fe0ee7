"""The four primitives every DKX-1 format is made of: labels, BLAKE2b, Ed25519 verdicts, X25519 verdicts."""

import hashlib
import struct

from nacl import bindings
from nacl.exceptions import BadSignatureError, CryptoError

from crypto.dkx.error import DkxError

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SIGNATURE = 64
ZEROS16 = bytes(16)
ZEROS32 = bytes(32)
_ANY_SCALAR = b"\x01" * 32


def label(name: str) -> bytes:
    """``L(x)``: keeps a signature or hash made for one purpose from counting for another."""
    return b"DKv1:" + name.encode("ascii") + b"\0"


def pack(layout: struct.Struct, *values: object) -> bytes:
    """Write fields of exactly the layout's lengths: ``struct`` alone would cut or fill a wrong one silently."""
    try:
        raw = layout.pack(*values)
    except struct.error as error:
        raise DkxError("a field of another kind or out of range") from error
    if layout.unpack(raw) != values:
        raise DkxError("a field of another length")
    return raw


def h16(message: bytes, key: bytes = b"") -> bytes:
    """BLAKE2b of 16 bytes (RFC 7693), keyed if a key is given."""
    return hashlib.blake2b(message, digest_size=16, key=key).digest()


def h32(message: bytes, key: bytes = b"") -> bytes:
    """BLAKE2b of 32 bytes."""
    return hashlib.blake2b(message, digest_size=32, key=key).digest()


def h64(message: bytes, key: bytes = b"") -> bytes:
    """BLAKE2b of 64 bytes."""
    return hashlib.blake2b(message, digest_size=64, key=key).digest()


def is_signing_key(public: bytes) -> bool:
    """Whether 32 bytes are a canonical Ed25519 point of the prime-order subgroup and not the identity.

    Libraries differ on signatures by mixed-order keys; with this check at import they agree (e2ee.md §1).
    """
    return len(public) == bindings.crypto_core_ed25519_BYTES and bindings.crypto_core_ed25519_is_valid_point(public)


def is_box_key(public: bytes) -> bool:
    """Whether an X25519 public key agrees on something: points of small order give all zeros with any scalar."""
    if len(public) != bindings.crypto_scalarmult_BYTES:
        return False
    try:
        bindings.crypto_scalarmult(_ANY_SCALAR, public)
    except (CryptoError, ValueError):
        return False
    return True


def is_signed(public: bytes, purpose: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is ``Sig(public, purpose, message)``; ``purpose`` is a finished label.

    R is held to the same rule as keys, because not every library refuses torsion in it.
    """
    if len(signature) != SIGNATURE or not is_signing_key(signature[:32]):
        return False
    try:
        bindings.crypto_sign_open(signature + purpose + message, public)
    except (BadSignatureError, ValueError):
        return False
    return True
