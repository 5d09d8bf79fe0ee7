"""Bargaining over one thing: offers, answers, and what follows, on the real stores."""

import asyncio
import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crypto.dkx.event import GENESIS, event_hash
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from hub.ids import RoomId, new_id
from hub.item import Rules
from hub.rental import State
from hub.room import EventEntry
from hub.usecases.booking import (
    AcceptOffer,
    CancelRental,
    CounterOffer,
    DeclineRental,
    GetRental,
    InquireRental,
    ListRentals,
    MakeOffer,
    ReadPlace,
    ReviseOffer,
    WithdrawRental,
    accept_offer,
    cancel_rental,
    counter_offer,
    decline_rental,
    get_rental,
    inquire_rental,
    list_rentals,
    make_offer,
    read_place,
    request_rental,
    revise_offer,
    withdraw_rental,
)
from hub.usecases.deadlines import fire_timer
from hub.usecases.dealing import AppliedCommand
from tests.support.world import Neighbour, World, cmd_id, roster

ROUNDS = int(os.environ.get("DORFKISTE_RACE_ROUNDS", "1"))


class Talk:
    """Anna has a drill, Bernd has asked for it."""

    def __init__(self, world: World, anna: Neighbour, bernd: Neighbour, applied: AppliedCommand) -> None:
        self.world, self.anna, self.bernd = world, anna, bernd
        self.applied = applied
        self.rental = applied.sheet.rental

    async def counter(self, by: Neighbour, rev: int, price: int = 800) -> AppliedCommand:
        start, end = self.world.days(2, 3)
        command = CounterOffer(cmd_id(), self.rental.id, rev, start, end, price, negotiated=True)
        return await counter_offer(self.world.ports, by.actor, command)

    async def accept(self, by: Neighbour, rev: int, **more: Any) -> AppliedCommand:
        return await accept_offer(self.world.ports, by.actor, AcceptOffer(cmd_id(), self.rental.id, rev, **more))

    async def events(self) -> list[EventEntry]:
        page = await self.world.ports.log.forward(self.rental.room, 0, 100, None)
        return [entry for entry in page.entries if isinstance(entry, EventEntry)]


@pytest.fixture
async def talk(world: World) -> Talk:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    return Talk(world, anna, bernd, await world.request(bernd, anna, item))


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def test_a_request_opens_a_room_with_its_first_row(talk: Talk) -> None:
    room = await talk.world.ports.rooms.get(talk.rental.room)
    assert room is not None
    assert set(room.users()) == {talk.anna.user.id, talk.bernd.user.id}
    assert [event.type for event in await talk.events()] == ["rental_requested"]
    assert talk.applied.sheet.allowed_actions == ("revise", "withdraw")


async def test_both_are_told_of_the_room_before_its_first_row(talk: Talk) -> None:
    told = [(audience, event) for audience, event, _ in talk.world.ear.heard if event.startswith(("room", "rental"))]
    assert {audience for audience, _ in told[:2]} == {("user", talk.bernd.user.id), ("user", talk.anna.user.id)}
    assert [event for _, event in told] == ["room:head", "room:head", "rental:changed"]


async def test_they_bargain_and_agree(talk: Talk) -> None:
    await talk.counter(talk.anna, 1, 900)
    await talk.counter(talk.bernd, 2, 850)
    agreed = await talk.accept(talk.anna, 3)
    assert agreed.sheet.rental.state is State.CONFIRMED
    assert agreed.sheet.rental.live.terms.price == 850
    events = await talk.events()
    assert [event.type for event in events] == [
        "rental_requested",
        "offer_countered",
        "offer_countered",
        "offer_accepted",
    ]
    calendar = await talk.world.ports.items.calendar(talk.rental.item)
    assert [busy.rental for busy in calendar.busy] == [talk.rental.id]


async def test_the_rows_of_a_room_are_a_hash_chain_that_anybody_can_check(talk: Talk) -> None:
    await talk.counter(talk.anna, 1)
    await talk.accept(talk.bernd, 2)
    previous = GENESIS
    for event in await talk.events():
        assert event.prev_hash == previous
        previous = event_hash(
            previous,
            {
                "at": event.at,
                "by": event.by,
                "cmd_id": event.cmd_id,
                "data": event.data,
                "room": talk.rental.room,
                "seq": event.seq,
                "type": event.type,
            },
        )
        assert event.hash == previous


