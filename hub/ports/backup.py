"""Backups: what is sealed under keys the hub never has."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from hub.backup import Backup
from hub.ids import UserId


class KeptEntry(NamedTuple):
    """An entry and its number, by which pages go on."""

    n: int
    raw: bytes


class Backups(Protocol):
    """One backup for each account. A write whose ``before`` is no longer what is kept raises StaleWrite."""

    async def get(self, account: UserId) -> Backup: ...
    async def replace(self, account: UserId, before: Backup, after: Backup) -> None:
        """Keep other blobs; entries of a generation before are dropped."""

    async def add(self, account: UserId, before: Backup, after: Backup, entries: Iterable[bytes]) -> None: ...
    async def page(self, account: UserId, after: int, limit: int) -> Sequence[KeptEntry]: ...
