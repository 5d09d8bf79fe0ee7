"""Identities at other servers, found by a blind index of issuer and subject, which are sealed themselves."""

import json
from collections.abc import Sequence
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from crypto.fields import Place
from hub.identity import Claimed, Identity
from hub.ids import IdentityId, UserId
from hub.ports import Removal
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.ways import remove_way

ID_BYTES = 16


class MongoIdentities(Store):
    """``hub.ports.Identities``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def find(self, issuer: str, subject: str) -> Identity | None:
        found = await self._database.identities.find_one({"_id": _named(self._personal, issuer, subject)})
        return await self._read(found) if found else None

    async def add(self, user: UserId, claimed: Claimed, at: datetime) -> bool:
        try:
            await self._database.identities.insert_one(await identity_document(self._personal, user, claimed, at))
        except DuplicateKeyError:
            return False
        return True

    async def of(self, user: UserId) -> Sequence[Identity]:
        found = self._database.identities.find({"user": user}).sort("created_at")
        return [await self._read(document) async for document in found]

    async def used(self, identity: IdentityId, at: datetime) -> None:
        await self._database.identities.update_one({"_id": identity}, {"$set": {"used_at": at}})

    async def remove(self, user: UserId, identity: IdentityId) -> Removal:
        return await remove_way(self._database, self._database.identities, user, identity)

    async def _read(self, document: Document) -> Identity:
        id_, user = IdentityId(document["_id"]), UserId(document["user"])
        issuer, subject = json.loads(await self._personal.open(user, document["data"], _place(id_)))
        at, used = document["created_at"], document["used_at"]
        return Identity(id_, user, document["provider"], issuer, subject, at, used)


async def identity_document(personal: PersonalFields, user: UserId, claimed: Claimed, at: datetime) -> Document:
    """As it is stored; ``user`` has a key already."""
    id_ = _named(personal, claimed.issuer, claimed.subject)
    data = await personal.seal(user, json.dumps([claimed.issuer, claimed.subject]), _place(id_))
    return {"_id": id_, "user": user, "provider": claimed.provider, "data": data, "created_at": at, "used_at": None}


def _named(personal: PersonalFields, issuer: str, subject: str) -> IdentityId:
    return IdentityId(personal.index("identity", json.dumps([issuer, subject]))[:ID_BYTES].hex())


def _place(identity: IdentityId) -> Place:
    return Place("identities", "data", identity)
