"""Copies for the people concerned, while they are made and until they expire."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hub.export import Export
from hub.ids import ExportId, UserId


class Exports(Protocol):
    async def add(self, export: Export, key: bytes) -> None:
        """``key`` seals its bytes and is itself sealed with the person's key."""

    async def get(self, export: ExportId, user: UserId) -> Export | None: ...
    async def of(self, user: UserId) -> Sequence[Export]: ...
    async def key(self, export: Export) -> bytes: ...
    async def claim(self, now: datetime) -> Export | None:
        """One that is not ready and that nobody is at work on, held for some minutes and from then on by ``report``."""

    async def report(self, export: Export) -> None:
        """How far it is, or that it is ready."""

    async def expired(self, now: datetime) -> Sequence[Export]: ...
    async def remove(self, export: ExportId) -> None: ...
