"""The QR code that proves a handover or a return without typing: shown by the receiver, scanned by the giver."""

import struct
from enum import IntEnum
from typing import NamedTuple, Self

from crypto import b64
from crypto.dkx.error import HandoverError
from crypto.dkx.primitive import is_signing_key, pack

_PREFIX = "dk1h:"
_LAYOUT = struct.Struct(">B16sB16s32s")


class HandoverKind(IntEnum):
    HANDOVER = 1
    RETURN = 2


class HandoverCode(NamedTuple):
    """``secret`` is 16 random bytes made by the hub for this rental and kind, ``aik`` the identity of who shows it."""

    rental: bytes
    kind: HandoverKind
    secret: bytes
    aik: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scanned code, or raise ``HandoverError``."""
        raw = _decode(text)
        if len(raw) != _LAYOUT.size:
            raise HandoverError("another length")
        version, rental, kind, secret, aik = _LAYOUT.unpack(raw)
        if version != 1 or kind not in set(HandoverKind):
            raise HandoverError("unknown version or kind")
        if not is_signing_key(aik):
            raise HandoverError("no good identity key")
        return cls(rental, HandoverKind(kind), secret, aik)

    def text(self) -> str:
        """What the QR code holds."""
        return _PREFIX + b64.encode(pack(_LAYOUT, 1, *self))


def _decode(text: str) -> bytes:
    if not text.startswith(_PREFIX):
        raise HandoverError("not a handover code")
    try:
        return b64.decode(text.removeprefix(_PREFIX))
    except b64.Base64Error as error:
        raise HandoverError("not base64url") from error
