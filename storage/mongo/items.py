"""Things to lend, and their calendars."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from hub.availability import Calendar
from hub.errors import NotFound
from hub.ids import BlockId, ItemId, UserId
from hub.item import Item
from hub.ports import StaleWrite
from storage.mongo.calendar_document import calendar_document, read_calendar
from storage.mongo.dictionary import learn
from storage.mongo.item_document import item_document, read_item
from storage.mongo.store import Document, Store

_NEWEST_FIRST = {"created_at": -1, "_id": -1}


class MongoItems(Store):
    """``hub.ports.Items``."""

    async def add(self, item: Item, calendar: Calendar) -> None:
        """The item last: an item that can be seen has its calendar, without a transaction."""
        await self._database.calendars.insert_one(calendar_document(calendar))
        document = item_document(item)
        await learn(self._database, document["words"])
        await self._database.items.insert_one(document)

    async def get(self, item: ItemId) -> Item | None:
        document = await self._database.items.find_one({"_id": item})
        return read_item(document) if document else None

    async def page_of(self, item: ItemId) -> tuple[Item, Calendar] | None:
        joined = {"from": "calendars", "localField": "_id", "foreignField": "_id", "as": "calendar"}
        cursor = await self._database.items.aggregate([{"$match": {"_id": item}}, {"$lookup": joined}])
        found = await cursor.to_list()
        return (read_item(found[0]), read_calendar(found[0]["calendar"][0])) if found else None

    async def page(self, owner: UserId | None, after: ItemId | None, limit: int) -> Sequence[Item]:
        listed = {"owner": owner, "status": {"$in": ["active", "paused"]}} if owner else {"status": "active"}
        return await self._page(listed, after, limit)

    async def own(self, owner: UserId, after: ItemId | None, limit: int) -> Sequence[Item]:
        return await self._page({"owner": owner, "deleted_at": None}, after, limit)

    async def save(self, item: Item, expected_rev: int) -> None:
        document = item_document(item)
        await learn(self._database, document["words"])
        content = {"$set": document | {"updated_at": datetime.now(UTC)}}
        saved = await self._database.items.update_one({"_id": item.id, "rev": expected_rev}, content)
        if saved.matched_count != 1:
            raise StaleWrite

    async def every(self) -> AsyncIterator[ItemId]:
        """In no order."""
        async for item in self._ids({}):
            yield item

    def of_owner(self, owner: UserId) -> AsyncIterator[ItemId]:
        return self._ids({"owner": owner})

    def deleted(self) -> AsyncIterator[ItemId]:
        return self._ids({"deleted_at": {"$ne": None}})

    async def remove(self, item: ItemId) -> None:
        """The item first: a calendar that nobody finds does no harm."""
        await self._database.items.delete_one({"_id": item})
        await self._database.calendars.delete_one({"_id": item})

    async def calendar(self, item: ItemId) -> Calendar:
        document = await self._database.calendars.find_one({"_id": item})
        if document is None:
            raise NotFound("item_not_found")
        return read_calendar(document)

    async def with_block(self, block: BlockId) -> Sequence[ItemId]:
        found = self._database.calendars.find({"blocks.id": block}, {"_id": 1}).sort({"_id": 1})
        return [ItemId(document["_id"]) async for document in found]

    async def _ids(self, query: Document) -> AsyncIterator[ItemId]:
        async for document in self._database.items.find(query, {"_id": 1}):
            yield ItemId(document["_id"])

    async def _page(self, query: Document, after: ItemId | None, limit: int) -> list[Item]:
        last = await self._database.items.find_one({"_id": after}, {"created_at": 1}) if after else None
        if last:
            at = last["created_at"]
            query["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": after}}]
        found = self._database.items.find(query).sort(_NEWEST_FIRST).limit(limit)
        return [read_item(document) async for document in found]
