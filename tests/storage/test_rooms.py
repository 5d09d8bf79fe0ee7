"""Rooms, chains and receipts: cached where each message asks, and never behind for long."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hub.errors import Conflict
from hub.ids import DeviceId, RoomId, UserId, new_id
from hub.ports import Change
from hub.room import Chain, NewMessage, Receipt, Room
from storage.mongo.changes import MongoChanges
from storage.mongo.log import GroupCommitLog
from storage.mongo.rooms import MongoRooms, room_document
from storage.mongo.store import Database
from tests.storage import world
from tests.storage.world import RING, Listener


async def kept(db: Database) -> Room:
    room = world.room(world.rental())
    await db.rooms.insert_one(room_document(room))
    return room


def a_chain(room: RoomId, first: int = 0) -> Chain:
    lists = {UserId(new_id()): (1, 3), UserId(new_id()): (2, 1)}
    to = frozenset({DeviceId(new_id()), DeviceId(new_id())})
    return Chain(room, DeviceId(new_id()), bytes.fromhex(new_id()), 1, lists, first, to)


def said_in(chain: Chain, index: int) -> NewMessage:
    return world.message(chain.room, device=chain.device, chain=chain.chain, index=index)


async def last_of(rooms: MongoRooms, chain: Chain) -> int | None:
    return await rooms.last_index(chain.room, chain.device, chain.chain)


def another_worker(db: Database) -> MongoRooms:
    return MongoRooms(db, GroupCommitLog(db, RING.mark, Listener()))


async def test_a_room_comes_back_as_stored(rooms: MongoRooms, db: Database):
    room = await kept(db)
    assert await rooms.get(room.id) == room
    assert await rooms.get(RoomId(new_id())) is None


async def test_a_member_finds_their_rooms(rooms: MongoRooms, db: Database):
    room = await kept(db)
    assert await rooms.of(room.members[0].user) == [room.id]
    assert await rooms.of(UserId(new_id())) == []


async def test_a_cached_room_costs_no_query_until_it_is_dropped(rooms: MongoRooms, db: Database):
    room = await kept(db)
    await rooms.get(room.id)
    await db.rooms.update_one({"_id": room.id}, {"$set": {"roster_version": 2}})
    assert await rooms.get(room.id) == room
    rooms.drop(room.id)
    assert await rooms.get(room.id) == replace(room, roster_version=2)


async def test_a_room_read_while_it_changed_is_not_kept(rooms: MongoRooms, db: Database):
    """A read that began before the change must not outlive the drop that tells of it."""
    room = await kept(db)
    reading = asyncio.create_task(rooms.get(room.id))
    await asyncio.sleep(0)
    rooms.drop(room.id)
    await reading
    await db.rooms.update_one({"_id": room.id}, {"$set": {"roster_version": 2}})
    assert await rooms.get(room.id) == replace(room, roster_version=2)


async def test_a_chain_comes_back_on_every_worker(rooms: MongoRooms, db: Database):
    chain = a_chain(RoomId(new_id()), first=7)
    await rooms.open_chain(chain)
    for worker in (rooms, another_worker(db)):
        assert await worker.chain(chain.room, chain.device, chain.chain) == chain
    assert await rooms.chain(chain.room, chain.device, bytes(16)) is None


async def test_opening_a_chain_twice_is_a_repeat_but_not_with_other_keys(rooms: MongoRooms, db: Database):
    chain = a_chain(RoomId(new_id()))
    await rooms.open_chain(chain)
    await another_worker(db).open_chain(chain)
    with pytest.raises(Conflict) as refusal:
        await another_worker(db).open_chain(replace(chain, roster_version=2))
    assert refusal.value.code == "chain_taken"
    assert await rooms.chain(chain.room, chain.device, chain.chain) == chain


async def test_an_index_counts_from_the_moment_it_is_queued(rooms: MongoRooms, log: GroupCommitLog):
    chain = a_chain(RoomId(new_id()))
    await rooms.open_chain(chain)
    assert await last_of(rooms, chain) is None
    first = log.submit(said_in(chain, 0))
    assert await last_of(rooms, chain) == 0
    second = log.submit(said_in(chain, 1))
    assert await last_of(rooms, chain) == 1
    await asyncio.gather(first, second)


async def test_another_worker_learns_the_last_index_from_the_log(rooms: MongoRooms, log: GroupCommitLog, db: Database):
    chain = a_chain(RoomId(new_id()))
    await log.submit(world.message(chain.room))
    await rooms.open_chain(chain)
    for index in range(3):
        await log.submit(said_in(chain, index))
    assert await last_of(another_worker(db), chain) == 2


async def test_a_redacted_message_still_counts_in_its_chain(rooms: MongoRooms, log: GroupCommitLog, db: Database):
    chain = a_chain(RoomId(new_id()))
    await rooms.open_chain(chain)
    await log.submit(said_in(chain, 0))
    message = said_in(chain, 1)
    stored = await log.submit(message)
    assert await log.redact(chain.room, stored.seq, message.account)
    assert await last_of(another_worker(db), chain) == 1


async def test_receipts_only_grow(rooms: MongoRooms):
    room, reader = RoomId(new_id()), UserId(new_id())
    assert await rooms.raise_receipt(Receipt(room, reader, 5, 3))
    assert not await rooms.raise_receipt(Receipt(room, reader, 4, 2))
    assert await rooms.raise_receipt(Receipt(room, reader, 4, 4))
    assert await rooms.receipts(room) == [Receipt(room, reader, 5, 4)]


async def test_receipts_raised_at_once_end_at_the_highest(rooms: MongoRooms):
    room, reader = RoomId(new_id()), UserId(new_id())
    raised = await asyncio.gather(*(rooms.raise_receipt(Receipt(room, reader, n, n)) for n in range(1, 20)))
    assert any(raised)
    assert await rooms.receipts(room) == [Receipt(room, reader, 19, 19)]


async def test_another_worker_forgets_a_changed_room_within_two_seconds(db: Database):
    room, other = await kept(db), another_worker(db)
    await other.get(room.id)
    changes = MongoChanges(db, datetime.now(UTC))

    async def follow() -> None:
        async for change in changes.follow():
            if change.kind == "room":
                other.drop(RoomId(change.id))

    following = asyncio.create_task(follow())
    try:
        await db.rooms.update_one({"_id": room.id}, {"$set": {"roster_version": 2}})
        await MongoChanges(db, datetime.now(UTC)).append([Change("room", room.id)])
        for _ in range(100):
            if await other.get(room.id) != room:
                break
            await asyncio.sleep(0.02)
        assert await other.get(room.id) == replace(room, roster_version=2)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
