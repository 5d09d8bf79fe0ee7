"""Finding things by index keys alone: documents are read only for what is shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from hub.availability import free_units
from hub.category import CategoryId
from hub.ids import ItemId
from hub.item import Item
from hub.place import Point, square
from hub.search import Candidate, Filter, Key, milliseconds
from hub.text import Lexicon
from storage.mongo.calendar_document import read_calendar
from storage.mongo.dictionary import Dictionary
from storage.mongo.geo import point
from storage.mongo.item_document import read_item
from storage.mongo.store import Database, Document, Store

_SHOWN: Final = {"public.lat": 1, "public.lon": 1, "price": 1, "category": 1, "created_at": 1}
"""All of it is in the indexes, so no document is read."""
_ORDERS: Final[dict[str, tuple[str, int, str]]] = {
    "newest": ("created_at", -1, "$lt"),
    "price": ("price", 1, "$gt"),
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MongoSearch(Store):
    """``hub.ports.Search``."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._dictionary = Dictionary(database)

    async def lexicon(self) -> Lexicon:
        return await self._dictionary.lexicon()

    async def known_by(self, words: Collection[str], wanted: Filter, most: int) -> Sequence[Candidate]:
        if not words:
            return []
        query = {"words": {"$in": sorted(words)}} | _kept(wanted)
        found = self._database.items.find(query, _SHOWN).hint("by_words").limit(most)
        return [_candidate(document) for document in await found.to_list()]

    async def ordered(
        self, by: Literal["newest", "price"], wanted: Filter, after: Key | None, limit: int
    ) -> Sequence[Candidate]:
        field, direction, beyond = _ORDERS[by]
        query: Document = {"status": "active"} | _kept(wanted)
        if after is not None:
            first = _EPOCH + timedelta(milliseconds=-after[0]) if by == "newest" else after[0]
            query["$or"] = [{field: {beyond: first}}, {field: first, "_id": {"$gt": after[2]}}]
        found = self._database.items.find(query, _SHOWN).sort({field: direction, "_id": 1}).limit(limit)
        return [_candidate(document) for document in await found.hint(f"by_{by}").to_list()]

    async def within(self, corners: tuple[Point, Point], wanted: Filter, most: int) -> Sequence[Candidate]:
        found = (
            self._database.items.find({"status": "active"} | _kept(wanted, corners), _SHOWN)
            .hint("by_public")
            .limit(most)
        )
        return [_candidate(document) for document in await found.to_list()]

    async def free(self, items: Collection[ItemId], start: datetime, end: datetime, q: int) -> Collection[ItemId]:
        """One unit is free where no full stretch overlaps; for more, the calendars are counted."""
        unbroken = {"$not": {"$elemMatch": {"s": {"$lt": end}, "e": {"$gt": start}}}}
        shown = {"_id": 1} if q == 1 else None
        found = self._database.calendars.find(
            {"_id": {"$in": list(items)}, "full": unbroken, "cap": {"$gte": q}}, shown
        )
        return {ItemId(each["_id"]) for each in await found.to_list() if q == 1 or _holds(each, start, end, q)}

    async def several(self, items: Collection[ItemId]) -> Mapping[ItemId, Item]:
        found = self._database.items.find({"_id": {"$in": list(items)}})
        return {item.id: item for item in map(read_item, await found.to_list())}


def _kept(wanted: Filter, corners: tuple[Point, Point] | None = None) -> Document:
    """What an index can tell; of distance the square that holds it."""
    query: Document = {}
    if wanted.categories is not None:
        query["category"] = {"$in": sorted(wanted.categories)}
    if wanted.price is not None:
        query["price"] = {"$lte": wanted.price}
    if wanted.near is not None:
        low, high = corners or square(wanted.near, wanted.within_m)
        query["public.lat"] = {"$gte": low.lat, "$lte": high.lat}
        query["public.lon"] = {"$gte": low.lon, "$lte": high.lon}
    return query


def _holds(calendar: Document, start: datetime, end: datetime, q: int) -> bool:
    read = read_calendar(calendar)
    return free_units(read, start, end + read.turnaround) >= q


def _candidate(document: Mapping[str, Any]) -> Candidate:
    return Candidate(
        id=ItemId(document["_id"]),
        public=point(document["public"]),
        price=document["price"],
        category=CategoryId(document["category"]),
        created=milliseconds(document["created_at"]),
    )
