"""One SQLite file in a directory only its owner may enter, one process that writes it, one transaction per step.

SQLite is called from the event loop: a commit is one fsync of a few kilobytes, and the order of steps is the
guarantee this package sells.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from client.errors import NeighbourError, StoreInUse
from client.store.schema import STEPS

Row = sqlite3.Row


class Database:
    """``unclean`` tells that the last process did not close: it may have sent what it no longer knows."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self._lock = _lock(directory / "lock")
        self._connection = _open(directory / "store.sqlite3")
        self._depth, self._left = 0, False
        with self.transaction():
            self.unclean = self.meta("open") is not None
            self.set_meta("open", b"1")

    def close(self) -> None:
        """Leave cleanly, once; afterwards another process may open the directory."""
        if self._left:
            return
        with self.transaction():
            self.forget("open")
        self.abandon()

    def abandon(self) -> None:
        """Leave as a crash does: what was committed stays, the next start knows that this one did not end well."""
        if not self._left:
            self._left = True
            self._connection.close()
            os.close(self._lock)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when it ends; inside another transaction it is part of that one."""
        self._depth += 1
        try:
            if self._depth == 1:
                with _begun(self._connection):
                    yield
            else:
                yield
        finally:
            self._depth -= 1

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        return self._connection.execute(sql, values)

    def one(self, sql: str, *values: Any) -> Row | None:
        row: Row | None = self.execute(sql, *values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[Row]:
        return self.execute(sql, *values).fetchall()

    def meta(self, name: str) -> bytes | None:
        row = self.one("SELECT value FROM meta WHERE name = ?", name)
        return None if row is None else bytes(row["value"])

    def forget(self, *names: str) -> None:
        for name in names:
            self.execute("DELETE FROM meta WHERE name = ?", name)

    def erase(self) -> None:
        """Everything, as if this directory were new; the file itself is overwritten by SQLite's secure delete."""
        with self.transaction():
            for row in self.all("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
                self.execute(f"DELETE FROM {row['name']}")  # noqa: S608 - our own table names
            self.set_meta("open", b"1")

    def set_meta(self, name: str, value: bytes) -> None:
        self.execute(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value
        )


@contextmanager
def _begun(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _lock(path: Path) -> int:
    """Hold the file for this process; the kernel lets go of it even after kill -9."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreInUse(str(path.parent)) from error
    return handle


def _open(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(STEPS):
        connection.close()
        raise NeighbourError(f"{path} is of version {version}, this program knows {len(STEPS)}")
    for number, step in enumerate(STEPS[version:], version + 1):
        connection.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")
    return connection
