"""Personal data at rest: each field sealed with AES-256-GCM for its place, and looked up by a blind index.

The text form is ``v1|kid|nonce|ciphertext`` with base64url parts. The place (collection, field, document id) is
authenticated, so that a value copied into another person's document does not open there.
"""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crypto import b64

KEY_BYTES = 32
_VERSION = "v1"
_NONCE = 12
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


class FieldError(ValueError):
    """A sealed field that does not open: unknown key, another place, or changed bytes."""

    code = "field_unreadable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives; names hold letters, digits, ``_``, ``.`` and ``-`` only, so that they cannot be confused."""

    collection: str
    field: str
    id: str

    def __post_init__(self) -> None:
        if not all(_NAME.fullmatch(name) for name in (self.collection, self.field, self.id)):
            raise FieldError("a name with other characters")

    def to_bytes(self) -> bytes:
        return f"{self.collection}|{self.field}|{self.id}".encode("ascii")


class Keyring:
    """Seals with the active key and opens with any it holds; key ids are kept in the sealed text.

    Used twice: with the hub's own keys for the data key of each person, and with that person's key for their fields,
    so that destroying one data key erases one person.
    """

    def __init__(self, keys: Mapping[str, bytes], active: str) -> None:
        if active not in keys or not all(_NAME.fullmatch(kid) for kid in keys):
            raise FieldError("no such active key, or an odd key id")
        if any(len(key) != KEY_BYTES for key in keys.values()):
            raise FieldError("an AES-256 key has 32 bytes")
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self._active = active

    def seal(self, plaintext: bytes, place: Place) -> str:
        """Encrypt with a random nonce under the active key."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._ciphers[self._active].encrypt(nonce, plaintext, place.to_bytes())
        return "|".join((_VERSION, self._active, b64.encode(nonce), b64.encode(sealed)))

    def open(self, sealed: str, place: Place) -> bytes:
        """Decrypt, or raise ``FieldError``."""
        kid, nonce, ciphertext = _split(sealed)
        try:
            return self._ciphers[kid].decrypt(nonce, ciphertext, place.to_bytes())
        except KeyError as error:
            raise FieldError(f"no key {kid}") from error
        except InvalidTag as error:
            raise FieldError("changed, or of another place") from error

    def is_current(self, sealed: str) -> bool:
        """Whether the active key sealed it; if not, a rotation re-seals it."""
        return sealed.startswith(f"{_VERSION}|{self._active}|")


def new_key() -> bytes:
    """A fresh AES-256 key."""
    return secrets.token_bytes(KEY_BYTES)


def blind_index(key: bytes, field: str, value: str) -> bytes:
    """HMAC-SHA-256 by which an exact value is found without being stored; the caller has normalised ``value``."""
    return hmac.digest(key, f"{field}|{value}".encode(), "sha256")


def _split(sealed: str) -> tuple[str, bytes, bytes]:
    version, *parts = sealed.split("|")
    if version != _VERSION or len(parts) != 3:  # noqa: PLR2004 - kid, nonce, ciphertext
        raise FieldError("another format")
    try:
        kid, nonce, ciphertext = parts[0], b64.decode(parts[1]), b64.decode(parts[2])
    except b64.Base64Error as error:
        raise FieldError("not base64url") from error
    if len(nonce) != _NONCE or len(ciphertext) < 16:  # noqa: PLR2004 - the GCM tag
        raise FieldError("too short")
    return kid, nonce, ciphertext
