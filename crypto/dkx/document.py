"""What all signed documents share: they are kept as the bytes that were signed and named by their hash."""

from dataclasses import dataclass, field

from crypto.dkx.primitive import SIGNATURE, h32, is_signed, label

_DOCHASH = label("dochash")


def dochash(raw: bytes) -> bytes:
    """The 32-byte name of a document, signature included."""
    return h32(_DOCHASH + raw)


@dataclass(frozen=True, slots=True)
class Document:
    """Signed bytes; subclasses add the parsed fields and are made by their ``parse`` only."""

    raw: bytes = field(repr=False)

    @property
    def hash(self) -> bytes:
        return dochash(self.raw)

    def to_bytes(self) -> bytes:
        """The very bytes that were parsed."""
        return self.raw

    def is_signed_by(self, public: bytes, purpose: bytes) -> bool:
        return is_signed(public, purpose, self.raw[:-SIGNATURE], self.raw[-SIGNATURE:])
