"""Our own layer of encryption on push notices, under whatever the push service brings (realtime.md §8).

Push services see a size of three and a time: never text, room or thing.
"""

import secrets
import struct
from typing import Any

from nacl import bindings
from nacl.exceptions import CryptoError

from crypto.dkx import jcs
from crypto.dkx.error import JsonError, PushError
from crypto.dkx.primitive import pack

SIZES = (512, 1024, 2048)
"""Lengths of the padded notice."""
_MAGIC = b"\x41"
_HEADER, _NONCE, _TAG = 5, 24, 16
_LAYOUT = struct.Struct(">sI")
LENGTHS = frozenset(size + _HEADER + _NONCE + _TAG for size in SIZES)


def seal_push(key: bytes, key_id: int, notice: dict[str, Any]) -> bytes:
    """Seal a notice for the device that has the 32-byte ``key`` under this id; over 2,048 bytes: ``PushError``."""
    return _seal(key, key_id, notice, secrets.token_bytes(_NONCE))


def key_id_of(sealed: bytes) -> int:
    """Which key opens it."""
    if len(sealed) not in LENGTHS or sealed[:1] != _MAGIC:
        raise PushError("not a sealed notice")
    return int.from_bytes(sealed[1:_HEADER], "big")


def open_push(key: bytes, sealed: bytes) -> dict[str, Any]:
    """The notice, or ``PushError``: what does not open is shown as "something new", without words."""
    key_id_of(sealed)
    header, nonce, body = sealed[:_HEADER], sealed[_HEADER : _HEADER + _NONCE], sealed[_HEADER + _NONCE :]
    try:
        padded = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, header, nonce, key)
    except CryptoError as error:
        raise PushError("does not open") from error
    notice = padded.rstrip(b"\0")
    if _size(len(notice)) != len(padded):
        raise PushError("padded to another length than the smallest that fits")
    return _object(notice)


def _seal(key: bytes, key_id: int, notice: dict[str, Any], nonce: bytes) -> bytes:
    plaintext = jcs.write(notice)
    _object(plaintext)
    padded = plaintext.ljust(_size(len(plaintext)), b"\0")
    header = pack(_LAYOUT, _MAGIC, key_id)
    return header + nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, header, nonce, key)


def _size(length: int) -> int:
    size = next((size for size in SIZES if size >= length), None)
    if size is None:
        raise PushError("longer than 2,048 bytes")
    return size


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = jcs.parse_body(raw)
    except JsonError as error:
        raise PushError("no JSON in canonical form") from error
    if not isinstance(value, dict):
        raise PushError("not an object")
    return value
