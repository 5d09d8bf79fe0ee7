"""What the acts of notifications take on the wire."""

from api.asks.common import PageSize
from api.field import Id
from api.wire import Wire


class ListNotifications(Wire):
    after: Id | None = None
    limit: PageSize = 50


class ReadNotification(Wire):
    notification: Id
    older: bool = False
