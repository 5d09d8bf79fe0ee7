"""Proof key for code exchange (RFC 7636), by SHA-256 alone: who redeems a code is who asked for it."""

import hashlib
import hmac
import re
import secrets
from typing import Final

from crypto import b64

METHOD: Final = "S256"
_BYTES: Final = 32
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def new_verifier() -> str:
    """256 random bits, as section 4.1 recommends."""
    return b64.encode(secrets.token_bytes(_BYTES))


def challenge_of(verifier: str) -> str:
    return b64.encode(hashlib.sha256(verifier.encode("ascii")).digest())


def is_challenge(text: str) -> bool:
    """Whether it can be the hash of anything."""
    return _CHALLENGE.fullmatch(text) is not None


def matches(challenge: str, verifier: str) -> bool:
    """Whether ``verifier`` is what was hashed, in constant time."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    return hmac.compare_digest(challenge_of(verifier), challenge)
