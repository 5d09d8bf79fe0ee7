"""Passkeys, and the challenges by which they and devices prove themselves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from hub.ids import PasskeyId, UserId
from hub.passkey import Passkey

Removal = Literal["removed", "missing", "last"]
"""``last``: nothing was removed, because the person could not have signed in any more."""


class Challenges(Protocol):
    async def add(self, bound: str, challenge: bytes, expires_at: datetime) -> None:
        """Keep a challenge for one purpose, mostly of one session."""

    async def take(self, bound: str, challenge: bytes, now: datetime) -> bool:
        """True once, for a challenge of just this purpose that has not expired."""


class Passkeys(Protocol):
    async def add(self, passkey: Passkey) -> bool:
        """False when somebody has this credential already."""

    async def get(self, passkey: PasskeyId) -> Passkey | None: ...
    async def of(self, user: UserId) -> Sequence[Passkey]: ...
    async def use(self, passkey: PasskeyId, count: int, at: datetime, *, synced: bool) -> bool:
        """Note a use; False when the count did not go on, unless it never counts (0)."""

    async def rename(self, user: UserId, passkey: PasskeyId, name: str) -> bool: ...
    async def remove(self, user: UserId, passkey: PasskeyId) -> Removal: ...