async def test_a_superseded_offer_cannot_be_accepted_and_leaves_the_calendar_alone(talk: Talk) -> None:
    await talk.counter(talk.anna, 1)
    with refused("offer_superseded"):
        await talk.accept(talk.bernd, 1)
    assert (await talk.world.ports.items.calendar(talk.rental.item)).busy == ()


async def test_a_revised_offer_supersedes_ones_own(talk: Talk) -> None:
    start, end = talk.world.days(4, 6)
    command = ReviseOffer(cmd_id(), talk.rental.id, 1, start, end, 2000)
    revised = await revise_offer(talk.world.ports, talk.bernd.actor, command)
    assert revised.sheet.rental.live.rev == 2
    with refused("offer_superseded"):
        await talk.accept(talk.anna, 1)


async def test_nobody_accepts_their_own_offer(talk: Talk) -> None:
    with refused("not_your_turn"):
        await talk.accept(talk.bernd, 1)


async def test_a_command_for_an_older_revision_is_refused(talk: Talk) -> None:
    await talk.counter(talk.anna, 1)
    with refused("rental_changed") as refusal:
        await talk.accept(talk.bernd, 2, expected_rev=1)
    assert refusal.value.data == {"rev": 2}


async def test_a_price_the_client_did_not_see_is_refused(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna, day=1200)
    with refused("price_changed") as refusal:
        await world.request(bernd, anna, item, price=1000)
    assert refusal.value.data["price"] == 1200


async def test_the_same_command_five_times_at_once_is_one_row(talk: Talk) -> None:
    command = AcceptOffer(cmd_id(), talk.rental.id, 1)
    tries = [accept_offer(talk.world.ports, talk.anna.actor, command) for _ in range(5)]
    answers = await asyncio.gather(*tries)
    assert {answer.seq for answer in answers} == {2}
    assert sorted(answer.duplicate for answer in answers) == [False, True, True, True, True]
    assert len(await talk.events()) == 2


