"""KEYPKT, what everyone may see of it: which device tells which other device the keys of a chain."""

import struct
from dataclasses import dataclass, field
from typing import Self

from crypto.dkx.error import KeyPacketError
from crypto.dkx.primitive import pack

HEADER = 108
SIZE = 276
_MAGIC = b"\x01\x20\x01"
_LAYOUT = struct.Struct(">3sB16s16s16s16sII32s")


@dataclass(frozen=True, slots=True)
class KeyPacket:
    """276 bytes: the header, then nonce and ciphertext, which only ``to_dev`` can open."""

    raw: bytes = field(repr=False)
    room: bytes
    from_dev: bytes
    to_dev: bytes
    chain: bytes
    spk_id: int
    opk_id: int
    """0 when no one-time prekey was used."""
    ephemeral: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the header strictly, or raise ``KeyPacketError``."""
        if len(raw) != SIZE:
            raise KeyPacketError("a key packet has 276 bytes")
        magic, flags, room, from_dev, to_dev, chain, spk_id, opk_id, ephemeral = _LAYOUT.unpack_from(raw)
        if magic != _MAGIC or flags > 1:
            raise KeyPacketError("unknown type, version, suite or flags")
        if spk_id < 1 or flags != (opk_id > 0):
            raise KeyPacketError("prekey ids do not fit the flags")
        return cls(raw, room, from_dev, to_dev, chain, spk_id, opk_id, ephemeral)

    @property
    def header(self) -> bytes:
        return self.raw[:HEADER]


def header(
    *, room: bytes, from_dev: bytes, to_dev: bytes, chain: bytes, spk_id: int, opk_id: int, ephemeral: bytes
) -> bytes:
    """The 108 bytes that are bound to the ciphertext; ``opk_id`` 0 means none."""
    return pack(_LAYOUT, _MAGIC, int(opk_id > 0), room, from_dev, to_dev, chain, spk_id, opk_id, ephemeral)
