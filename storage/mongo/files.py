"""What is known of encrypted attachments. Whether its message stands is asked of the log: there is no second truth."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict, Unavailable
from hub.file import PART, File
from hub.ids import DeviceId, FileId, RoomId, UserId
from hub.ports import StaleWrite, Used
from hub.room import MessageAddress
from storage.mongo.blobs import append_chunks, complete_blob
from storage.mongo.store import Document, Store
from storage.mongo.transaction import transaction

_HERE: Final = {"retired": False}


class MongoFiles(Store):
    """``hub.ports.Files``. ``mark`` names the last bytes that were kept, ``look_at`` is when upkeep looks."""

    async def begin(self, file: File, until: datetime) -> File:
        document = _document(file)
        try:
            await self._database.files.insert_one(document | {"look_at": until})
        except DuplicateKeyError:
            return await self._again(document, until)
        return file

    async def get(self, file: FileId) -> File | None:
        document = await self._database.files.find_one({"_id": file, **_HERE})
        return _file(document) if document else None

    async def of(self, message: MessageAddress, look_at: datetime) -> Sequence[File]:
        theirs = _address(message) | _HERE
        await self._database.files.update_many(theirs, {"$set": {"look_at": look_at}})
        return [_file(document) async for document in self._database.files.find(theirs)]

    async def used(self, owner: UserId) -> Used:
        sums = {"$group": {"_id": None, "count": {"$sum": 1}, "bytes": {"$sum": "$size"}}}
        cursor = await self._database.files.aggregate([{"$match": {"owner": owner}}, sums])
        found = await cursor.to_list()
        return Used(found[0]["count"], found[0]["bytes"]) if found else Used(0, 0)

    async def append(self, file: File, content: bytes, until: datetime) -> File:
        """Bytes and offset in one transaction: of two writers one is told that it was not first."""
        mark, end = ObjectId(), file.offset + len(content)

        async def decided() -> bool:
            return await self._database.files.find_one({"_id": file.id, "mark": mark}) is not None

        async with transaction(self._database, decided) as session:
            here = {"_id": file.id, "offset": file.offset, **_HERE}
            change = {"$set": {"offset": end, "mark": mark}, "$max": {"look_at": until}}
            if (await self._database.files.update_one(here, change, session=session)).matched_count != 1:
                raise StaleWrite
            await append_chunks(self._database, session, file.id, content, size=PART, at=file.offset)
            if end == file.size:
                await complete_blob(self._database, session, file.id, size=PART, length=file.size)
        return replace(file, offset=end)

    async def retire(self, file: FileId, due: datetime | None = None) -> bool:
        which = {"_id": file} | ({"look_at": {"$lte": due}} if due else {})
        return (await self._database.files.update_one(which, {"$set": {"retired": True}})).matched_count == 1

    async def forget(self, file: FileId) -> None:
        await self._database.files.delete_one({"_id": file})

    async def due(self, now: datetime) -> AsyncIterator[File]:
        async for document in self._database.files.find({"look_at": {"$lte": now}}).sort("look_at"):
            yield _file(document)

    async def put_off(self, file: FileId, until: datetime) -> None:
        await self._database.files.update_one({"_id": file}, {"$max": {"look_at": until}})

    async def _again(self, announced: Mapping[str, Any], until: datetime) -> File:
        said = {name: announced[name] for name in ("_id", "owner", "room", "device", "cid", "size")}
        kept = {"$max": {"look_at": until}}
        found = await self._database.files.find_one_and_update(said | _HERE, kept, return_document=ReturnDocument.AFTER)
        if found:
            return _file(found)
        if await self._database.files.find_one({"_id": announced["_id"], **_HERE}):
            raise Conflict("file_taken")
        raise Unavailable("contended", after_ms=1000)


def _address(message: MessageAddress) -> Document:
    return {"room": message.room, "device": message.device, "cid": message.cid}


def _document(file: File) -> Document:
    return {
        "_id": file.id,
        "owner": file.owner,
        **_address(file.message),
        "size": file.size,
        "offset": file.offset,
        "created_at": file.created_at,
        "retired": file.retired,
    }


def _file(document: Document) -> File:
    address = MessageAddress(RoomId(document["room"]), DeviceId(document["device"]), document["cid"])
    return File(
        id=FileId(document["_id"]),
        owner=UserId(document["owner"]),
        message=address,
        size=document["size"],
        offset=document["offset"],
        created_at=document["created_at"],
        retired=document["retired"],
    )
