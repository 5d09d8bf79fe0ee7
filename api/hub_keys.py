"""The hub's key-encryption keys while it runs: read again when their file changes, and rotated."""

import asyncio
import base64
import fcntl
import os
import secrets
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from api.secrets import KEY_BYTES, KeyRing, read_ring
from crypto.fields import Keyring, Place
from storage.servers import StartupError

FILE: Final = "field_encryption"
SETTLE_S: Final = 20.0
"""Longer than anything that a worker has sealed with the old key needs to be stored or given up."""

Rewrap = Callable[[Keyring, str], Awaitable[int]]


class LiveKeys:
    """``storage.mongo.personal.HubKeys``: a worker that has been running since before a rotation follows it."""

    def __init__(self, path: Path, forbidden: int) -> None:
        self._path = path
        self._forbidden = forbidden
        self._mark = _mark(path)
        self._ring = _keyring(read_ring(path, forbidden))

    def seal(self, plaintext: bytes, place: Place) -> str:
        return self._current().seal(plaintext, place)

    def open(self, sealed: str, place: Place) -> bytes:
        return self._current().open(sealed, place)

    def is_current(self, sealed: str) -> bool:
        return self._current().is_current(sealed)

    def _current(self) -> Keyring:
        mark = _mark(self._path)
        if mark and mark != self._mark:
            self._ring, self._mark = _keyring(read_ring(self._path, self._forbidden)), mark
        return self._ring


async def rotate_keys(folder: Path, rewrap: Rewrap, settle_s: float = SETTLE_S) -> str:
    """Put a new key first, seal everything anew with it, then forget the old ones; answers the new key's id.

    Interrupted at any point it goes on where it was when it is called again: more than one key in the file means that
    a rotation is under way.
    """
    path = folder / FILE
    with _alone(folder):
        ring = read_ring(path)
        if len(ring.keys) == 1:
            kid = secrets.token_hex(4)
            ring = KeyRing({kid: secrets.token_bytes(KEY_BYTES), **ring.keys}, kid)
            _replace(path, ring)
        keys = _keyring(ring)
        await rewrap(keys, ring.active)
        await _settled(rewrap, keys, ring.active, settle_s)
        _replace(path, KeyRing({ring.active: ring.keys[ring.active]}, ring.active))
    return ring.active


async def _settled(rewrap: Rewrap, keys: Keyring, active: str, settle_s: float) -> None:
    """Return once every worker has followed and nothing is left that an old key sealed."""
    found = 1
    while found:
        await asyncio.sleep(settle_s)
        found = await rewrap(keys, active)


def _keyring(ring: KeyRing) -> Keyring:
    return Keyring(ring.keys, ring.active)


def _mark(path: Path) -> tuple[int, int] | None:
    """Changes when the file was replaced; None while it cannot be looked at."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _replace(path: Path, ring: KeyRing) -> None:
    """All of the new file or all of the old one, whatever happens."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        for kid, key in ring.keys.items():
            file.write(f"{kid} {base64.urlsafe_b64encode(key).rstrip(b'=').decode()}\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One rotation at a time."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise StartupError(f"The keys in {folder} are being rotated already", "Wait for it to end.") from error
    finally:
        os.close(descriptor)
