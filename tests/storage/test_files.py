"""Files grow at their end only, by one writer at a time, and their bytes stand as a blob once they are whole."""

import asyncio
import os
from datetime import timedelta

import pytest

from hub.errors import Conflict, Unavailable
from hub.file import PART, File
from hub.ids import DeviceId, FileId, RoomId, UserId, new_id
from hub.ports import StaleWrite, Used
from hub.room import MessageAddress
from storage.mongo.blobs import MongoBlobs
from storage.mongo.files import MongoFiles
from storage.mongo.store import Database
from tests.storage.world import NOW

DAY = timedelta(days=1)
UNTIL = NOW + DAY
ANNA = UserId("a" * 32)
ADDRESS = MessageAddress(RoomId("b" * 32), DeviceId("c" * 32), b"d" * 16)


@pytest.fixture
def files(store: Database) -> MongoFiles:
    return MongoFiles(store)


def made(size: int = 2 * PART + 9, owner: UserId = ANNA, message: MessageAddress = ADDRESS) -> File:
    return File(FileId(new_id()), owner, message, size, 0, NOW)


async def begun(files: MongoFiles, size: int = 2 * PART + 9) -> File:
    return await files.begin(made(size), UNTIL)


async def read(store: Database, file: File, *stretch: int) -> bytes | None:
    found = await MongoBlobs(store).read(file.id, *stretch)
    return None if found is None else b"".join([part async for part in found])


async def test_a_file_grows_part_by_part_and_can_be_read_when_it_is_whole(files: MongoFiles, store: Database) -> None:
    file = await begun(files)
    content = os.urandom(file.size)
    grown = await files.append(file, content[:PART], UNTIL)
    assert (await files.get(file.id), await read(store, file)) == (grown, None)
    whole = await files.append(grown, content[PART:], UNTIL)
    assert whole.complete
    assert await read(store, file) == content
    for stretch in ((0, 1), (PART - 1, PART + 1), (2 * PART, 2 * PART + 9), (5, 2 * PART + 1)):
        assert await read(store, file, *stretch) == content[slice(*stretch)]


async def test_of_two_writers_at_one_offset_one_is_kept_whole(files: MongoFiles, store: Database) -> None:
    file = await begun(files, 4 * PART)
    writers = [bytes([n]) * 2 * PART for n in range(6)]
    done = await asyncio.gather(*(files.append(file, each, UNTIL) for each in writers), return_exceptions=True)
    assert sum(isinstance(one, File) for one in done) == 1
    assert all(isinstance(one, (File, StaleWrite)) for one in done)
    chunks = [chunk["data"] async for chunk in store["blobs.chunks"].find({"files_id": file.id}).sort("n")]
    assert b"".join(chunks) in writers
    found = await files.get(file.id)
    assert found is not None
    assert found.offset == 2 * PART


async def test_what_does_not_go_on_where_the_file_ends_is_not_kept(files: MongoFiles, store: Database) -> None:
    file = await begun(files)
    await files.append(file, bytes(PART), UNTIL)
    with pytest.raises(StaleWrite):
        await files.append(file, bytes(PART), UNTIL)
    assert await store["blobs.chunks"].count_documents({}) == 1


async def test_beginning_again_finds_how_far_it_came_and_puts_upkeep_off(files: MongoFiles) -> None:
    file = await begun(files)
    await files.append(file, bytes(PART), UNTIL)
    found = await files.begin(file, NOW + 2 * DAY)
    assert (found.id, found.offset) == (file.id, PART)
    assert [due.id async for due in files.due(UNTIL)] == []
    assert [due.id async for due in files.due(NOW + 2 * DAY)] == [file.id]


async def test_an_id_means_one_file(files: MongoFiles) -> None:
    file = await begun(files)
    other = MessageAddress(ADDRESS.room, ADDRESS.device, b"e" * 16)
    for changed in (made(7), made(owner=UserId("f" * 32)), made(message=other)):
        taken = File(file.id, changed.owner, changed.message, changed.size, 0, NOW)
        with pytest.raises(Conflict, match="file_taken"):
            await files.begin(taken, UNTIL)


async def test_what_is_being_removed_cannot_grow_or_begin_before_it_is_gone(files: MongoFiles) -> None:
    file = await begun(files)
    assert not await files.retire(file.id, NOW)
    assert await files.retire(file.id, UNTIL)
    assert await files.get(file.id) is None
    with pytest.raises(StaleWrite):
        await files.append(file, bytes(PART), UNTIL)
    with pytest.raises(Unavailable, match="contended"):
        await files.begin(file, UNTIL + DAY)
    assert [due.retired async for due in files.due(UNTIL)] == [True]
    await files.forget(file.id)
    assert await files.begin(file, UNTIL) == file


async def test_those_of_a_message_are_looked_at_at_once(files: MongoFiles) -> None:
    one, thumb = await begun(files), await begun(files)
    other = MessageAddress(ADDRESS.room, ADDRESS.device, b"e" * 16)
    await files.begin(made(message=other), UNTIL)
    assert {file.id for file in await files.of(ADDRESS, NOW)} == {one.id, thumb.id}
    assert {due.id async for due in files.due(NOW)} == {one.id, thumb.id}


async def test_ones_space_is_what_was_announced(files: MongoFiles) -> None:
    assert await files.used(ANNA) == Used(0, 0)
    await begun(files, 100)
    await begun(files, 1000)
    assert await files.used(ANNA) == Used(2, 1100)
