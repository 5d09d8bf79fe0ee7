"""Passkeys, each found by its credential; what identifies it is sealed with the person's own key."""

import json
from collections.abc import Sequence
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from crypto import b64
from crypto.fields import Place
from hub.ids import PasskeyId, UserId
from hub.passkey import Passkey
from hub.ports import Removal
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.ways import remove_way


class MongoPasskeys(Store):
    """``hub.ports.Passkeys``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def add(self, passkey: Passkey) -> bool:
        try:
            await self._database.passkeys.insert_one(await self._document(passkey))
        except DuplicateKeyError:
            return False
        return True

    async def get(self, passkey: PasskeyId) -> Passkey | None:
        found = await self._database.passkeys.find_one({"_id": passkey})
        return await self._read(found) if found else None

    async def of(self, user: UserId) -> Sequence[Passkey]:
        found = self._database.passkeys.find({"user": user}).sort("created_at")
        return [await self._read(document) async for document in found]

    async def use(self, passkey: PasskeyId, count: int, at: datetime, *, synced: bool) -> bool:
        """By compare-and-swap: of two uses with one count, on whichever worker, one is good."""
        further = {"$lt": count} if count else 0
        change = {"$set": {"count": count, "used_at": at, "synced": synced}}
        return (await self._database.passkeys.update_one({"_id": passkey, "count": further}, change)).matched_count == 1

    async def rename(self, user: UserId, passkey: PasskeyId, name: str) -> bool:
        sealed = await self._personal.seal(user, name, _place("name", passkey))
        query = {"_id": passkey, "user": user}
        return (await self._database.passkeys.update_one(query, {"$set": {"name": sealed}})).matched_count == 1

    async def remove(self, user: UserId, passkey: PasskeyId) -> Removal:
        return await remove_way(self._database, self._database.passkeys, user, passkey)

    async def _document(self, passkey: Passkey) -> Document:
        key = json.dumps([b64.encode(passkey.credential), b64.encode(passkey.key)])
        return {
            "_id": passkey.id,
            "user": passkey.user,
            "name": await self._personal.seal(passkey.user, passkey.name, _place("name", passkey.id)),
            "key": await self._personal.seal(passkey.user, key, _place("key", passkey.id)),
            "count": passkey.count,
            "synced": passkey.synced,
            "created_at": passkey.created_at,
            "used_at": passkey.used_at,
        }

    async def _read(self, document: Document) -> Passkey:
        id_, user = PasskeyId(document["_id"]), UserId(document["user"])
        credential, key = json.loads(await self._personal.open(user, document["key"], _place("key", id_)))
        return Passkey(
            id=id_,
            user=user,
            name=await self._personal.open(user, document["name"], _place("name", id_)),
            credential=b64.decode(credential),
            key=b64.decode(key),
            count=document["count"],
            synced=document["synced"],
            created_at=document["created_at"],
            used_at=document["used_at"],
        )


def _place(field: str, passkey: PasskeyId) -> Place:
    return Place("passkeys", field, passkey)
