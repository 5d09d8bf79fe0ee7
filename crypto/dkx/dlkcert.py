"""DLKCERT: the account's identity key (AIK) names the key that signs device lists (DLK) of one epoch."""

import struct
from dataclasses import dataclass
from typing import Self

from crypto.dkx.document import Document
from crypto.dkx.error import DlkCertError, DlkCertForkError, DlkCertRollbackError
from crypto.dkx.primitive import DAY_MS, SIGNATURE, is_signing_key, label, pack

MAGIC = b"\x01\x01"
LABEL = label("dlkcert")
_LAYOUT = struct.Struct(">2s16sI32sQ64s")


@dataclass(frozen=True, slots=True)
class DlkCert(Document):
    """126 bytes; ``not_before`` in milliseconds since 1970."""

    account: bytes
    epoch: int
    dlk: bytes
    not_before: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``DlkCertError``; the signature is ``verify``'s business."""
        if len(raw) != _LAYOUT.size:
            raise DlkCertError("a DLKCERT has 126 bytes")
        magic, account, epoch, dlk, not_before, _ = _LAYOUT.unpack(raw)
        if magic != MAGIC:
            raise DlkCertError("unknown type or version")
        if epoch < 1:
            raise DlkCertError("epochs start at 1")
        if not is_signing_key(dlk):
            raise DlkCertError("the DLK is no good Ed25519 key")
        return cls(raw, account, epoch, dlk, not_before)

    def verify(self, aik: bytes, now_ms: int) -> None:
        """Check the identity key's signature and that the certificate is not from the future (24 h of grace)."""
        if self.not_before > now_ms + DAY_MS:
            raise DlkCertError("not valid yet")
        if not is_signing_key(aik) or not self.is_signed_by(aik, LABEL):
            raise DlkCertError("not signed by this identity")


def unsigned(account: bytes, epoch: int, dlk: bytes, not_before: int) -> bytes:
    """The bytes an AIK signs."""
    return pack(_LAYOUT, MAGIC, account, epoch, dlk, not_before, bytes(SIGNATURE))[:-SIGNATURE]


def check_successor(previous: DlkCert | None, new: DlkCert) -> None:
    """A new certificate has a higher epoch; the very same one again is fine, another of that epoch is a fork."""
    if previous is None or new.raw == previous.raw:
        return
    if new.account != previous.account:
        raise DlkCertError("of another account")
    if new.epoch == previous.epoch:
        raise DlkCertForkError(f"two certificates of epoch {new.epoch}")
    if new.epoch < previous.epoch:
        raise DlkCertRollbackError(f"epoch {new.epoch} after {previous.epoch}")
