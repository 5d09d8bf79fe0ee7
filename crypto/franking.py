"""The hub's mark on a message it passed on, by which a later report proves who said it where (e2ee.md §8).

Who holds the frank key could forge such a mark: the operator is trusted here, a reporter is not.
"""

import hmac
import struct
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import NamedTuple

from crypto.dkx.envelope import HEADER
from crypto.dkx.primitive import ZEROS16, label

_FT = label("ft")
_PLACE = struct.Struct(">Q16sQ")
_BLOCK = 64
_INNER, _OUTER = 0x36, 0x5C

Digest = Callable[[bytes], bytes]


class Mark(NamedTuple):
    """``ft`` is 32 bytes, made with the key named ``kid``."""

    kid: str
    ft: bytes


class FrankRing:
    """Makes marks with the active key and checks them with any it holds; ``keys`` maps a key id to 32 bytes."""

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        self._digests = {kid: _hmac_sha256(key) for kid, key in keys.items()}
        self._kid = active
        self._digest = self._digests[active]

    def mark(self, header: bytes, seq: int, sender: bytes, recv_ms: int) -> Mark:
        """Mark the 104-byte header of an envelope that got ``seq`` from account ``sender`` at ``recv_ms``."""
        return Mark(self._kid, _tag(self._digest, header, seq, sender, recv_ms))

    def is_mine(self, mark: Mark, header: bytes, seq: int, sender: bytes, recv_ms: int) -> bool:
        """Whether this hub made the mark for exactly this header, place, sender and time."""
        digest = self._digests.get(mark.kid)
        return digest is not None and hmac.compare_digest(_tag(digest, header, seq, sender, recv_ms), mark.ft)


def _tag(digest: Digest, header: bytes, seq: int, sender: bytes, recv_ms: int) -> bytes:
    if len(header) != HEADER or len(sender) != len(ZEROS16):
        raise ValueError("a header has 104 bytes, an account id 16")
    return digest(_FT + header + _PLACE.pack(seq, sender, recv_ms))


def _hmac_sha256(key: bytes) -> Digest:
    """RFC 2104 under one key, its two pads hashed ahead: ``hmac`` takes twice as long, and every message is marked."""
    if len(key) > _BLOCK:
        raise ValueError("a key has at most 64 bytes")
    padded = key.ljust(_BLOCK, b"\0")
    inner, outer = (sha256(bytes(byte ^ pad for byte in padded)) for pad in (_INNER, _OUTER))

    def digest(message: bytes) -> bytes:
        within, around = inner.copy(), outer.copy()
        within.update(message)
        around.update(within.digest())
        return around.digest()

    return digest
