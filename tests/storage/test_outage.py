"""Commands and changes when MongoDB's answers are lost, the line is cut, or mongod is killed."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crypto.dkx.event import GENESIS
from crypto.fields import Keyring
from hub.errors import Unavailable
from hub.events import Event
from hub.ids import UserId, new_id
from hub.ports import Change, StaleWrite
from hub.rental import Rental
from storage.embedded import embedded_servers
from storage.embedded.folder import socket_folder
from storage.mongo import database as opening
from storage.mongo.audit import MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.database import migrate, open_client
from storage.mongo.log import GroupCommitLog
from storage.mongo.personal import PersonalFields
from storage.mongo.rentals import MongoRentals
from storage.mongo.rooms import MongoRooms
from storage.mongo.store import Database
from storage.mongo.work import MongoWork
from storage.servers import Servers
from tests.storage import world
from tests.storage.lossy import Wire, lossy, once
from tests.storage.world import RING, Listener
from tests.support.processes import kill, pids_naming, until

COMMIT = b"commitTransaction"
FAR = 1_000


@pytest.fixture
async def wire(servers: Servers, db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Wire, Database]]:
    monkeypatch.setattr(opening, "SELECTION_MS", 1_500)
    async with lossy(servers.mongodb_uri) as (wire, uri), open_client(uri) as client:
        yield wire, client[db.name]


def work_over(database: Database) -> MongoWork:
    log = GroupCommitLog(database, RING.mark, Listener())
    changes = MongoChanges(database, datetime.now(UTC))
    personal = PersonalFields(database, Keyring({"k1": bytes(32)}, "k1"), bytes(32))
    return MongoWork(database, changes, personal, MongoAudit(database, personal), MongoRooms(database, log), log)


async def open_rental(work: MongoWork, rental: Rental, cmd_id: str) -> None:
    async with work() as tx:
        await tx.add_rental(rental, world.room(rental))
        told = Event("rental_requested", rental.renter, {})
        await tx.append_event(
            rental.room, rental.id, told, cmd_id=cmd_id, body_hash=bytes(32), at=world.NOW, prev=GENESIS
        )


async def stored(db: Database, rental: Rental) -> bool:
    """Whether all of it is there; half of it fails the test."""
    kept = await MongoRentals(db).get(rental.id, None)
    room = await db.rooms.find_one({"_id": rental.room})
    events = await db.entries.count_documents({"rental": rental.id})
    assert (kept is not None) == (room is not None) == (events == 1)
    if kept:
        assert replace(kept, event_head=None) == rental
    return kept is not None


@pytest.mark.parametrize("times", [1, 2, FAR])
async def test_a_commit_whose_answers_are_lost_is_found_to_stand(
    wire: tuple[Wire, Database], db: Database, times: int
) -> None:
    rental, cmd_id = world.rental(), new_id()
    wire[0].lose_answer = once(COMMIT, times=times)
    await open_rental(work_over(wire[1]), rental, cmd_id)
    assert wire[0].lost >= min(times, 2)
    assert await stored(db, rental)
    assert await work_over(db).applied(rental.room, cmd_id) is not None


async def test_a_commit_that_never_arrives_may_be_done_again(wire: tuple[Wire, Database], db: Database) -> None:
    rental = world.rental()
    wire[0].lose_question = once(COMMIT, times=FAR)
    with pytest.raises(StaleWrite):
        await open_rental(work_over(wire[1]), rental, new_id())
    assert not await stored(db, rental)
    wire[0].lose_question = lambda _: False
    await open_rental(work_over(wire[1]), rental, new_id())
    assert await stored(db, rental)


async def test_a_line_cut_at_the_commit_is_an_unknown_outcome(wire: tuple[Wire, Database], db: Database) -> None:
    def cut(question: bytes) -> bool:
        wire[0].cut = wire[0].cut or COMMIT in question
        return wire[0].cut

    rental = world.rental()
    wire[0].lose_answer = cut
    with pytest.raises(Unavailable) as refusal:
        await open_rental(work_over(wire[1]), rental, new_id())
    assert (refusal.value.code, refusal.value.retry) == ("unknown_outcome", True)
    assert await stored(db, rental), "it had arrived, which is why nobody may say that it failed"


async def test_a_line_cut_before_the_commit_leaves_nothing(wire: tuple[Wire, Database], db: Database) -> None:
    rental = world.rental()
    wire[0].lose_question = once(b"insert\0\x06\0\0\0rooms\0", times=FAR)
    with pytest.raises(Unavailable) as refusal:
        await open_rental(work_over(wire[1]), rental, new_id())
    assert refusal.value.code == "store_unavailable"
    assert not await stored(db, rental)


async def test_a_reader_without_a_server_is_told_soon(wire: tuple[Wire, Database]) -> None:
    wire[0].cut = True
    with pytest.raises(Unavailable):
        async with asyncio.timeout(3):
            await MongoRentals(wire[1]).of(UserId(new_id()), 1)


async def test_changes_of_a_time_without_a_line_are_heard_afterwards(wire: tuple[Wire, Database], db: Database) -> None:
    near, change = MongoChanges(db, datetime.now(UTC)), Change("session", new_id())
    async with heard_by(MongoChanges(wire[1], datetime.now(UTC))) as heard:
        await near.append([Change("session", "before")])
        await until_heard(heard, Change("session", "before"))
        wire[0].cut = True
        await near.append([change])
        await asyncio.sleep(1)
        assert change not in heard
        wire[0].cut = False
        await until_heard(heard, change)
    assert heard.count(change) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")
async def test_a_killed_mongod_loses_no_command_and_no_change(tmp_path: Path) -> None:
    async with embedded_servers(tmp_path) as servers, open_client(servers.mongodb_uri) as client:
        database = client["killed"]
        await migrate(database)
        changes, work = MongoChanges(database, datetime.now(UTC)), work_over(database)
        async with heard_by(changes) as heard:
            rentals = [world.rental() for _ in range(60)]
            opening_all = asyncio.create_task(open_each(work, rentals))
            await asyncio.sleep(0.2)
            kill(pids_naming(socket_folder(tmp_path))["mongod"])
            await opening_all
            await patiently_append(changes, Change("session", "after"))
            await until_heard(heard, Change("session", "after"))
        assert all([await stored(database, rental) for rental in rentals])
        assert await database.entries.count_documents({}) == len(rentals)


async def open_each(work: MongoWork, rentals: list[Rental]) -> None:
    """One command after another, each sent again with its id until it is answered: what a client does."""
    for rental in rentals:
        cmd_id = new_id()
        while await missing(work, rental, cmd_id):
            try:
                await open_rental(work, rental, cmd_id)
            except (Unavailable, StaleWrite):
                await asyncio.sleep(0.05)


async def missing(work: MongoWork, rental: Rental, cmd_id: str) -> bool:
    try:
        return await work.applied(rental.room, cmd_id) is None
    except Unavailable:
        return True


async def patiently_append(changes: MongoChanges, change: Change) -> None:
    for _ in range(100):
        try:
            return await changes.append([change])
        except Unavailable:
            await asyncio.sleep(0.1)
    raise TimeoutError


@asynccontextmanager
async def heard_by(changes: MongoChanges) -> AsyncIterator[list[Change]]:
    """What a follower hears, for as long as the block lasts."""
    heard: list[Change] = []

    async def follow() -> None:
        async for change in changes.follow():
            heard.append(change)  # noqa: PERF401 - heard while it grows

    following = asyncio.create_task(follow())
    try:
        yield heard
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def until_heard(heard: list[Change], change: Change) -> None:
    await until(lambda: change in heard)


async def test_a_request_that_is_cancelled_while_it_commits_still_commits(
    wire: tuple[Wire, Database], db: Database
) -> None:
    rental, committing = world.rental(), asyncio.Event()

    def watch(question: bytes) -> bool:
        if COMMIT in question:
            committing.set()
        return False

    wire[0].lose_question = watch
    request = asyncio.create_task(open_rental(work_over(wire[1]), rental, new_id()))
    await committing.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert await stored(db, rental)
