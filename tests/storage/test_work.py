"""One command's changes: together or not at all, once, and never over somebody else's."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.dkx.event import GENESIS, event_hash
from hub.errors import Conflict
from hub.events import Event
from hub.ids import RoomId, new_id
from hub.ports import Applied, StaleWrite, Transaction
from hub.rental import Rental, State, Timer
from hub.room import EventEntry, Member, Room, RosterRole
from storage.mongo.items import MongoItems
from storage.mongo.log import GroupCommitLog
from storage.mongo.personal import PersonalFields
from storage.mongo.rentals import MongoRentals
from storage.mongo.rooms import MongoRooms
from storage.mongo.schema import SHAPES
from storage.mongo.store import Database
from storage.mongo.work import MongoWork
from tests.storage import world

TOLD = Event("rental_requested", "system", {"n": 1, "of": ["a", {"b": True}], "none": None})
BODY = b"b" * 32


@pytest.fixture
def db(store: Database) -> Database:
    """These tests count everything there is, so each has its own database."""
    return store


async def tell(tx: Transaction, rental: Rental, cmd_id: str = "", prev: bytes = GENESIS) -> EventEntry:
    """Append an event; ``prev`` is what the room's chain of events ended with."""
    cmd_id = cmd_id or new_id()
    return await tx.append_event(
        rental.room, rental.id, TOLD, cmd_id=cmd_id, body_hash=BODY, at=rental.updated_at, prev=prev
    )


async def stand(work: MongoWork, rental: Rental, cmd_id: str = "") -> EventEntry:
    """Keep a new rental with its room and first event."""
    async with work() as tx:
        await tx.add_rental(rental, world.room(rental))
        return await tell(tx, rental, cmd_id)


async def opened(work: MongoWork, cmd_id: str = "") -> tuple[Rental, EventEntry]:
    rental = world.rental()
    entry = await stand(work, rental, cmd_id)
    return replace(rental, event_head=entry.hash), entry


async def everything(store: Database) -> dict[str, list[dict]]:
    return {name: await store[name].find().sort("_id").to_list() for name in SHAPES}


async def test_a_new_rental_stands_with_its_room_and_first_event(work: MongoWork, store: Database, rooms: MongoRooms):
    rental, entry = await opened(work)
    assert await MongoRentals(store).get(rental.id, rental.owner) == rental
    assert await rooms.get(rental.room) == world.room(rental)
    assert (entry.seq, entry.prev_hash) == (1, GENESIS)


async def test_an_event_carries_the_hash_that_clients_compute(work: MongoWork, log: GroupCommitLog):
    rental, _ = await opened(work)
    (entry,) = (await log.forward(rental.room, 0, 10, None)).entries
    assert isinstance(entry, EventEntry)
    told = {"by": entry.by, "cmd_id": entry.cmd_id, "data": entry.data, "type": entry.type, "at": entry.at}
    assert entry.hash == event_hash(GENESIS, told | {"room": rental.room, "seq": entry.seq})
    assert entry.at == "2026-07-04T08:00:00Z"


async def test_events_and_messages_share_one_log_but_events_chain_among_themselves(
    work: MongoWork, log: GroupCommitLog
):
    rental, first = await opened(work)
    stored = await log.submit(world.message(rental.room))
    async with work() as tx:
        second = await tell(tx, rental, prev=first.hash)
    after = await log.submit(world.message(rental.room))
    assert [first.seq, stored.seq, second.seq, after.seq] == [1, 2, 3, 4]
    assert second.prev_hash == first.hash


async def test_what_a_command_did_is_known_by_its_id(work: MongoWork):
    cmd_id = new_id()
    rental, entry = await opened(work, cmd_id)
    assert await work.applied(rental.room, cmd_id) == Applied(rental.id, entry.seq, BODY)
    assert await work.applied(rental.room, new_id()) is None
    assert await work.applied(RoomId(new_id()), cmd_id) is None


