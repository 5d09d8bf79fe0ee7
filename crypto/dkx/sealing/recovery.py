"""What opens a backup on a new device: a code of 24 characters, or words. Generated, shown once, typed back."""

import base64
import re
import secrets
import unicodedata
from functools import cache
from hmac import compare_digest
from importlib.resources import files
from typing import Final, Literal

from crypto.dkx.error import RecoveryCodeError

LANGUAGES: Final = ("de", "en")
CODE_BYTES = 15
"""120 bits: 24 characters of base32."""
MIN_WORDS = 7
"""Of 7,776 each: 90 bits, and every guess costs an Argon2id."""
_CODE = re.compile(r"[A-Z2-7]{24}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_MISREAD = str.maketrans("018", "OIB")


def generate_code() -> str:
    """A fresh code in six groups of four, as it is shown."""
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode("ascii")
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def generate_words(lang: Literal["de", "en"] = "de", count: int = MIN_WORDS) -> str:
    """Fresh words for people who would rather remember than copy."""
    if count < MIN_WORDS:
        raise RecoveryCodeError(f"fewer than {MIN_WORDS} words")
    return " ".join(secrets.choice(words(lang)) for _ in range(count))


def normal_code(typed: str) -> bytes:
    """What is hashed of a typed code: case, blanks and hyphens do not count, 0 is O, 1 is I, 8 is B."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed)).upper().translate(_MISREAD)
    if not _CODE.fullmatch(plain):
        raise RecoveryCodeError("not 24 letters and digits")
    return plain.encode("ascii")


def normal_words(typed: str) -> bytes:
    """What is hashed of typed words: NFKC, lower case, single blanks."""
    found = unicodedata.normalize("NFKC", typed).lower().split()
    if len(found) < MIN_WORDS:
        raise RecoveryCodeError(f"fewer than {MIN_WORDS} words")
    try:
        return " ".join(found).encode()
    except UnicodeEncodeError as error:
        raise RecoveryCodeError("not a text") from error


def is_typed_back(normal: bytes, typed: str) -> bool:
    """Whether the person, asked to type the code or the words back, has them; only then is a backup worth it."""
    for read in (normal_code, normal_words):
        try:
            if compare_digest(read(typed), normal):
                return True
        except RecoveryCodeError:
            continue
    return False


@cache
def words(lang: str) -> tuple[str, ...]:
    """The 7,776 words of a language."""
    text = files("crypto.dkx.sealing").joinpath("words", f"{lang}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if not line.startswith("#"))
