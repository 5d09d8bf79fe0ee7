"""What people see of their notifications."""

from api.views.common import View
from hub.usecases.notifying import NotificationPage
from hub.usecases.telling import notification_item


def notifications(page: NotificationPage) -> View:
    return {"notifications": [notification_item(one) for one in page.notifications], "unread": page.unread}


def unread(count: int) -> View:
    return {"unread": count}