async def test_an_error_leaves_nothing(work: MongoWork, store: Database, personal: PersonalFields):
    rental, first = await opened(work)
    item = world.item(rental.owner, world.place(rental.owner))
    calendar = world.calendar(item.id)
    await store.calendars.insert_one({"_id": item.id, "rev": 1, "cap": 1, "busy": [], "blocks": [], "full": []})
    before = await everything(store)
    room = replace(world.room(rental), roster_version=2)

    async def command() -> None:
        async with work() as tx:
            await tx.save_rental(replace(rental, rev=2, state=State.CONFIRMED), 1)
            await tx.save_calendar(calendar, 1)
            await tell(tx, rental, prev=first.hash)
            await tx.save_roster(room, 1, 2)
            await tx.set_timers(rental.id, [Timer("offer_expire", world.NOW)])
            await tx.set_timer(item.id, "rivals", world.NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await command()
    assert await everything(store) == before


async def test_a_cancelled_command_leaves_nothing(work: MongoWork, store: Database):
    rental, first = await opened(work)
    before = await everything(store)
    inside = asyncio.Event()

    async def command() -> None:
        async with work() as tx:
            await tell(tx, rental, prev=first.hash)
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(command())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await everything(store) == before


async def test_a_rental_saved_meanwhile_is_not_overwritten(work: MongoWork, store: Database):
    rental, first = await opened(work)
    async with work() as tx:
        await tx.save_rental(replace(rental, rev=2), 1)
        second = await tell(tx, rental, prev=first.hash)
    with pytest.raises(StaleWrite):
        async with work() as tx:
            await tx.save_rental(replace(rental, rev=2, state=State.CANCELLED), 1)
    saved = await MongoRentals(store).get(rental.id, None)
    assert saved == replace(rental, rev=2, event_head=second.hash)


async def test_a_calendar_counts_its_own_revisions(work: MongoWork, store: Database, personal: PersonalFields):
    item, items = await listed(store)
    calendar = await items.calendar(item.id)
    async with work() as tx:
        await tx.save_calendar(replace(calendar, busy=()), calendar.rev)
    assert await items.calendar(item.id) == replace(calendar, busy=(), rev=calendar.rev + 1)
    with pytest.raises(StaleWrite):
        async with work() as tx:
            await tx.save_calendar(calendar, calendar.rev)


async def test_of_many_who_take_the_last_unit_at_once_one_gets_it(
    work: MongoWork, store: Database, personal: PersonalFields
):
    item, items = await listed(store)
    calendar = await items.calendar(item.id)
    rivals = [(await opened(work))[0] for _ in range(12)]

    async def accept(rental: Rental) -> None:
        async with work() as tx:
            await tx.save_rental(replace(rental, rev=2, state=State.CONFIRMED), 1)
            await tx.save_calendar(calendar, calendar.rev)
            await tell(tx, rental, prev=rental.event_head or GENESIS)

    outcomes = await asyncio.gather(*(accept(rental) for rental in rivals), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleWrite) for outcome in outcomes)
    assert await store.rentals.count_documents({"state": State.CONFIRMED.value}) == 1
    assert await store.entries.count_documents({}) == len(rivals) + 1


