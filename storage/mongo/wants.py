"""Keys that devices asked for and the packets they were sent; both are forgotten after two weeks."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from hub.ids import DeviceId, RoomId, UserId
from hub.ports import ChainName, Want
from storage.mongo.store import Document, Store

EVERY: Final = timedelta(seconds=60)
LIFE: Final = timedelta(days=14)


class MongoWants(Store):
    """``hub.ports.Wants``."""

    async def ask(self, want: Want, now: datetime) -> tuple[bool, Mapping[DeviceId, bytes]]:
        """Whoever asks again could not use what came, so it is handed out once more and then answered anew."""
        old = {"_id": _key(want.chain, want.to), "asked": {"$lte": now - EVERY}}
        told = {"asked": now, "expires_at": now + LIFE, "packets": {}}
        try:
            before = await self._database.key_wants.find_one_and_update(
                old,
                {"$set": told, "$setOnInsert": _document(want)},
                upsert=True,
                return_document=ReturnDocument.BEFORE,
            )
        except DuplicateKeyError:
            asked, before = False, await self._database.key_wants.find_one({"_id": old["_id"]})
        else:
            asked = True
        return asked, (before or {}).get("packets", {})

    async def get(self, chain: ChainName, to: DeviceId) -> Want | None:
        document = await self._database.key_wants.find_one({"_id": _key(chain, to)})
        return _want(document) if document else None

    async def answer(self, want: Want, by: DeviceId, packet: bytes) -> bool:
        key = {"_id": _key(want.chain, want.to)}
        done = await self._database.key_wants.update_one(key, {"$set": {f"packets.{by}": packet}})
        return done.matched_count == 1

    async def waiting(self, account: UserId, device: DeviceId, limit: int) -> Sequence[Want]:
        mine = {"$or": [{"device": device}, {"account": account}], "to": {"$ne": device}}
        query = mine | {f"packets.{device}": {"$exists": False}}
        return [_want(found) async for found in self._database.key_wants.find(query).sort("asked", -1).limit(limit)]


def _key(name: ChainName, to: DeviceId) -> bytes:
    return bytes.fromhex(name.room + name.device) + name.chain + bytes.fromhex(to)


def _document(want: Want) -> Document:
    name = want.chain
    named = {"room": name.room, "device": name.device, "chain": name.chain}
    return named | {"to": want.to, "account": want.account}


def _want(document: Document) -> Want:
    name = ChainName(RoomId(document["room"]), DeviceId(document["device"]), document["chain"])
    return Want(name, DeviceId(document["to"]), UserId(document["account"]))
