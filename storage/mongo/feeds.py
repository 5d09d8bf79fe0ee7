"""The secret addresses of people's own calendars; only a hash of each secret is stored."""

from datetime import datetime

from hub.ids import UserId
from storage.mongo.store import Store


class MongoFeeds(Store):
    """``hub.ports.Feeds``."""

    async def put(self, user: UserId, secret: bytes, at: datetime) -> None:
        document = {"secret": secret, "created_at": at}
        await self._database.feeds.replace_one({"_id": user}, document, upsert=True)

    async def since(self, user: UserId) -> datetime | None:
        found = await self._database.feeds.find_one({"_id": user})
        return found["created_at"] if found else None

    async def remove(self, user: UserId) -> None:
        await self._database.feeds.delete_one({"_id": user})

    async def reader(self, secret: bytes) -> UserId | None:
        found = await self._database.feeds.find_one({"secret": secret})
        return UserId(found["_id"]) if found else None
