"""The audit log: who used which right on whom, in a chain that nobody can mend unseen."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.ids import UserId


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was done. ``actor`` None: the hub or its operator; ``about`` are the people it concerns.

    ``target`` is an id of no person, ``detail`` a code or a number: never words of people, never an address.
    """

    act: str
    actor: UserId | None
    about: tuple[UserId, ...] = ()
    target: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """An entry as the person it concerns may read it; ``own``: they did it themselves."""

    at: datetime
    act: str
    own: bool
    target: str
    detail: str


class Audit(Protocol):
    """People stand in it by pseudonyms that are destroyed with their keys, so that an erasure breaks no chain."""

    async def note(self, note: Note) -> None: ...
    def concerning(self, user: UserId) -> AsyncIterator[Noted]:
        """What somebody did and what others did about them, oldest first."""
