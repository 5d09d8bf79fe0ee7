"""The hub's mark on a message it passed on, by which a later report proves who said it where (e2ee.md §8).

Who holds the frank key could forge such a mark: the operator is trusted here, a reporter is not.
"""

import hmac
import struct
from collections.abc import Mapping
from typing import NamedTuple

from crypto.dkx.envelope import HEADER
from crypto.dkx.primitive import ZEROS16, label

_FT = label("ft")
_PLACE = struct.Struct(">Q16sQ")


class Mark(NamedTuple):
    """``ft`` is 32 bytes, made with the key named ``kid``."""

    kid: str
    ft: bytes


class FrankRing:
    """Makes marks with the active key and checks them with any it holds; ``keys`` maps a key id to 32 bytes."""

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        self._keys = dict(keys)
        self._kid = active
        self._key = self._keys[active]

    def mark(self, header: bytes, seq: int, sender: bytes, recv_ms: int) -> Mark:
        """Mark the 104-byte header of an envelope that got ``seq`` from account ``sender`` at ``recv_ms``."""
        return Mark(self._kid, _tag(self._key, header, seq, sender, recv_ms))

    def is_mine(self, mark: Mark, header: bytes, seq: int, sender: bytes, recv_ms: int) -> bool:
        """Whether this hub made the mark for exactly this header, place, sender and time."""
        key = self._keys.get(mark.kid)
        return key is not None and hmac.compare_digest(_tag(key, header, seq, sender, recv_ms), mark.ft)


def _tag(key: bytes, header: bytes, seq: int, sender: bytes, recv_ms: int) -> bytes:
    if len(header) != HEADER or len(sender) != len(ZEROS16):
        raise ValueError("a header has 104 bytes, an account id 16")
    return hmac.digest(key, _FT + header + _PLACE.pack(seq, sender, recv_ms), "sha256")
