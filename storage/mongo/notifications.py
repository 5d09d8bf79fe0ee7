"""Notifications: what tells of a rental is written in its transaction (``work.py``); dropped after 180 days."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from hub.ids import NotificationId, UserId
from hub.notice import Notification
from storage.mongo.store import Document, Store

_NEWEST_FIRST = {"created_at": -1, "_id": -1}


class MongoNotifications(Store):
    """``hub.ports.Notifications``."""

    async def add(self, notification: Notification) -> None:
        with suppress(DuplicateKeyError):
            await self._database.notifications.insert_one(notification_document(notification))

    async def page(self, user: UserId, after: NotificationId | None, limit: int) -> Sequence[Notification]:
        query: Document = {"user": user}
        last = await self._find(user, after) if after else None
        if last:
            query |= _before(last)
        found = self._database.notifications.find(query).sort(_NEWEST_FIRST).limit(limit)
        return [_notification(document) async for document in found]

    async def unread(self, user: UserId, at_most: int) -> int:
        return await self._database.notifications.count_documents({"user": user, "read_at": None}, limit=at_most)

    async def mark_read(self, user: UserId, notification: NotificationId, at: datetime, *, older: bool) -> bool:
        found = await self._find(user, notification)
        if found is None:
            return False
        also = [_before(found)] if older else []
        query = {"user": user, "read_at": None, "$or": [{"_id": notification}, *also]}
        await self._database.notifications.update_many(query, {"$set": {"read_at": at}})
        return True

    async def _find(self, user: UserId, notification: NotificationId) -> Document | None:
        return await self._database.notifications.find_one({"_id": notification, "user": user})


def notification_document(notification: Notification) -> Document:
    return {
        "_id": notification.id,
        "user": notification.user,
        "type": notification.type,
        "ref": notification.ref,
        "data": dict(notification.data),
        "created_at": notification.created_at,
        "read_at": notification.read_at,
    }


def _before(document: Document) -> Document:
    at = document["created_at"]
    return {"$or": [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": document["_id"]}}]}


def _notification(document: Document) -> Notification:
    return Notification(
        id=NotificationId(document["_id"]),
        user=UserId(document["user"]),
        type=document["type"],
        ref=document["ref"],
        data=document["data"],
        created_at=document["created_at"],
        read_at=document["read_at"],
    )
