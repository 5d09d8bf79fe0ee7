"""The account's identity key (AIK) at rest: wrapped, while the device's own keys beside it are not.

Whoever copies the device's keys is thrown out with the next device list; whoever has the AIK *is* the account for
ever. It is needed only to name a new device-list key, so it is opened only then. With a passphrase a copied
directory does not give it away. Without one a key file wraps it: put that file on another medium, or know that the
wrap then protects a copy of the database alone.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path

from client.errors import NeighbourError
from crypto import b64
from crypto.fields import FieldError, Keyring, Place

SCRYPT = {"n": 2**16, "r": 8, "p": 1}
"""64 MiB and about 0.2 s (RFC 7914); from the standard library, so that the client needs no Argon2 package."""
_MEMORY = 128 * 2**20
_PLACE = Place("identity", "aik", "seed")


class WrongPassphrase(NeighbourError):
    """The identity key does not open with this passphrase or key file."""


def wrap(seed: bytes, passphrase: str | None, key_file: Path) -> bytes:
    """Seal the AIK's seed under a passphrase, or under ``key_file``, which is made if missing."""
    salt = secrets.token_bytes(16)
    key = _from_passphrase(passphrase, salt) if passphrase is not None else _from_file(key_file)
    kind = "passphrase" if passphrase is not None else "file"
    sealed = Keyring({"k1": key}, "k1").seal(seed, _PLACE)
    return json.dumps({"v": 1, "kind": kind, "salt": b64.encode(salt), **SCRYPT, "sealed": sealed}).encode()


def unwrap(wrapped: bytes, passphrase: str | None, key_file: Path) -> bytes:
    """Open what ``wrap`` made, or raise ``WrongPassphrase``."""
    stored = json.loads(wrapped)
    if stored["kind"] == "passphrase":
        key = _from_passphrase(passphrase or "", b64.decode(stored["salt"]))
    elif key_file.exists():
        key = key_file.read_bytes()
    else:
        raise WrongPassphrase(f"{key_file} is not there")
    try:
        return Keyring({"k1": key}, "k1").open(stored["sealed"], _PLACE)
    except FieldError as error:
        raise WrongPassphrase("does not open") from error


def _from_passphrase(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=32, maxmem=_MEMORY, **SCRYPT)


def _from_file(path: Path) -> bytes:
    if path.exists():
        return path.read_bytes()
    key = secrets.token_bytes(32)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key
