"""The safety number two neighbours compare to know that nobody sits between them, in digits and as a QR text."""

import hashlib
import struct
from typing import NamedTuple, Self

from crypto import b64
from crypto.dkx.error import SafetyError
from crypto.dkx.primitive import is_signing_key, pack

_PREFIX = "dk1v:"
_LAYOUT = struct.Struct(">B16s32s16s32s")
_ROUNDS = 5199


class SafetyCode(NamedTuple):
    """Two identities as one side shows them: the one who shows first, the other second."""

    shower: bytes
    shower_aik: bytes
    other: bytes
    other_aik: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a scanned code, or raise ``SafetyError``."""
        raw = _decode(text)
        if len(raw) != _LAYOUT.size or raw[0] != 1:
            raise SafetyError("unknown version or length")
        code = cls._make(_LAYOUT.unpack(raw)[1:])
        if not (is_signing_key(code.shower_aik) and is_signing_key(code.other_aik)):
            raise SafetyError("no good identity key")
        return code

    def text(self) -> str:
        """What the QR code holds."""
        return _PREFIX + b64.encode(pack(_LAYOUT, 1, *self))

    def agrees(self, scanner: "SafetyCode") -> bool:
        """Whether the code just scanned (self) and the scanner's own say the same of both."""
        return self == SafetyCode(scanner.other, scanner.other_aik, scanner.shower, scanner.shower_aik)


def safety_number(account: bytes, aik: bytes, other: bytes, other_aik: bytes) -> str:
    """60 digits, the same on both sides; about 5 ms."""
    return "".join(sorted((_fingerprint(account, aik), _fingerprint(other, other_aik))))


def grouped(number: str) -> str:
    """Twelve groups of five, as people read them aloud."""
    return " ".join(number[i : i + 5] for i in range(0, len(number), 5))


def _fingerprint(account: bytes, aik: bytes) -> str:
    digest = hashlib.sha512(b"\x00\x01" + aik + account + aik).digest()
    for _ in range(_ROUNDS):
        digest = hashlib.sha512(digest + aik).digest()
    return "".join(f"{int.from_bytes(digest[i : i + 5], 'big') % 100_000:05d}" for i in range(0, 30, 5))


def _decode(text: str) -> bytes:
    if not text.startswith(_PREFIX):
        raise SafetyError("not a safety code")
    try:
        return b64.decode(text.removeprefix(_PREFIX))
    except b64.Base64Error as error:
        raise SafetyError("not base64url") from error
