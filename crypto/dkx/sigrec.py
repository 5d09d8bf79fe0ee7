"""SIGREC: one party's signature under an agreement, made by one of its devices."""

import struct
from dataclasses import dataclass, field
from typing import Self

from crypto.dkx.agreement import Agreement
from crypto.dkx.devlist import DevList
from crypto.dkx.error import SignatureRecordError
from crypto.dkx.primitive import SIGNATURE, h32, is_signed, label, pack
from crypto.dkx.roster import Role

SIZE = 137
LABEL = label("agree")
_SIGREC = label("sigrec")
_LAYOUT = struct.Struct(">B16s16sQ32s64s")


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """137 bytes; ``signed_at`` in milliseconds since 1970 by the signer's clock."""

    raw: bytes = field(repr=False)
    role: Role
    account: bytes
    device: bytes
    signed_at: int
    digest: bytes

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``SignatureRecordError``; the signature is ``verify``'s business."""
        if len(raw) != SIZE:
            raise SignatureRecordError("a signature record has 137 bytes")
        role, account, device, signed_at, digest, _ = _LAYOUT.unpack(raw)
        if role not in {Role.RENTER, Role.OWNER}:
            raise SignatureRecordError("neither renter nor owner")
        return cls(raw, Role(role), account, device, signed_at, digest)

    @property
    def hash(self) -> bytes:
        """What the notary signs of it."""
        return h32(_SIGREC + self.raw)

    def verify(self, agreement: Agreement, signer: DevList) -> None:
        """Check that the party of this role signed this document with a device of the verified list ``signer``."""
        party = agreement.parties[self.role]
        if self.digest != agreement.digest or self.account != party.account:
            raise SignatureRecordError("of another document, or of another account than its party")
        device = signer.device(self.device)
        if signer.account != self.account or device is None:
            raise SignatureRecordError("the signing device is not in this list")
        if not is_signed(device.dsk, LABEL, self.raw[:-SIGNATURE], self.raw[-SIGNATURE:]):
            raise SignatureRecordError("not signed by the device it names")


def unsigned(role: Role, account: bytes, device: bytes, signed_at: int, digest: bytes) -> bytes:
    """The bytes a DSK signs."""
    return pack(_LAYOUT, role, account, device, signed_at, digest, bytes(SIGNATURE))[:-SIGNATURE]
