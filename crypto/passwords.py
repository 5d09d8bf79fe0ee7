"""Passwords of accounts: Argon2id as OWASP ASVS 5.0 (App. C) asks. About 70 ms and 19 MiB each: bound the callers."""

import unicodedata

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)

DUMMY_HASH = "$argon2id$v=19$m=19456,t=2,p=1$Zxzw3rLm5w8LBXemtQAbDw$uT1e8vOnuufA3Bzznjr1SX+VqwN8cAZ1mi1Q/Tc8r38"
"""The hash of a password nobody knows: verify against it when there is no account, so that both take as long."""


def hash_password(password: str) -> str:
    """Hash with a fresh salt, in the PHC string format."""
    return _HASHER.hash(_normal(password))


def verify_password(stored: str, password: str) -> bool:
    """Whether the password is the one hashed; a stored text that is no Argon2 hash never is."""
    try:
        return _HASHER.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other costs than today's: hash again while the password is at hand."""
    return _HASHER.check_needs_rehash(stored)


def _normal(password: str) -> bytes:
    """NFKC (NIST SP 800-63B), because keyboards differ in how they compose the same letter; surrogates pass."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
