"""Looking at one's notifications. They are written where what they tell of is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.account import Actor
from hub.errors import NotFound
from hub.ids import NotificationId
from hub.notice import Notification
from hub.ports import Ports

COUNTED: Final = 1000
"""More unread ones than this are not counted."""


@dataclass(frozen=True, slots=True)
class ListNotifications:
    after: NotificationId | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ReadNotification:
    """``older``: everything up to this one, so that what arrives meanwhile stays unread."""

    notification: NotificationId
    older: bool = False


@dataclass(frozen=True, slots=True)
class NotificationPage:
    notifications: Sequence[Notification]
    unread: int


async def list_notifications(ports: Ports, actor: Actor, command: ListNotifications) -> NotificationPage:
    """One's own, newest first; ``after`` the last one seen."""
    page = await ports.notifications.page(actor.user, command.after, command.limit)
    return NotificationPage(page, await ports.notifications.unread(actor.user, COUNTED))


async def read_notification(ports: Ports, actor: Actor, command: ReadNotification) -> int:
    """Mark one's own as read; answers how many are unread now."""
    at = ports.clock.now()
    if not await ports.notifications.mark_read(actor.user, command.notification, at, older=command.older):
        raise NotFound("notification_not_found")
    return await ports.notifications.unread(actor.user, COUNTED)
