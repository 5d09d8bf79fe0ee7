"""Sealed files on disk: on their way to the hub, or on their way from it. Nobody can read them without their message.

What goes out is sealed once and sent from here, so that a resumed upload never seals another plaintext under the same
key, whatever has become of the original.
"""

import os
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO


class Spool:
    def __init__(self, directory: Path) -> None:
        self._out, self._in, self._new = directory / "outgoing", directory / "incoming", directory / "sealing"
        for folder in (self._out, self._in, self._new):
            folder.mkdir(mode=0o700, exist_ok=True)
        _clear(self._new)

    def sealing(self, file: str) -> Path:
        """Where a file is sealed; what a crash left there is removed at the next start."""
        return self._new / file

    def outgoing(self, file: str) -> Path:
        return self._out / file

    def incoming(self, file: str) -> Path:
        return self._in / file

    def keep_outgoing(self, files: Collection[str]) -> None:
        """Remove what went out or never will."""
        _clear(self._out, files)

    def clear(self) -> None:
        for folder in (self._out, self._in, self._new):
            _clear(folder)


def _clear(folder: Path, but: Collection[str] = ()) -> None:
    for path in folder.iterdir():
        if path.name not in but:
            path.unlink(missing_ok=True)


def create(path: Path, *, append: bool = False) -> BinaryIO:
    """Open for writing, for its owner's eyes only."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if append else os.O_TRUNC)
    return os.fdopen(os.open(path, flags, 0o600), "ab" if append else "wb")


def settle(file: BinaryIO) -> None:
    """On disk when this returns."""
    file.flush()
    os.fsync(file.fileno())
