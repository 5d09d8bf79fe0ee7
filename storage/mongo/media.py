"""What is known of photos. Which things show one is asked of the things themselves: there is no second truth."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Final

from hub.ids import ItemId, MediaId, UserId
from hub.item import PUBLIC
from hub.photo import Copy, Photo
from hub.ports import Holder, Used
from storage.mongo.store import Document, Store

_READY: Final = {"state": "ready"}
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class MongoMedia(Store):
    """``hub.ports.Media``. ``state`` is storing, ready or retired; ``look_at`` is when upkeep looks."""

    async def begin(self, photo: Photo, until: datetime) -> None:
        noted = {"state": "storing", "claimed_at": _NEVER, "look_at": until}
        await self._database.media.insert_one(_document(photo) | noted)

    async def finish(self, media: MediaId) -> bool:
        stored = await self._database.media.update_one({"_id": media, "state": "storing"}, {"$set": _READY})
        return stored.matched_count == 1

    async def get(self, media: MediaId) -> Photo | None:
        document = await self._database.media.find_one({"_id": media, **_READY})
        return _photo(document) if document else None

    async def several(self, media: Collection[MediaId]) -> Mapping[MediaId, Photo]:
        if not media:
            return {}
        found = self._database.media.find({"_id": {"$in": list(media)}, **_READY})
        return {MediaId(document["_id"]): _photo(document) async for document in found}

    async def of(self, owner: UserId) -> Sequence[Photo]:
        found = self._database.media.find({"owner": owner, **_READY}).sort("created_at")
        return [_photo(document) async for document in found]

    async def used(self, owner: UserId) -> Used:
        sums = {"$group": {"_id": None, "count": {"$sum": 1}, "bytes": {"$sum": "$bytes"}}}
        cursor = await self._database.media.aggregate([{"$match": {"owner": owner}}, sums])
        found = await cursor.to_list()
        return Used(found[0]["count"], found[0]["bytes"]) if found else Used(0, 0)

    async def claim(self, owner: UserId, media: Collection[MediaId], at: datetime, until: datetime) -> bool:
        theirs = {"_id": {"$in": list(media)}, "owner": owner, **_READY}
        kept = {"$max": {"claimed_at": at, "look_at": until}}
        return (await self._database.media.update_many(theirs, kept)).matched_count == len(media)

    async def holders(self, media: MediaId) -> Sequence[Holder]:
        found = self._database.items.find({"media": media}, {"deleted_at": 1})
        return [Holder(ItemId(thing["_id"]), bool(thing.get("deleted_at"))) async for thing in found]

    async def public(self, media: MediaId) -> bool:
        shown = {"media": media, "status": {"$in": sorted(PUBLIC)}, "deleted_at": None}
        return await self._database.items.find_one(shown, {"_id": 1}) is not None

    async def retire(self, media: MediaId, claimed_before: datetime) -> bool:
        unclaimed = {"_id": media, "claimed_at": {"$lt": claimed_before}}
        retired = await self._database.media.update_one(unclaimed, {"$set": {"state": "retired"}})
        return retired.matched_count == 1

    async def forget(self, media: MediaId) -> None:
        await self._database.media.delete_one({"_id": media})

    async def due(self, now: datetime) -> AsyncIterator[Photo]:
        """The longest due first."""
        async for document in self._database.media.find({"look_at": {"$lte": now}}).sort("look_at"):
            yield _photo(document)

    async def put_off(self, media: MediaId, until: datetime) -> None:
        await self._database.media.update_one({"_id": media}, {"$max": {"look_at": until}})


def _document(photo: Photo) -> Document:
    fields = asdict(photo)
    return {"_id": fields.pop("id"), **fields, "bytes": photo.bytes}


def _photo(document: Document) -> Photo:
    return Photo(
        id=MediaId(document["_id"]),
        owner=UserId(document["owner"]),
        width=document["width"],
        height=document["height"],
        colour=document["colour"],
        dhash=document["dhash"],
        copies=tuple(Copy(**copy) for copy in document["copies"]),
        alt=document["alt"],
        created_at=document["created_at"],
    )
