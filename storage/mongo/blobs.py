"""Bytes of any length in GridFS: shared by all nodes of the hub, with no part of its own to run or to back up."""

from collections.abc import AsyncIterator, Collection
from typing import Final

from gridfs.asynchronous import AsyncGridFSBucket, AsyncGridOut
from gridfs.errors import NoFile

from storage.mongo.store import Database, Store

BUCKET: Final = "blobs"
PART: Final = 255 * 1024
"""Bytes of a chunk, as GridFS has it by default: a copy for a phone is one."""


class MongoBlobs(Store):
    """``hub.ports.Blobs``. A blob is there once its ``files`` document is, which GridFS writes last."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._bucket = AsyncGridFSBucket(database, BUCKET, PART)
        self._files = database[f"{BUCKET}.files"]
        self._chunks = database[f"{BUCKET}.chunks"]

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
        try:
            blob = await self._bucket.open_download_stream(name)
        except NoFile:
            return None
        return _stretch(blob, start, blob.length if end is None else min(end, blob.length))

    async def delete(self, names: Collection[str]) -> None:
        """The ``files`` first, so that nobody begins to read what is going away."""
        named = list(names)
        await self._files.delete_many({"_id": {"$in": named}})
        await self._chunks.delete_many({"files_id": {"$in": named}})


async def _stretch(blob: AsyncGridOut, start: int, end: int) -> AsyncIterator[bytes]:
    async with blob:
        await blob.seek(start)
        while start < end:
            part = await blob.read(min(PART, end - start))
            start += len(part)
            yield part
