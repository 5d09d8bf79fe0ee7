"""Base64url without padding (RFC 4648 §5), strict: one text for each byte string and no other."""

import binascii

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")
"""The plain alphabet's two odd characters are no part of this one."""


class Base64Error(ValueError):
    """The text is not the one canonical base64url form of any byte string."""

    code = "base64_invalid"


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read base64url; padding, other characters, blanks and set unused bits raise ``Base64Error``."""
    try:
        raw = text.encode("ascii")
        padded = raw.translate(_FROM_URL) + b"=" * (-len(raw) % 4)
        data = binascii.a2b_base64(padded, strict_mode=True)
    except (AttributeError, UnicodeEncodeError, binascii.Error) as error:
        raise Base64Error("not base64url") from error
    if b"=" in raw or _unused_bits(raw):
        raise Base64Error("padding, or unused bits are set")
    return data


def _unused_bits(raw: bytes) -> int:
    """The bits of the last character that hold no data: 4 of them in a rest of 2 characters, 2 in a rest of 3."""
    spare = {2: 0b1111, 3: 0b11}.get(len(raw) % 4, 0)
    return spare and _ALPHABET.index(raw[-1]) & spare
