"""The list of the erased, kept outside the database: a restored backup brings nobody back (security.md §4)."""

import logging
import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

log = logging.getLogger("dorfkiste.erased")

NAME: Final = "erased"


class ErasedList:
    """Pseudonyms, one a line, only ever appended to; several processes may."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / NAME

    def read(self) -> frozenset[str]:
        """All of them; none where nobody was erased yet."""
        try:
            return frozenset(self.path.read_text(encoding="ascii").split())
        except FileNotFoundError:
            return frozenset()

    def add(self, pseudonyms: Collection[str]) -> None:
        """Write down those that are missing. What cannot be written now is told again by upkeep."""
        try:
            missing = set(pseudonyms) - self.read()
            if missing:
                self._append("".join(f"{pseudonym}\n" for pseudonym in sorted(missing)))
        except OSError as error:
            log.error("%s cannot be written: %s", self.path, error.strerror)  # noqa: TRY400 - the cause is all there is

    def _append(self, lines: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, lines.encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
