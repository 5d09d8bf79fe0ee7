"""Erasing people: what may hinder it, the step that cannot be taken back, and what follows."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Protocol

from hub.ids import UserId
from hub.ports.audit import Note


class Erasures(Protocol):
    async def erase(self, user: UserId, note: Note, *, restored: bool = False) -> None:
        """Destroy the person's key, account and sign-ins, and take note of it, all in one.

        Conflict("erasure_blocked") while a rental or a case is open, unless a backup brought the person back
        (``restored``).
        """

    async def hindered(self, user: UserId) -> int:
        """Rentals that somebody else relies on: agreed, lent, or with a case that is not over."""

    async def remove_rest(self, user: UserId) -> None:
        """Delete what is left of somebody erased, and then that they are still to be found at all."""

    def unfinished(self) -> AsyncIterator[UserId]:
        """Those whose rest somebody began to remove, or was about to."""

    async def brought_back(self, pseudonyms: Collection[str]) -> Sequence[UserId]:
        """Those of the erased whom a restored backup holds again."""


class Retention(Protocol):
    """Ending terms; each call does what is due and answers how much that was."""

    async def empty_messages(self, closed_before: datetime) -> int:
        """Remove the ciphertext, and the key packets, of rooms whose rental ended before then; their places stay."""

    async def remove_rentals(self, closed_before: datetime) -> int:
        """Remove rentals that ended before then, with their rooms and everything in these."""

    async def forget_entries(self, before: datetime) -> int:
        """Of the audit log, whose chain then begins later."""
