"""Who is in a room is signed by its people; the hub checks it and never makes it up."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from crypto.dkx.roster import Member, Role, Roster
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import SigningKey
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound, Unauthenticated
from hub.ids import RoomId, new_id
from hub.room import EventEntry, RosterRole
from hub.usecases.booking import RequestRental, request_rental
from hub.usecases.messaging import (
    ListRosters,
    PageHistory,
    PublishedRoster,
    PublishRoster,
    list_rosters,
    page_history,
    publish_roster,
)
from tests.support.world import Neighbour, Pen, World, cmd_id, now_ms, roster


def refused(code: str, kind: type[HubError] = Invalid) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


class Village:
    """Anna lends, Bernd asks, Carla stands by."""

    def __init__(self, world: World, anna: Neighbour, bernd: Neighbour, carla: Neighbour) -> None:
        self.world, self.ports = world, world.ports
        self.anna, self.bernd, self.carla = anna, bernd, carla

    async def ask(self, **changes: Any) -> RequestRental:
        return replace(self.world.asking(self.bernd, self.anna, await self.world.item(self.anna)), **changes)

    async def room(self) -> Roster:
        command = await self.ask()
        await request_rental(self.ports, self.bernd.actor, command)
        return Roster.parse(command.roster)

    async def publish(self, by: Neighbour, previous: Roster, members: Sequence[Member]) -> PublishedRoster:
        new = signing.next_roster(by.device, previous, members, now_ms=now_ms())
        command = PublishRoster(cmd_id(), RoomId(previous.room.hex()), new.raw)
        return await publish_roster(self.ports, by.actor, command)


@pytest.fixture
async def village(world: World) -> Village:
    return Village(world, *[await world.person() for _ in range(3)])


async def test_a_rental_without_a_roster_is_refused(village: Village) -> None:
    with refused("roster_missing", Conflict):
        await request_rental(village.ports, village.bernd.actor, await village.ask(roster=b""))


async def test_a_first_roster_must_name_exactly_the_two(village: Village) -> None:
    room, bernd = new_id(), village.bernd
    renter, owner = bernd.member(Role.RENTER), village.anna.member(Role.OWNER)
    wrong = [
        [renter],
        [renter, owner, village.carla.member(Role.OBSERVER)],
        [renter, owner._replace(aik=SigningKey.generate().public)],
        [renter._replace(role=Role.OWNER), owner._replace(role=Role.RENTER)],
        [renter, village.carla.member(Role.OWNER)],
    ]
    for members in wrong:
        made = signing.first_roster(bernd.device, bytes.fromhex(room), members, now_ms=now_ms())
        with refused("roster_invalid"):
            await request_rental(village.ports, bernd.actor, await village.ask(room=RoomId(room), roster=made.raw))


async def test_a_first_roster_must_be_signed_by_who_asks_for_this_room(village: Village) -> None:
    bernd, room = village.bernd, RoomId(new_id())
    forged = replace(bernd.device, dsk=SigningKey.generate())
    members = [bernd.member(Role.RENTER), village.anna.member(Role.OWNER)]
    by_forger = signing.first_roster(forged, bytes.fromhex(room), members, now_ms=now_ms()).raw
    by_owner = signing.first_roster(village.anna.device, bytes.fromhex(room), members, now_ms=now_ms()).raw
    elsewhere = roster(bernd, village.anna, new_id()).raw
    for raw in (by_forger, by_owner, elsewhere, b"junk"):
        with refused("roster_invalid"):
            await request_rental(village.ports, bernd.actor, await village.ask(room=room, roster=raw))
    with refused("device_required", Unauthenticated):
        await request_rental(village.ports, replace(bernd.actor, device=None), await village.ask())


async def test_with_an_owner_who_has_no_device_the_rental_works_and_the_chat_waits(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person()
    applied = await world.request(bernd, anna, await world.item(anna))
    room = await world.ports.rooms.get(applied.sheet.rental.room)
    assert room is not None
    assert set(room.users()) == {anna.user.id, bernd.user.id}
    first = Roster.parse(room.roster)
    assert [row.account for row in first.members] == [bernd.account]
    await world.accept(anna, applied)
    await Pen(world, bernd, [bernd], room.id, first).send(Pen(world, bernd, [bernd], room.id, first).write())

    await world.add_device(anna)
    waiting = Pen(world, bernd, [anna, bernd], room.id, first)
    with refused("roster_incomplete", Conflict) as refusal:
        await waiting.send(waiting.write())
    assert refusal.value.data == {"accounts": [anna.user.id]}
    village = Village(world, anna, bernd, anna)
    await village.publish(bernd, first, [*first.members, anna.member(Role.OWNER)])
    room = await world.ports.rooms.get(room.id)
    assert room is not None
    pen = Pen(world, bernd, [anna, bernd], room.id, Roster.parse(room.roster))
    await pen.send(pen.write())


async def test_a_mediator_is_let_in_by_a_row_of_the_log_and_reads_from_there(village: Village) -> None:
    first = await village.room()
    room = RoomId(first.room.hex())
    answer = await village.publish(village.anna, first, [*first.members, village.carla.member(Role.MEDIATOR)])
    assert (answer.version, answer.seq) == (2, 2)
    known = await village.ports.rooms.get(room)
    assert known is not None
    carla = known.member(village.carla.user.id)
    assert (carla.role, carla.joined_seq) == (RosterRole.MEDIATOR, 2)
    assert village.world.ear.of("roster:changed") == [{"room": room, "version": 2}]
    page = await page_history(village.ports, village.carla.actor, PageHistory(room))
    assert [entry.type for entry in page.entries if isinstance(entry, EventEntry)] == ["roster_changed"]
    assert page.floor == 2


async def test_a_mediator_may_leave_and_change_nothing_else(village: Village) -> None:
    first = await village.room()
    carla = village.carla.member(Role.MEDIATOR)
    await village.publish(village.bernd, first, [*first.members, carla])
    room = await village.ports.rooms.get(RoomId(first.room.hex()))
    assert room is not None
    second = Roster.parse(room.roster)
    forged = _unchecked(village.carla, second, [row for row in second.members if row.account != village.bernd.account])
    with refused("roster_forbidden", Forbidden):
        await publish_roster(village.ports, village.carla.actor, PublishRoster(cmd_id(), room.id, forged))
    await village.publish(village.carla, second, first.members)
    with refused("room_not_found", NotFound):
        await page_history(village.ports, village.carla.actor, PageHistory(room.id))


async def test_the_two_parties_cannot_be_put_out_or_doubled(village: Village) -> None:
    first = await village.room()
    anna, bernd, carla = village.anna, village.bernd, village.carla
    for members in (
        [bernd.member(Role.RENTER)],
        [*first.members, carla.member(Role.OWNER)],
        [anna.member(Role.OBSERVER), bernd.member(Role.RENTER)],
    ):
        with refused("roster_forbidden", Forbidden):
            await village.publish(bernd, first, members)
    stranger = carla.member(Role.OBSERVER)._replace(aik=SigningKey.generate().public)
    with refused("roster_invalid"):
        await village.publish(bernd, first, [*first.members, stranger])


async def test_two_rosters_at_once_are_one(village: Village) -> None:
    first = await village.room()
    carla = village.carla.member(Role.OBSERVER)
    outcomes = await asyncio.gather(
        village.publish(village.anna, first, [*first.members, carla]),
        village.publish(village.bernd, first, [*first.members, carla]),
        return_exceptions=True,
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert [refusal.code for refusal in lost] == ["roster_fork"]
    page = await page_history(village.ports, village.anna.actor, PageHistory(RoomId(first.room.hex())))
    assert [entry.seq for entry in page.entries] == [1, 2]


async def test_a_roster_sent_twice_is_one_row(village: Village) -> None:
    first = await village.room()
    members = [*first.members, village.carla.member(Role.OBSERVER)]
    new = signing.next_roster(village.bernd.device, first, members, now_ms=now_ms())
    command = PublishRoster(cmd_id(), RoomId(first.room.hex()), new.raw)
    one, two = [await publish_roster(village.ports, village.bernd.actor, command) for _ in range(2)]
    assert (one.seq, two.seq, two.duplicate) == (2, 2, True)


def _unchecked(by: Neighbour, previous: Roster, members: Sequence[Member]) -> bytes:
    """A roster that an honest device would not sign."""
    place = (previous.version + 1, previous.hash)
    return signing._roster(by.device, previous.room, place, members, now_ms=now_ms()).raw


async def test_every_roster_is_kept_and_who_came_later_reads_from_there_on(village: Village) -> None:
    first = await village.room()
    room = RoomId(first.room.hex())
    carla = village.carla.member(Role.OBSERVER)
    two = await village.publish(village.bernd, first, [*first.members, carla])
    second = Roster.parse((await village.ports.rooms.get(room)).roster)  # type: ignore[union-attr]
    three = await village.publish(village.anna, second, first.members)
    kept = await list_rosters(village.ports, village.bernd.actor, ListRosters(room))
    assert [(each.version, each.seq) for each in kept] == [(1, 0), (2, two.seq), (3, three.seq)]
    assert [Roster.parse(each.roster).version for each in kept] == [1, 2, 3]
    assert [each.version for each in await list_rosters(village.ports, village.anna.actor, ListRosters(room, 2))] == [3]
    with refused("room_not_found", NotFound):
        await list_rosters(village.ports, village.carla.actor, ListRosters(room))
    third = Roster.parse(kept[-1].roster)
    await village.publish(village.bernd, third, [*third.members, carla])
    seen = await list_rosters(village.ports, village.carla.actor, ListRosters(room))
    assert [each.version for each in seen] == [4]
