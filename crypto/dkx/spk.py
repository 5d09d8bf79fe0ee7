"""SPK: a device's signed prekey, to which others agree while the device is away."""

import struct
from dataclasses import dataclass
from typing import Self

from crypto.dkx.document import Document
from crypto.dkx.error import SpkError, SpkForkError, SpkRollbackError
from crypto.dkx.primitive import DAY_MS, SIGNATURE, is_box_key, label, pack

MAGIC = b"\x01\x03"
LABEL = label("spk")
_LAYOUT = struct.Struct(">2s16sI32sQ64s")


@dataclass(frozen=True, slots=True)
class Spk(Document):
    """126 bytes; ``created`` in milliseconds since 1970."""

    device: bytes
    id: int
    public: bytes
    created: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``SpkError``; the signature is ``verify``'s business."""
        if len(raw) != _LAYOUT.size:
            raise SpkError("a signed prekey has 126 bytes")
        magic, device, spk_id, public, created, _ = _LAYOUT.unpack(raw)
        if magic != MAGIC:
            raise SpkError("unknown type or version")
        if spk_id < 1:
            raise SpkError("prekey ids start at 1")
        if not is_box_key(public):
            raise SpkError("no good X25519 key")
        return cls(raw, device, spk_id, public, created)

    def verify(self, dsk: bytes, now_ms: int) -> None:
        """Check the device's signature and that the prekey is not from the future (24 h of grace)."""
        if self.created > now_ms + DAY_MS:
            raise SpkError("made in the future")
        if not self.is_signed_by(dsk, LABEL):
            raise SpkError("not signed by the device")


def unsigned(device: bytes, spk_id: int, public: bytes, created: int) -> bytes:
    """The bytes a DSK signs."""
    return pack(_LAYOUT, MAGIC, device, spk_id, public, created, bytes(SIGNATURE))[:-SIGNATURE]


def check_successor(previous: Spk | None, new: Spk) -> None:
    """The newest prekey of a device wins; a lower id or an earlier time is refused, the same id has the same bytes."""
    if previous is None or new.raw == previous.raw:
        return
    if new.device != previous.device:
        raise SpkError("of another device")
    if new.id == previous.id:
        raise SpkForkError(f"two prekeys with id {new.id}")
    if new.id < previous.id or new.created < previous.created:
        raise SpkRollbackError(f"prekey {new.id} after {previous.id}")