async def test_a_request_sent_twice_opens_one_room(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    command = world.asking(bernd, anna, await world.item(anna))
    first, second = await asyncio.gather(*(request_rental(world.ports, bernd.actor, command) for _ in range(2)))
    assert first.sheet.rental.id == second.sheet.rental.id
    assert {first.duplicate, second.duplicate} == {True, False}


async def test_another_command_under_the_same_id_is_refused(talk: Talk) -> None:
    command = AcceptOffer(cmd_id(), talk.rental.id, 1)
    await accept_offer(talk.world.ports, talk.anna.actor, command)
    for changed, actor in ((replace(command, rev=2), talk.anna.actor), (command, talk.bernd.actor)):
        with refused("cmd_mismatch"):
            await accept_offer(talk.world.ports, actor, changed)


async def test_a_room_cannot_be_opened_twice(talk: Talk) -> None:
    item = await talk.world.item(talk.anna)
    with refused("room_taken"):
        await talk.world.request(talk.bernd, talk.anna, item, room=talk.rental.room)


async def test_an_inquiry_becomes_an_offer_by_either_side(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    start, end = world.days(2, 3)
    for by, event in ((bernd, "rental_requested"), (anna, "offer_made")):
        room = RoomId(new_id())
        command = InquireRental(cmd_id(), item.id, room, roster(bernd, anna, room).raw)
        asked = await inquire_rental(world.ports, bernd.actor, command)
        offer = MakeOffer(cmd_id(), asked.sheet.rental.id, start, end, 1000)
        answer = await make_offer(world.ports, by.actor, offer)
        assert answer.sheet.rental.state is State.NEGOTIATING
        page = await world.ports.log.forward(room, 1, 10, None)
        assert [entry.type for entry in page.entries if isinstance(entry, EventEntry)] == [event]


async def test_the_owner_declines_and_the_renter_withdraws(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    one, two = [(await world.request(bernd, anna, item)).sheet.rental.id for _ in range(2)]
    declined = await decline_rental(world.ports, anna.actor, DeclineRental(cmd_id(), one, "not_available"))
    withdrawn = await withdraw_rental(world.ports, bernd.actor, WithdrawRental(cmd_id(), two, "changed_mind"))
    assert declined.sheet.rental.state is State.DECLINED
    assert withdrawn.sheet.rental.state is State.WITHDRAWN
    with refused("not_your_role", Forbidden):
        await decline_rental(world.ports, bernd.actor, DeclineRental(cmd_id(), one, "no"))


async def test_a_stranger_learns_nothing_of_a_rental(talk: Talk) -> None:
    ports, rental = talk.world.ports, talk.rental.id
    actor = (await talk.world.person()).actor
    start, end = talk.world.days(2, 3)
    tries = [
        get_rental(ports, actor, GetRental(rental)),
        read_place(ports, actor, ReadPlace(rental)),
        make_offer(ports, actor, MakeOffer(cmd_id(), rental, start, end, 1)),
        counter_offer(ports, actor, CounterOffer(cmd_id(), rental, 1, start, end, 1)),
        revise_offer(ports, actor, ReviseOffer(cmd_id(), rental, 1, start, end, 1)),
        accept_offer(ports, actor, AcceptOffer(cmd_id(), rental, 1)),
        decline_rental(ports, actor, DeclineRental(cmd_id(), rental, "no")),
        withdraw_rental(ports, actor, WithdrawRental(cmd_id(), rental, "no")),
        cancel_rental(ports, actor, CancelRental(cmd_id(), rental, "no")),
    ]
    for attempt in tries:
        with refused("rental_not_found", NotFound):
            await attempt
    assert await list_rentals(ports, actor, ListRentals()) == []


async def test_cancelling_frees_the_dates(talk: Talk) -> None:
    await talk.accept(talk.anna, 1)
    cancelled = await cancel_rental(
        talk.world.ports, talk.bernd.actor, CancelRental(cmd_id(), talk.rental.id, "illness")
    )
    assert cancelled.sheet.rental.state is State.CANCELLED
    calendar = await talk.world.ports.items.calendar(talk.rental.item)
    assert (calendar.busy, calendar.full) == ((), ())


async def test_an_offer_expires_when_its_time_has_come_and_not_before(talk: Talk) -> None:
    assert await talk.world.fire_due() == []
    talk.world.clock.moved = timedelta(hours=25)
    assert await talk.world.fire_due() == ["offer_expire"]
    sheet = await get_rental(talk.world.ports, talk.bernd.actor, GetRental(talk.rental.id))
    assert (sheet.rental.state, sheet.rental.closed_reason) == (State.EXPIRED, "offer_expired")
    with refused("offer_expired"):
        await talk.accept(talk.anna, 1)


async def test_an_expired_offer_cannot_be_accepted_even_before_its_timer(talk: Talk) -> None:
    talk.world.clock.moved = timedelta(hours=25)
    with refused("offer_expired"):
        await talk.accept(talk.anna, 1)


async def test_a_timer_that_comes_late_or_twice_does_nothing(talk: Talk) -> None:
    talk.world.clock.moved = timedelta(hours=25)
    timer = await talk.world.ports.timers.claim(talk.world.clock.now())
    assert timer is not None
    talk.world.clock.moved = timedelta()
    await fire_timer(talk.world.ports, timer)
    await talk.accept(talk.anna, 1)
    talk.world.clock.moved = timedelta(hours=25)
    await asyncio.gather(*(fire_timer(talk.world.ports, timer) for _ in range(3)))
    assert [event.type for event in await talk.events()] == ["rental_requested", "offer_accepted"]


async def test_two_workers_firing_one_timer_write_one_row(talk: Talk) -> None:
    talk.world.clock.moved = timedelta(hours=25)
    timer = await talk.world.ports.timers.claim(talk.world.clock.now())
    assert timer is not None
    await asyncio.gather(*(fire_timer(talk.world.ports, timer) for _ in range(4)))
    assert [event.type for event in await talk.events()] == ["rental_requested", "offer_expired"]


async def test_rivals_who_no_longer_fit_are_told_that_the_thing_is_taken(world: World) -> None:
    anna, bernd, carla, dora = [await world.person() for _ in range(4)]
    item = await world.item(anna)
    wanted = await world.request(bernd, anna, item)
    rival = await world.request(carla, anna, item)
    start, end = world.days(10, 11)
    later = await world.request(dora, anna, item, start=start, end=end)
    await world.accept(anna, wanted)
    assert await world.fire_due() == ["rivals"]
    states = [
        (await get_rental(world.ports, anna.actor, GetRental(known.sheet.rental.id))).rental.state
        for known in (wanted, rival, later)
    ]
    assert states == [State.CONFIRMED, State.EXPIRED, State.NEGOTIATING]
    with refused("slot_unavailable"):
        await world.accept(anna, rival)


@pytest.mark.parametrize("units", [1, 3])
async def test_when_many_accept_at_once_nobody_is_overbooked(world: World, units: int) -> None:
    rivals = 8
    anna = await world.person()
    item = await world.item(anna, units=units)
    asked = [await world.request(await world.person(), anna, item) for _ in range(rivals)]
    outcomes = await asyncio.gather(*(world.accept(anna, known) for known in asked), return_exceptions=True)
    won = [outcome for outcome in outcomes if isinstance(outcome, AppliedCommand)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert len(won) == units
    assert len(lost) == rivals - units
    assert {refusal.code for refusal in lost} == {"slot_unavailable"}
    calendar = await world.ports.items.calendar(item.id)
    assert {busy.rental for busy in calendar.busy} == {applied.sheet.rental.id for applied in won}


@pytest.mark.parametrize("units", [1, 3])
async def test_round_after_round_of_thirty_two_rivals_overbook_nothing(world: World, units: int) -> None:
    anna = await world.person()
    people = [await world.person() for _ in range(32)]
    for _ in range(ROUNDS):
        item = await world.item(anna, units=units)
        asked = [await world.request(person, anna, item) for person in people]
        outcomes = await asyncio.gather(*(world.accept(anna, known) for known in asked), return_exceptions=True)
        assert sum(isinstance(outcome, AppliedCommand) for outcome in outcomes) == units
        assert {outcome.code for outcome in outcomes if isinstance(outcome, HubError)} == {"slot_unavailable"}
        assert len((await world.ports.items.calendar(item.id)).busy) == units
        for known in asked:
            if (
                rental := await world.ports.rentals.get(known.sheet.rental.id, None)
            ) and rental.state is State.CONFIRMED:
                await cancel_rental(world.ports, anna.actor, CancelRental(cmd_id(), rental.id, "owner_needs"))
            else:
                await world.fire_due()


async def test_accepting_and_cancelling_at_once_keep_calendar_and_rentals_together(world: World) -> None:
    anna = await world.person()
    item = await world.item(anna, units=2)
    asked = [await world.request(await world.person(), anna, item) for _ in range(6)]

    async def agree_and_cancel(applied: AppliedCommand) -> None:
        try:
            await world.accept(anna, applied)
            await cancel_rental(world.ports, anna.actor, CancelRental(cmd_id(), applied.sheet.rental.id, "owner_needs"))
        except Conflict as lost:
            assert lost.code == "slot_unavailable"  # noqa: PT017 - losing is one of two right outcomes

    await asyncio.gather(*(agree_and_cancel(applied) for applied in asked))
    assert (await world.ports.items.calendar(item.id)).busy == ()


async def test_the_exact_place_is_shown_only_while_agreed_and_each_read_is_a_row(talk: Talk) -> None:
    ports, read = talk.world.ports, ReadPlace(talk.rental.id)
    with refused("place_hidden", Forbidden):
        await read_place(ports, talk.bernd.actor, read)
    await talk.accept(talk.anna, 1)
    place = await read_place(ports, talk.bernd.actor, read)
    assert (place.address, place.exact.lat) == ("Geheimweg 7, 12345 Musterdorf", 52.520008)
    assert (await talk.events())[-1].type == "place_read"
    await cancel_rental(ports, talk.anna.actor, CancelRental(cmd_id(), talk.rental.id, "owner_needs"))
    with refused("place_hidden", Forbidden):
        await read_place(ports, talk.bernd.actor, read)


async def test_a_renter_has_three_negotiations_about_one_thing(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    for _ in range(3):
        await world.request(bernd, anna, item)
    with refused("quota_exceeded"):
        await world.request(bernd, anna, item)


async def test_dates_outside_the_owners_rules_are_refused(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna, rules=Rules(lead_min=5 * 24 * 60, max_days=3))
    with refused("outside_window", Invalid):
        await world.request(bernd, anna, item)
    start, end = world.days(10, 20)
    with refused("too_long", Invalid):
        await world.request(bernd, anna, item, start=start, end=end, price=10_000)


async def test_nobody_rents_from_themselves(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    with refused("own_item", Forbidden):
        await world.request(anna, bernd, item)
