"""Things to lend, their places with the exact address sealed, and their calendars."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

from crypto import fields
from hub.availability import Calendar
from hub.errors import NotFound
from hub.ids import ItemId, PlaceId, RentalId, UserId
from hub.item import Item, Rules, Tariff
from hub.place import Point
from hub.ports import Place, StaleWrite
from storage.mongo.calendar_document import calendar_document, read_calendar
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store

_NEWEST_FIRST = {"created_at": -1, "_id": -1}


class MongoItems(Store):
    """``hub.ports.Items``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def add(self, item: Item, place: Place, calendar: Calendar) -> None:
        """The item last: an item that can be seen has its place and calendar, without a transaction."""
        await self._database.places.insert_one(await self._place_document(place))
        await self._database.calendars.insert_one(calendar_document(calendar))
        await self._database.items.insert_one(_document(item))

    async def get(self, item: ItemId) -> Item | None:
        document = await self._database.items.find_one({"_id": item})
        return _item(document) if document else None

    async def place(self, place: PlaceId) -> Place | None:
        document = await self._database.places.find_one({"_id": place})
        return await self._read_place(document) if document else None

    async def page(self, owner: UserId | None, after: ItemId | None, limit: int) -> Sequence[Item]:
        query: Document = {"owner": owner} if owner else {"status": "active"}
        last = await self._database.items.find_one({"_id": after}, {"created_at": 1}) if after else None
        if last:
            at = last["created_at"]
            query["$or"] = [{"created_at": {"$lt": at}}, {"created_at": at, "_id": {"$lt": after}}]
        found = self._database.items.find(query).sort(_NEWEST_FIRST).limit(limit)
        return [_item(document) async for document in found]

    async def save(self, item: Item, expected_rev: int) -> None:
        content = {"$set": _document(item) | {"updated_at": datetime.now(UTC)}}
        saved = await self._database.items.update_one({"_id": item.id, "rev": expected_rev}, content)
        if saved.matched_count != 1:
            raise StaleWrite

    async def every(self) -> AsyncIterator[ItemId]:
        """In no order."""
        async for document in self._database.items.find({}, {"_id": 1}):
            yield ItemId(document["_id"])

    async def calendar(self, item: ItemId) -> Calendar:
        document = await self._database.calendars.find_one({"_id": item})
        if document is None:
            raise NotFound("item_not_found")
        return read_calendar(document)

    async def note_place_read(self, place: PlaceId, rental: RentalId, reader: UserId, at: datetime) -> None:
        await self._database.place_reads.insert_one({"place": place, "rental": rental, "reader": reader, "at": at})

    async def _place_document(self, place: Place) -> Document:
        exact = json.dumps([place.exact.lat, place.exact.lon])
        return {
            "_id": place.id,
            "owner": place.owner,
            "label": place.label,
            "address": await self._personal.seal(place.owner, place.address, _sealed("address", place.id)),
            "exact": await self._personal.seal(place.owner, exact, _sealed("exact", place.id)),
            "public": _geo(place.public),
        }

    async def _read_place(self, document: Document) -> Place:
        id_, owner = PlaceId(document["_id"]), UserId(document["owner"])
        exact = json.loads(await self._personal.open(owner, document["exact"], _sealed("exact", id_)))
        address = await self._personal.open(owner, document["address"], _sealed("address", id_))
        return Place(id_, owner, document["label"], address, Point(*exact), _point(document["public"]))


def _sealed(field: str, place: PlaceId) -> fields.Place:
    return fields.Place("places", field, place)


def _geo(point: Point) -> Document:
    """GeoJSON, RFC 7946: longitude first."""
    return {"type": "Point", "coordinates": [point.lon, point.lat]}


def _point(geo: Document) -> Point:
    lon, lat = geo["coordinates"]
    return Point(lat, lon)


def _document(item: Item) -> Document:
    return {
        "_id": item.id,
        "owner": item.owner,
        "title": item.title,
        "description": item.description,
        "tz": item.tz,
        "tariff": asdict(item.tariff),
        "rules": asdict(item.rules),
        "units": item.units,
        "place": item.place,
        "public": _geo(item.public),
        "status": item.status,
        "rev": item.rev,
        "created_at": item.created_at,
    }


def _item(document: Document) -> Item:
    return Item(
        id=ItemId(document["_id"]),
        owner=UserId(document["owner"]),
        title=document["title"],
        description=document["description"],
        tz=document["tz"],
        tariff=Tariff(**document["tariff"]),
        rules=Rules(**document["rules"]),
        units=document["units"],
        place=PlaceId(document["place"]),
        public=_point(document["public"]),
        status=document["status"],
        rev=document["rev"],
        created_at=document["created_at"],
    )
