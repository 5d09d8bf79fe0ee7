"""Where things are. The exact address is sealed with the owner's key; the public point goes with every thing there."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from crypto import fields
from hub.ids import PlaceId, UserId
from hub.place import Place, Point, SpecialDay, Window
from hub.ports import StaleWrite
from hub.rental import OCCUPYING
from storage.mongo.geo import geo, point
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.transaction import transaction

_SEALED: Final = ("label", "address", "exact", "instructions")


class MongoPlaces(Store):
    """``hub.ports.Places``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def add(self, place: Place) -> None:
        await self._database.places.insert_one(await self._document(place) | {"created_at": datetime.now(UTC)})

    async def get(self, place: PlaceId) -> Place | None:
        document = await self._database.places.find_one({"_id": place})
        return await self._read(document) if document else None

    async def of(self, owner: UserId) -> Sequence[Place]:
        found = self._database.places.find({"owner": owner}).sort({"created_at": 1, "_id": 1})
        return [await self._read(document) async for document in found]

    async def save(self, place: Place, expected_rev: int) -> None:
        document = await self._document(place)

        async def decided() -> bool:
            return await self._database.places.find_one({"_id": place.id, "rev": place.rev}) is not None

        async with transaction(self._database, decided) as session:
            current = {"_id": place.id, "rev": expected_rev}
            saved = await self._database.places.update_one(current, {"$set": document}, session=session)
            if saved.matched_count != 1:
                raise StaleWrite
            moved = {"$set": {"public": document["public"]}}
            await self._database.items.update_many({"place": place.id}, moved, session=session)

    async def delete(self, place: PlaceId) -> None:
        await self._database.places.delete_one({"_id": place})

    async def in_use(self, place: PlaceId) -> bool:
        here = self._database.items.find({"place": place}, {"deleted_at": 1})
        items = [document async for document in here]
        if any(document["deleted_at"] is None for document in items):
            return True
        lent = {"item": {"$in": [item["_id"] for item in items]}, "state": {"$in": [s.value for s in OCCUPYING]}}
        return await self._database.rentals.find_one(lent, {"_id": 1}) is not None

    async def _document(self, place: Place) -> Document:
        exact = json.dumps([place.exact.lat, place.exact.lon])
        sealed = {name: getattr(place, name) for name in ("label", "address", "instructions")} | {"exact": exact}
        return {
            "_id": place.id,
            "owner": place.owner,
            "public": geo(place.public),
            "kind": place.kind,
            "windows": [asdict(window) for window in place.windows],
            "exceptions": [asdict(day) for day in place.exceptions],
            "rev": place.rev,
            **{
                name: await self._personal.seal(place.owner, text, _at(name, place.id)) for name, text in sealed.items()
            },
        }

    async def _read(self, document: Document) -> Place:
        id_, owner = PlaceId(document["_id"]), UserId(document["owner"])
        opened = {name: await self._personal.open(owner, document[name], _at(name, id_)) for name in _SEALED}
        return Place(
            id=id_,
            owner=owner,
            label=opened["label"],
            address=opened["address"],
            exact=Point(*json.loads(opened["exact"])),
            public=point(document["public"]),
            kind=document["kind"],
            windows=tuple(Window(**window) for window in document["windows"]),
            exceptions=tuple(SpecialDay(**day) for day in document["exceptions"]),
            instructions=opened["instructions"],
            rev=document["rev"],
        )


def _at(field: str, place: PlaceId) -> fields.Place:
    return fields.Place("places", field, place)
