"""The hub as a witness: when a signature arrived, and which device list of its signer was the current one then."""

import struct
from collections.abc import Mapping
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


class NotaryRing:
    """The hub's notary through its life: ``seeds`` maps a key id to 32 bytes, the ``active`` one signs from now on."""

    def __init__(self, seeds: Mapping[str, bytes], active: str) -> None:
        notaries = {kid: Notary(seed) for kid, seed in seeds.items()}
        self._active = notaries.pop(active)
        self._retired = tuple(notaries.values())

    @property
    def public(self) -> bytes:
        """The key that bundles name today."""
        return self._active.public

    @property
    def retired(self) -> tuple[bytes, ...]:
        """Keys that it signed with before."""
        return tuple(notary.public for notary in self._retired)

    def witness(self, record: SignatureRecord, devlist: bytes, now_ms: int) -> NotaryRecord:
        """As ``Notary.witness``."""
        return self._active.witness(record, devlist, now_ms)

    def renewed(self, record: SignatureRecord, witnessed: NotaryRecord) -> NotaryRecord:
        """The same statement under today's key, if a key of this ring made it; else ``NotaryError``.

        A bundle names one notary: what was witnessed before a rotation is said again, with its own time.
        """
        for public in (self.public, *self.retired):
            try:
                witnessed.verify(public, record)
            except NotaryError:
                continue
            return witnessed if public == self.public else self.witness(record, witnessed.devlist, witnessed.ts)
        raise NotaryError("not signed by a key of this hub")


def _signed(record: SignatureRecord, devlist: bytes, ts: int) -> bytes:
    return pack(_SIGNED, record.hash, devlist, ts)
