"""What waits for a person to look at it. Written only together with what causes it (``Transaction.notify``)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hub.ids import NotificationId, UserId
from hub.notice import Notification


class Notifications(Protocol):
    async def add(self, notification: Notification) -> None:
        """Keep one that belongs to no transaction; the same one twice is one."""

    async def page(self, user: UserId, after: NotificationId | None, limit: int) -> Sequence[Notification]:
        """Newest first; those older than ``after``."""

    async def unread(self, user: UserId, at_most: int) -> int: ...
    async def mark_read(self, user: UserId, notification: NotificationId, at: datetime, *, older: bool) -> bool:
        """Read, with ``older`` all that came before it, too; False when it is not theirs or not there."""
