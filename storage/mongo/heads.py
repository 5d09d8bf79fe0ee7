"""The last seq of many rooms in one round trip."""

from collections.abc import Collection, Mapping
from itertools import islice
from typing import Literal

from pymongo.read_concern import ReadConcern

from hub.ids import RoomId
from storage.mongo.entry import room_of, seq_of, stretch
from storage.mongo.store import Database, Document

ROOMS_AT_ONCE = 50


async def read_heads(
    database: Database, rooms: Collection[RoomId], level: Literal["local", "majority"] = "majority"
) -> Mapping[RoomId, int]:
    """0 for a room without entries. ``local`` also sees what may yet be rolled back: for who wants to write next."""
    entries = database.get_collection("entries", read_concern=ReadConcern(level))
    heads = dict.fromkeys(rooms, 0)
    remaining = iter(heads)
    while some := list(islice(remaining, ROOMS_AT_ONCE)):
        first, *others = (_last(room) for room in some)
        unions = [{"$unionWith": {"coll": "entries", "pipeline": pipeline}} for pipeline in others]
        async for document in await entries.aggregate([*first, *unions]):
            heads[room_of(document["_id"])] = seq_of(document["_id"])
    return heads


def _last(room: RoomId) -> list[Document]:
    return [{"$match": stretch(room)}, {"$sort": {"_id": -1}}, {"$limit": 1}, {"$project": {"_id": 1}}]
