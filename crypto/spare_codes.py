"""Spare codes: what lets somebody in once who has lost the second factor. Each has 80 random bits."""

import base64
import hashlib
import re
import secrets
from typing import Final

COUNT: Final = 10
_BYTES, _GROUP = 10, 4
_PERSON: Final = b"dk spare code"
_SEPARATORS = re.compile(r"[\s-]+")
_LOOKALIKES: Final = str.maketrans("018", "OIB")
"""RFC 4648 base32 has no 0, 1 and 8: whoever reads one meant the letter."""


def new_codes(count: int = COUNT) -> tuple[str, ...]:
    """Fresh codes like ``ABCD-EFGH-IJKL-MNOP``, to be shown once."""
    return tuple(_grouped(base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii")) for _ in range(count))


def code_hash(code: str) -> bytes:
    """What the hub stores of a code, however it was typed: 80 random bits need no slow hash."""
    plain = _SEPARATORS.sub("", code).upper().translate(_LOOKALIKES)
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=32, person=_PERSON).digest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))
