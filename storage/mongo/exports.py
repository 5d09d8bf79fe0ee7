"""Copies for the people concerned: what is known of them; their bytes are blobs, sealed with a key of each copy."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from crypto import b64
from crypto.fields import Place
from hub.export import Export
from hub.ids import ExportId, UserId
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store

LEASE = timedelta(minutes=5)


class MongoExports(Store):
    """``hub.ports.Exports``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def add(self, export: Export, key: bytes) -> None:
        sealed = await self._personal.seal(export.user, b64.encode(key), _place(export))
        document = {
            "_id": export.id,
            "user": export.user,
            "created_at": export.created_at,
            "expires_at": export.expires_at,
            **_progress(export),
            "key": sealed,
            "lease_until": export.created_at,
        }
        await self._database.exports.insert_one(document)

    async def get(self, export: ExportId, user: UserId) -> Export | None:
        document = await self._database.exports.find_one({"_id": export, "user": user})
        return _export(document) if document else None

    async def of(self, user: UserId) -> Sequence[Export]:
        return await self._found({"user": user})

    async def key(self, export: Export) -> bytes:
        document = await self._database.exports.find_one({"_id": export.id}, {"key": 1})
        if document is None:
            raise LookupError("this copy was removed")
        return b64.decode(await self._personal.open(export.user, document["key"], _place(export)))

    async def claim(self, now: datetime) -> Export | None:
        waiting = {"bytes": 0, "lease_until": {"$lte": now}}
        document = await self._database.exports.find_one_and_update(
            waiting, {"$set": {"lease_until": now + LEASE}}, return_document=ReturnDocument.AFTER
        )
        return _export(document) if document else None

    async def report(self, export: Export) -> None:
        told = _progress(export) | {"lease_until": datetime.now(UTC) + LEASE, "expires_at": export.expires_at}
        await self._database.exports.update_one({"_id": export.id}, {"$set": told})

    async def expired(self, now: datetime) -> Sequence[Export]:
        return await self._found({"expires_at": {"$lte": now}})

    async def remove(self, export: ExportId) -> None:
        await self._database.exports.delete_one({"_id": export})

    async def _found(self, query: Document) -> list[Export]:
        return [_export(document) async for document in self._database.exports.find(query).sort("created_at")]


def _progress(export: Export) -> Document:
    return {"done": export.done, "of": export.of, "bytes": export.bytes}


def _export(document: Document) -> Export:
    told = {name: document[name] for name in ("created_at", "expires_at", "done", "of", "bytes")}
    return Export(ExportId(document["_id"]), UserId(document["user"]), **told)


def _place(export: Export) -> Place:
    return Place("exports", "key", export.id)