async def test_of_many_commands_of_one_rental_at_once_one_is_applied(work: MongoWork, store: Database):
    rental, first = await opened(work)

    async def act(cmd_id: str) -> None:
        async with work() as tx:
            await tx.save_rental(replace(rental, rev=2), 1)
            await tell(tx, rental, cmd_id, first.hash)

    commands = [new_id() for _ in range(12)]
    outcomes = await asyncio.gather(*map(act, commands), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    applied = [await work.applied(rental.room, command) for command in commands]
    assert [done is not None for done in applied] == [outcome is None for outcome in outcomes]


async def test_an_event_behind_an_outdated_chain_is_refused(work: MongoWork):
    rental, _ = await opened(work)
    with pytest.raises(StaleWrite):
        async with work() as tx:
            await tell(tx, rental, prev=GENESIS)


async def test_the_same_command_twice_at_once_is_applied_once(work: MongoWork, store: Database):
    rental, first = await opened(work)
    cmd_id = new_id()

    async def act() -> None:
        async with work() as tx:
            await tell(tx, rental, cmd_id, first.hash)

    outcomes = await asyncio.gather(*(act() for _ in range(8)), return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await store.entries.count_documents({}) == 2


async def test_commands_and_messages_at_once_leave_no_gap(work: MongoWork, log: GroupCommitLog, store: Database):
    rental, first = await opened(work)

    async def command() -> None:
        head = first.hash
        for _ in range(10):
            head = await once_more(head)

    async def once_more(head: bytes) -> bytes:
        while True:
            try:
                async with work() as tx:
                    entry = await tell(tx, rental, prev=head)
            except StaleWrite:
                continue
            return entry.hash

    async def talk() -> None:
        for _ in range(40):
            await log.submit(world.message(rental.room))

    await asyncio.gather(command(), talk(), talk())
    page = await log.forward(rental.room, 0, 200, None)
    assert [entry.seq for entry in page.entries] == list(range(1, 92))
    events = [entry for entry in page.entries if isinstance(entry, EventEntry)]
    assert [event.prev_hash for event in events] == [GENESIS, *(event.hash for event in events[:-1])]


async def test_a_room_that_exists_is_not_opened_again(work: MongoWork):
    rental, _ = await opened(work)
    thief = world.rental(room=rental.room)
    with pytest.raises(Conflict) as refusal:
        await stand(work, thief)
    assert refusal.value.code == "room_taken"


async def test_the_same_opening_twice_is_a_repeat(work: MongoWork):
    cmd_id = new_id()
    rental, _ = await opened(work, cmd_id)
    again = world.rental(room=rental.room)
    with pytest.raises(StaleWrite):
        await stand(work, again, cmd_id)


async def test_of_many_openings_of_one_room_at_once_one_stands(work: MongoWork, store: Database):
    room, cmd_id = RoomId(new_id()), new_id()

    openings = [stand(work, world.rental(room=room), cmd_id) for _ in range(8)]
    outcomes = await asyncio.gather(*openings, return_exceptions=True)
    assert sum(isinstance(outcome, EventEntry) for outcome in outcomes) == 1
    assert all(isinstance(outcome, EventEntry | StaleWrite) for outcome in outcomes)
    assert await store.rentals.count_documents({}) == await store.rooms.count_documents({}) == 1


async def test_a_roster_changes_who_is_in_the_room_and_every_worker_hears_of_it(
    work: MongoWork, rooms: MongoRooms, store: Database
):
    rental, first = await opened(work)
    before = await rooms.get(rental.room)
    assert before is not None
    changed = changed_roster(before)
    async with work() as tx:
        await tell(tx, rental, prev=first.hash)
        await tx.save_roster(changed, 1, 2)
    assert await rooms.get(rental.room) == changed
    assert await store.changes.count_documents({"kind": "room", "id": rental.room}) == 1
    with pytest.raises(StaleWrite):
        async with work() as tx:
            await tx.save_roster(changed, 1, 2)


async def test_exactly_the_timers_of_the_last_command_stand(work: MongoWork, store: Database):
    rental, _ = await opened(work)
    soon, later = world.NOW, world.NOW + timedelta(hours=1)
    for timers in ([Timer("idle_close", soon)], [Timer("offer_expire", later)]):
        async with work() as tx:
            await tx.set_timers(rental.id, timers)
    standing = await store.timers.find().to_list()
    assert [(timer["target"], timer["kind"], timer["due_at"]) for timer in standing] == [
        (rental.id, "offer_expire", later)
    ]


def changed_roster(room: Room) -> Room:
    third = Member(world.user().id, RosterRole.MEDIATOR, 2)
    return replace(room, members=(*room.members, third), roster=b"two", roster_version=2, roster_hash=b"2" * 32)


async def listed(store: Database):
    """An item with a calendar, and where it is kept."""
    owner = world.user().id
    item, items = world.item(owner, world.place(owner)), MongoItems(store)
    await items.add(item, world.calendar(item.id))
    return item, items
