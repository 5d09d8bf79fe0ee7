"""ENV, what everyone may see of it: the header, which the hub compares with what it was told outside."""

import struct
from dataclasses import dataclass
from typing import Self

from crypto.dkx.error import EnvelopeError
from crypto.dkx.primitive import h16, label, pack

HEADER = 104
COMMITTED = 72
"""The header up to the commitment: what the commitment covers of it."""
REGIONS = tuple(256 << n for n in range(9))
"""Sizes of the padded plaintext, 256 to 65536: all that a length tells."""
OVERHEAD = HEADER + 24 + 16 + 64
"""Header, nonce, authenticator and signature around the region."""
SIZES = frozenset(region + OVERHEAD for region in REGIONS)

_MAGIC = b"\x01\x10\x01\x00"
_LAYOUT = struct.Struct(">4s16s16s16sI16s32s")
_PLACE = struct.Struct(">4s16s16s16sI16s")
_ENVHASH = label("envhash")
_EVENTHASH = label("eventhash")


@dataclass(frozen=True, slots=True)
class EnvelopeHeader:
    """104 bytes: the place of a message in its sender's chain, its client id and its commitment."""

    room: bytes
    device: bytes
    chain: bytes
    index: int
    cid: bytes
    commit: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read exactly 104 bytes, or raise ``EnvelopeError``."""
        if len(raw) != HEADER:
            raise EnvelopeError("a header has 104 bytes")
        return cls._read(raw)

    @classmethod
    def of(cls, envelope: bytes) -> Self:
        """Read the header of a whole envelope, whose length must be one of ``SIZES``. On the hot path: one unpack."""
        if len(envelope) not in SIZES:
            raise EnvelopeError("no envelope has this length")
        return cls._read(envelope)

    @classmethod
    def _read(cls, raw: bytes) -> Self:
        magic, room, device, chain, index, cid, commit = _LAYOUT.unpack_from(raw)
        if magic != _MAGIC:
            raise EnvelopeError("unknown type, version, suite or flags")
        return cls(room, device, chain, index, cid, commit)

    def to_bytes(self) -> bytes:
        return pack(_LAYOUT, _MAGIC, self.room, self.device, self.chain, self.index, self.cid, self.commit)


def place(room: bytes, device: bytes, chain: bytes, index: int, cid: bytes) -> bytes:
    """The ``COMMITTED`` bytes that an envelope sent from there begins with: its header up to the commitment."""
    return _PLACE.pack(_MAGIC, room, device, chain, index, cid)


def envhash(envelope: bytes) -> bytes:
    """The 16-byte name of an envelope, by which replies, edits and histories refer to it."""
    return h16(_ENVHASH + envelope)


def after_event(event_hash: bytes) -> bytes:
    """The ``after_hash`` of a message whose predecessor in the log is an event."""
    return h16(_EVENTHASH + event_hash)
