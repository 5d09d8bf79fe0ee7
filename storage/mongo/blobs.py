"""Bytes of any length in GridFS: shared by all nodes of the hub, with no part of its own to run or to back up."""

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Final

from gridfs.asynchronous import AsyncGridFSBucket
from pymongo.asynchronous.client_session import AsyncClientSession

from hub.errors import Unavailable
from storage.mongo.store import Database, Document, Store

BUCKET: Final = "blobs"
FILES: Final = f"{BUCKET}.files"
CHUNKS: Final = f"{BUCKET}.chunks"
PART: Final = 255 * 1024
"""Bytes of a chunk, as GridFS has it by default: a copy for a phone is one."""
CHUNKS_AT_ONCE: Final = 2
"""How many a reader has in memory: left alone, the driver fetches up to 16 MB, however slowly they are taken."""


class MongoBlobs(Store):
    """``hub.ports.Blobs``. A blob is there once its ``files`` document is, which is written last."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._bucket = AsyncGridFSBucket(database, BUCKET, PART)
        self._files = database[FILES]
        self._chunks = database[CHUNKS]

    async def put(self, name: str, parts: AsyncIterator[bytes]) -> int:
        known = await self.size(name)
        if known is not None:
            return known
        upload = self._bucket.open_upload_stream_with_id(name, name)
        try:
            async for part in parts:
                await upload.write(part)
            await upload.close()
        except BaseException:
            await upload.abort()
            raise
        return int(upload.length)

    async def size(self, name: str) -> int | None:
        found = await self._files.find_one({"_id": name}, {"length": 1})
        return int(found["length"]) if found else None

    async def read(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes] | None:
        blob = await self._files.find_one({"_id": name}, {"length": 1, "chunkSize": 1})
        if blob is None:
            return None
        return self._stretch(blob, start, blob["length"] if end is None else min(end, blob["length"]))

    async def delete(self, names: Collection[str]) -> None:
        """The ``files`` first, so that nobody begins to read what is going away."""
        named = list(names)
        await self._files.delete_many({"_id": {"$in": named}})
        await self._chunks.delete_many({"files_id": {"$in": named}})

    async def _stretch(self, blob: Document, start: int, end: int) -> AsyncIterator[bytes]:
        size = blob["chunkSize"]
        wanted = {"files_id": blob["_id"], "n": {"$gte": start // size, "$lt": -(-end // size)}}
        async for chunk in self._chunks.find(wanted).sort("n").batch_size(CHUNKS_AT_ONCE):
            begins = chunk["n"] * size
            if begins > start:
                break
            part = chunk["data"][start - begins : end - begins]
            start += len(part)
            yield part
        if start < end:
            raise Unavailable("store_unavailable")  # it was deleted while it was read


async def append_chunks(
    database: Database, session: AsyncClientSession, name: str, content: bytes, *, size: int, at: int
) -> None:
    """Add chunks of ``size`` bytes to a blob that is not there yet; those before ``at`` it has."""
    first = at // size
    chunks = [
        {"files_id": name, "n": first + n, "data": content[n * size : (n + 1) * size]}
        for n in range(-(-len(content) // size))
    ]
    await database[CHUNKS].insert_many(chunks, session=session)


async def complete_blob(database: Database, session: AsyncClientSession, name: str, *, size: int, length: int) -> None:
    """From now on it can be read."""
    blob = {"_id": name, "filename": name, "length": length, "chunkSize": size, "uploadDate": datetime.now(UTC)}
    await database[FILES].insert_one(blob, session=session)
