"""Who wants nothing more to do with whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.ids import UserId


@dataclass(frozen=True, slots=True)
class Block:
    """``user`` blocked ``blocked``, who is never told."""

    user: UserId
    blocked: UserId
    created_at: datetime


class Blocks(Protocol):
    """One document for each pair and direction; what a block does, it does both ways."""

    async def put(self, block: Block) -> None:
        """Keep it; again, it stays as it was."""

    async def remove(self, user: UserId, blocked: UserId) -> None: ...
    async def by(self, user: UserId) -> Sequence[Block]:
        """Newest first."""

    async def around(self, user: UserId) -> frozenset[UserId]:
        """Everybody whom ``user`` blocked or who blocked ``user``."""

    async def between(self, one: UserId, other: UserId) -> frozenset[UserId]:
        """Who of the two blocked the other."""
