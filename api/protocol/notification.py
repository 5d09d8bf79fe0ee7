"""Rows of the table: notifications."""

from typing import Final

from api.asks import notification as asks
from api.protocol.act import READ, WRITE, act
from api.views import notification as views
from hub.usecases import notifying

ACTS: Final = (
    act("notification:list", "GET /v1/notifications", asks.ListNotifications, notifying.list_notifications,
        ("member",), (READ,), views.notifications,
        "What happened to one's rentals, newest first, kept 180 days; ``unread`` counts to 1000."),
    act("notification:read", "POST /v1/notifications/{notification}/read", asks.ReadNotification,
        notifying.read_notification, ("member",), (WRITE,), views.unread,
        "Mark one as read, with ``older`` all before it, too; answers how many are unread now."),
)  # fmt: skip
