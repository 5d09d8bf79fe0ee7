"""What a key packet carries: a chain's start, told by its sender, or forwarded by another device of one's own."""

import struct
from dataclasses import dataclass, field
from typing import Self

from crypto.dkx.error import KeyPacketError
from crypto.dkx.primitive import is_signing_key, pack

SIZE = 128
_CHAIN = struct.Struct(">BI32s32s32sIIQI7s")
_FORWARD = struct.Struct(">BI32s32s32s16sQ3s")


@dataclass(frozen=True, slots=True)
class ChainBody:
    """Told by the sender: ``devlist`` is the (epoch, version) of its own list, ``created`` in ms since 1970."""

    start: int
    ck: bytes = field(repr=False)
    csk: bytes
    roster_hash: bytes
    devlist: tuple[int, int]
    created: int
    sent_before: int

    @classmethod
    def read(cls, raw: bytes) -> Self:
        _, start, ck, csk, roster_hash, epoch, version, created, sent_before, reserved = _CHAIN.unpack(raw)
        if any(reserved) or epoch < 1 or version < 1:
            raise KeyPacketError("reserved bytes set, or no device list")
        return cls(start, ck, csk, roster_hash, (epoch, version), created, sent_before)

    def to_bytes(self) -> bytes:
        keys = self.start, self.ck, self.csk, self.roster_hash
        return pack(_CHAIN, 1, *keys, *self.devlist, self.created, self.sent_before, bytes(7))


@dataclass(frozen=True, slots=True)
class ForwardBody:
    """Told by one's own other device, for a chain of ``owner_device``."""

    start: int
    ck: bytes = field(repr=False)
    csk: bytes
    roster_hash: bytes
    owner_device: bytes
    created: int

    @classmethod
    def read(cls, raw: bytes) -> Self:
        _, start, ck, csk, roster_hash, owner_device, created, reserved = _FORWARD.unpack(raw)
        if any(reserved):
            raise KeyPacketError("reserved bytes set")
        return cls(start, ck, csk, roster_hash, owner_device, created)

    def to_bytes(self) -> bytes:
        keys = self.start, self.ck, self.csk, self.roster_hash
        return pack(_FORWARD, 2, *keys, self.owner_device, self.created, bytes(3))


def parse(raw: bytes) -> ChainBody | ForwardBody:
    """Read an opened body strictly, or raise ``KeyPacketError``."""
    if len(raw) != SIZE or raw[0] not in {1, 2}:
        raise KeyPacketError("unknown body")
    body = ChainBody.read(raw) if raw[0] == 1 else ForwardBody.read(raw)
    if not is_signing_key(body.csk):
        raise KeyPacketError("no good chain signing key")
    return body
