"""The hub as a witness: when a signature arrived, and which device list of its signer was the current one then."""

import struct
from dataclasses import dataclass, field
from typing import Self

from nacl import bindings

from crypto.dkx.error import NotaryError
from crypto.dkx.primitive import SIGNATURE, is_signed, is_signing_key, label, pack
from crypto.dkx.sigrec import SignatureRecord

SIZE = 104
_NOTARY = label("notary")
_LAYOUT = struct.Struct(">32sQ64s")
_SIGNED = struct.Struct(">32s32sQ")


@dataclass(frozen=True, slots=True)
class NotaryRecord:
    """104 bytes, ``dochash32 | ts8 | signature64``: the list current at ``ts``, the hub's time in milliseconds."""

    raw: bytes = field(repr=False)
    devlist: bytes
    ts: int

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes, or raise ``NotaryError``; the signature is ``verify``'s business."""
        if len(raw) != SIZE:
            raise NotaryError("a notary record has 104 bytes")
        devlist, ts, _ = _LAYOUT.unpack(raw)
        return cls(raw, devlist, ts)

    def verify(self, notary: bytes, record: SignatureRecord) -> None:
        """Check that the notary with this public key witnessed exactly this signature."""
        if not is_signing_key(notary):
            raise NotaryError("the notary's key is no good Ed25519 key")
        if not is_signed(notary, _NOTARY, _signed(record, self.devlist, self.ts), self.raw[-SIGNATURE:]):
            raise NotaryError("not signed by this notary")


class Notary:
    """Signs with the hub's notary key, from its 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self.public, self._secret = bindings.crypto_sign_seed_keypair(seed)

    def witness(self, record: SignatureRecord, devlist: bytes, now_ms: int) -> NotaryRecord:
        """Witness a verified signature at ``now_ms``; ``devlist`` is the dochash of its signer's list current now."""
        signature = bindings.crypto_sign(_NOTARY + _signed(record, devlist, now_ms), self._secret)[:SIGNATURE]
        return NotaryRecord.parse(pack(_LAYOUT, devlist, now_ms, signature))


def _signed(record: SignatureRecord, devlist: bytes, ts: int) -> bytes:
    return pack(_SIGNED, record.hash, devlist, ts)
