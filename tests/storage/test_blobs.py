"""Bytes come back as they were put, whole and in part, and nothing stays of what broke off."""

import os
from collections.abc import AsyncIterator

import pytest

from storage.mongo.blobs import PART, MongoBlobs
from storage.mongo.store import Database


@pytest.fixture
def blobs(store: Database) -> MongoBlobs:
    return MongoBlobs(store)


async def parts(*all_of_them: bytes) -> AsyncIterator[bytes]:
    for part in all_of_them:
        yield part


async def read(blobs: MongoBlobs, name: str, *stretch: int) -> bytes:
    found = await blobs.read(name, *stretch)
    assert found is not None
    return b"".join([part async for part in found])


async def test_bytes_come_back_whole(blobs: MongoBlobs) -> None:
    content = os.urandom(2 * PART + 1)
    assert await blobs.put("a", parts(content[:1000], content[1000:])) == len(content)
    assert await blobs.size("a") == len(content)
    assert await read(blobs, "a") == content


@pytest.mark.parametrize(
    "stretch", [(0, 1), (PART - 1, PART + 1), (PART, 2 * PART), (5, 2 * PART + 9), (2 * PART + 8,), (0, 0)]
)
async def test_a_stretch_is_what_lies_between(blobs: MongoBlobs, stretch: tuple[int, ...]) -> None:
    content = os.urandom(2 * PART + 9)
    await blobs.put("a", parts(content))
    assert await read(blobs, "a", *stretch) == content[slice(stretch[0], *(stretch[1:] or (None,)))]


async def test_beyond_the_end_there_is_nothing(blobs: MongoBlobs) -> None:
    await blobs.put("a", parts(b"abc"))
    assert await read(blobs, "a", 1, 99) == b"bc"


async def test_an_empty_blob_is_one(blobs: MongoBlobs) -> None:
    assert await blobs.put("a", parts()) == 0
    assert await read(blobs, "a") == b""


async def test_what_stands_there_stays(blobs: MongoBlobs) -> None:
    await blobs.put("a", parts(b"first"))
    assert await blobs.put("a", parts(b"other bytes")) == 5
    assert await read(blobs, "a") == b"first"


async def test_nothing_stays_of_one_that_breaks_off(blobs: MongoBlobs, store: Database) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(2 * PART)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await blobs.put("a", broken())
    assert await blobs.size("a") is None
    assert await blobs.read("a") is None
    assert await store["blobs.chunks"].count_documents({}) == 0
    assert await blobs.put("a", parts(b"again")) == 5


async def test_deleting_takes_the_bytes_along_and_minds_nothing_missing(blobs: MongoBlobs, store: Database) -> None:
    await blobs.put("a", parts(os.urandom(2 * PART)))
    await blobs.put("b", parts(b"b"))
    await blobs.delete(["a", "never there"])
    assert (await blobs.size("a"), await blobs.read("a")) == (None, None)
    assert await store["blobs.chunks"].distinct("files_id") == ["b"]
