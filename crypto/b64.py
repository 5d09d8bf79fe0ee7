"""Base64url without padding (RFC 4648 §5), strict: one text for each byte string and no other."""

import base64
import binascii
import re

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


class Base64Error(ValueError):
    """The text is not the one canonical base64url form of any byte string."""

    code = "base64_invalid"


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url; padding, other characters, blanks and set unused bits raise ``Base64Error``."""
    if not _ALPHABET.fullmatch(text):
        raise Base64Error("a character outside the alphabet")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise Base64Error("no byte string has this length") from error
    if encode(data) != text:
        raise Base64Error("unused bits are set")
    return data
