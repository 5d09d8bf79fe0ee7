"""Handing over and giving back on the real stores: codes, races, the calendar, and those who come next."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, Forbidden, HubError, NotFound
from hub.rental import CaseKind, CodeKind, EntryKind, Rental, State, told
from hub.usecases.booking import CancelRental, ReadPlace, cancel_rental, read_place
from hub.usecases.handing import (
    DisputeRentalReturn,
    GetCode,
    HandOverRental,
    ReturnRental,
    dispute_return,
    get_code,
    hand_over_rental,
    return_rental,
)
from hub.usecases.notifying import ListNotifications, list_notifications
from hub.usecases.upkeep import compare_calendars
from storage.mongo.codes import TRIES
from tests.hub.neighbours import merged
from tests.support.lending import TURNAROUND, Loan, agree, due, lend
from tests.support.world import World, cmd_id


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def sound(world: World) -> bool:
    return [difference async for difference in compare_calendars(world.ports)] == []


def busy_end(world: World, loan: Loan) -> Any:
    async def end() -> Any:
        calendar = await world.ports.items.calendar(loan.item.id)
        return next(busy.e for busy in calendar.busy if busy.rental == loan.id)

    return end()


# The whole way


async def test_a_thing_goes_out_and_comes_back_by_codes(world: World) -> None:
    loan = await due(world)
    out = (await loan.hand_over()).sheet.rental
    assert (out.state, out.handed_over.unilateral) == (State.ACTIVE, False)
    loan.later(hours=20)
    back = (await loan.give_back(code=await loan.code(CodeKind.RETURN))).sheet.rental
    assert (back.state, back.verified) == (State.RETURNED, True)
    done = (await loan.confirm()).sheet.rental
    assert (done.state, done.ended_at) == (State.COMPLETED, done.updated_at)
    assert [event.type for event in await loan.events()] == [
        "rental_requested",
        "offer_accepted",
        "payment_claimed",
        "payment_confirmed",
        "rental_handed_over",
        "rental_returned",
        "return_confirmed",
    ]
    assert told(done)["deposit"]["state"] == "released"
    assert await sound(world)


async def test_events_make_an_old_view_fresh(world: World) -> None:
    loan = await agree(world)
    first = loan.applied.seq
    view = told(await loan.now())
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    await loan.pay(EntryKind.RENT, 1000)
    loan.later(days=2)
    await loan.hand_over()
    await loan.give_back()
    await loan.report()
    for event in await loan.events():
        if event.seq > first:
            view = merged(view, event.data)
    assert view == told(await loan.now())


# Codes


async def test_each_side_is_shown_its_own_code_and_no_other(world: World) -> None:
    loan = await agree(world)
    codes = {kind: await loan.code(kind) for kind in CodeKind}
    assert all(len(code) == 6 and code.isdigit() for code in codes.values())
    assert codes == {kind: await loan.code(kind) for kind in CodeKind}
    with refused("not_your_role", Forbidden):
        await get_code(world.ports, loan.owner.actor, GetCode(loan.id, CodeKind.HAND_OVER))
    with refused("not_your_role", Forbidden):
        await get_code(world.ports, loan.renter.actor, GetCode(loan.id, CodeKind.RETURN))
    with refused("rental_not_found", NotFound):
        await get_code(world.ports, (await world.person()).actor, GetCode(loan.id, CodeKind.RETURN))


async def test_two_workers_make_one_code(world: World) -> None:
    loan = await agree(world)
    made = await asyncio.gather(*(loan.code(CodeKind.HAND_OVER) for _ in range(20)))
    assert len(set(made)) == 1


async def test_there_is_no_code_before_the_agreement_nor_after_the_end(world: World) -> None:
    owner, renter = await world.person(), await world.person()
    asked = await world.request(renter, owner, await world.item(owner))
    with refused("wrong_state"):
        await get_code(world.ports, renter.actor, GetCode(asked.sheet.rental.id, CodeKind.HAND_OVER))
    loan = await lend(world)
    with refused("wrong_state"):
        await loan.code(CodeKind.HAND_OVER)


async def test_no_code_is_ever_stored_or_told_in_the_clear(world: World) -> None:
    loan = await due(world)
    code = await loan.code(CodeKind.HAND_OVER)
    secret = (await get_code(world.ports, loan.renter.actor, GetCode(loan.id, CodeKind.HAND_OVER))).secret
    await loan.hand_over(code=code)
    kept = [
        str(document)
        for name in await world.database.list_collection_names()
        if name != "data_keys"
        async for document in world.database[name].find({})
    ]
    assert not any(f"'{code}'" in document or str(secret) in document for document in kept)
    assert not any(code in str(payload) for _, _, payload in world.ear.heard)


async def test_fifty_guesses_at_once_are_five_tries(world: World) -> None:
    loan = await due(world)
    right = await loan.code(CodeKind.HAND_OVER)
    wrong = [f"{number:06}" for number in range(51) if f"{number:06}" != right][:50]

    async def guess(code: str) -> str:
        try:
            await loan.hand_over(code=code)
        except HubError as error:
            return error.code
        return "right"

    assert Counter(await asyncio.gather(*map(guess, wrong))) == {"wrong_code": TRIES, "code_spent": 50 - TRIES}
    assert await guess(right) == "code_spent"
    shown = await get_code(world.ports, loan.renter.actor, GetCode(loan.id, CodeKind.HAND_OVER))
    with refused("wrong_code", Forbidden):
        await loan.hand_over(secret=bytes(16))
    assert (await loan.hand_over(secret=shown.secret)).sheet.rental.handed_over.unilateral is False


async def test_a_wrong_code_says_how_many_tries_are_left(world: World) -> None:
    loan = await due(world)
    wrong = "000000" if await loan.code(CodeKind.HAND_OVER) != "000000" else "000001"
    with refused("wrong_code", Forbidden) as refusal:
        await loan.hand_over(code=wrong)
    assert refusal.value.data == {"left": 4}
    assert (await loan.now()).state is State.CONFIRMED


async def test_a_hand_over_that_would_be_refused_anyway_costs_no_try(world: World) -> None:
    loan = await agree(world)
    for _ in range(TRIES + 1):
        with refused("too_early"):
            await loan.hand_over(code="000000")
    loan.later(days=2)
    for _ in range(TRIES + 1):
        with refused("deposit_missing"):
            await loan.hand_over(code="000000")
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    assert (await loan.hand_over()).sheet.rental.state is State.ACTIVE


async def test_the_same_hand_over_five_times_is_one(world: World) -> None:
    loan = await due(world)
    command = HandOverRental(cmd_id(), loan.id, await loan.code(CodeKind.HAND_OVER))
    tries = [hand_over_rental(world.ports, loan.owner.actor, command) for _ in range(5)]
    answers = await asyncio.gather(*tries)
    assert len({answer.seq for answer in answers}) == 1
    assert sorted(answer.duplicate for answer in answers) == [False, True, True, True, True]
    with refused("cmd_mismatch"):
        await hand_over_rental(world.ports, loan.owner.actor, replace(command, code="000000"))


async def test_without_a_code_the_word_of_the_owner_is_flagged(world: World) -> None:
    loan = await due(world)
    out = await hand_over_rental(world.ports, loan.owner.actor, HandOverRental(cmd_id(), loan.id))
    assert out.sheet.rental.handed_over.unilateral


# The calendar


async def test_a_hand_over_before_the_start_takes_the_time_until_then(world: World) -> None:
    loan = await agree(world)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    loan.later(days=1, hours=1)
    await loan.hand_over()
    calendar = await world.ports.items.calendar(loan.item.id)
    assert calendar.busy[0].s == (await loan.now()).handed_over.at < (await loan.now()).live.terms.start
    assert await sound(world)


async def test_nobody_gets_early_what_somebody_else_still_has(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner)
    first = await agree(world, item=item, owner=owner)
    start, end = world.days(3, 4)
    second = await agree(world, item=item, owner=owner, start=start, end=end)
    await first.pay(EntryKind.DEPOSIT_IN, 5000)
    await second.pay(EntryKind.DEPOSIT_IN, 5000)
    first.later(days=2, hours=3)
    await first.hand_over()
    with refused("slot_unavailable"):
        await second.hand_over()


async def test_a_declared_return_keeps_the_calendar_and_a_verified_one_frees_it(world: World) -> None:
    loan = await lend(world)
    agreed = await busy_end(world, loan)
    loan.later(hours=2)
    await loan.give_back()
    assert await busy_end(world, loan) == agreed
    with refused("code_required"):
        await loan.give_back()
    back = (await loan.give_back(code=await loan.code(CodeKind.RETURN))).sheet.rental
    assert await busy_end(world, loan) == back.returned.verified_at + timedelta(minutes=30)
    assert await sound(world)


async def test_what_is_late_is_held_on_and_on_and_the_next_are_warned(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner, rules=TURNAROUND)
    late = await lend(world, item=item, owner=owner)
    start, end = world.days(1, 2)
    soon = await agree(world, item=item, owner=owner, start=start + timedelta(hours=1), end=end)
    late.later(days=1, hours=3)
    fired = Counter(await world.fire_due())
    assert {name: fired[name] for name in ("rivals", "overdue", "next")} == {"rivals": 1, "overdue": 1, "next": 1}
    rental = await late.now()
    assert rental.overdue_since is not None
    assert await busy_end(world, late) == rental.extended_at + timedelta(days=1, minutes=30)
    assert (await soon.now()).at_risk_since is not None
    assert (await soon.events())[-1].type == "rental_at_risk"
    heard = await list_notifications(world.ports, soon.renter.actor, ListNotifications())
    assert "rental_at_risk" in {notice.type for notice in heard.notifications}
    late.later(hours=12)
    assert "overdue" in await world.fire_due()
    assert await sound(world)
    await late.give_back(code=await late.code(CodeKind.RETURN))
    await world.fire_due()
    assert (await soon.now()).at_risk_since is not None
    late.later(minutes=31)
    await world.fire_due()
    assert (await soon.now()).at_risk_since is None
    assert (await soon.events())[-1].type == "rental_safe"
    assert await sound(world)


async def test_a_disputed_return_is_no_return(world: World) -> None:
    loan = await lend(world)
    await loan.give_back()
    command = DisputeRentalReturn(cmd_id(), loan.id)
    rental = (await dispute_return(world.ports, loan.owner.actor, command)).sheet.rental
    assert (rental.state, rental.returned, rental.non_return_at) == (State.ACTIVE, None, rental.updated_at)


async def test_a_damaged_thing_is_back_and_a_case(world: World) -> None:
    loan = await lend(world)
    rental = (await loan.report()).sheet.rental
    assert (rental.state, rental.verified, rental.cases[0].kind) == (State.RETURNED, True, CaseKind.DAMAGE)
    with refused("case_open"):
        await loan.confirm()
    loan.later(days=3)
    assert "mediate_case" in await world.fire_due()
    assert (await loan.now()).state is State.RETURNED
    assert await sound(world)


# The place


async def test_the_place_is_shown_from_the_agreement_until_the_thing_is_back(world: World) -> None:
    loan = await agree(world)
    read = ReadPlace(loan.id)
    assert await read_place(world.ports, loan.renter.actor, read)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    loan.later(days=2)
    for step in (loan.hand_over, loan.give_back):
        await step()
        assert await read_place(world.ports, loan.renter.actor, read)
    await loan.confirm()
    with refused("place_hidden", Forbidden):
        await read_place(world.ports, loan.renter.actor, read)


async def test_a_cancelled_rental_hides_the_place_again(world: World) -> None:
    loan = await agree(world)
    await cancel_rental(world.ports, loan.renter.actor, CancelRental(cmd_id(), loan.id, "illness"))
    with refused("place_hidden", Forbidden):
        await read_place(world.ports, loan.renter.actor, ReadPlace(loan.id))


# Races


async def both(*acts: Any) -> list[str]:
    outcomes = await asyncio.gather(*acts, return_exceptions=True)
    return ["done" if not isinstance(outcome, Exception) else getattr(outcome, "code", "bug") for outcome in outcomes]


@pytest.mark.parametrize("turn", range(4))
async def test_hand_over_and_cancel_at_once_are_one_of_them(world: World, turn: int) -> None:
    loan = await due(world)
    give = hand_over_rental(world.ports, loan.owner.actor, HandOverRental(cmd_id(), loan.id))
    cancel = cancel_rental(world.ports, loan.renter.actor, CancelRental(cmd_id(), loan.id, "illness"))
    outcomes = await both(*((give, cancel) if turn % 2 else (cancel, give)))
    assert sorted(outcomes) == ["done", "wrong_state"]
    rental = await loan.now()
    assert rental.state in {State.ACTIVE, State.CANCELLED}
    calendar = await world.ports.items.calendar(loan.item.id)
    assert len(calendar.busy) == (1 if rental.state is State.ACTIVE else 0)
    assert await sound(world)


@pytest.mark.parametrize("turn", range(4))
async def test_both_say_at_once_that_it_is_back(world: World, turn: int) -> None:
    loan = await lend(world)
    acts = [loan.give_back(), loan.confirm()]
    outcomes = await both(*(acts if turn % 2 else reversed(acts)))
    rental: Rental = await loan.now()
    assert rental.state is State.COMPLETED
    assert set(outcomes) <= {"done", "wrong_state"}
    types = [event.type for event in await loan.events()]
    assert types[-1] == "return_confirmed"
    assert len(types) == rental.rev
    assert await sound(world)


async def test_a_return_sent_twice_over_two_lines_is_one(world: World) -> None:
    loan = await lend(world)
    command = ReturnRental(cmd_id(), loan.id)
    answers = await asyncio.gather(*(return_rental(world.ports, loan.renter.actor, command) for _ in range(2)))
    assert sorted(answer.duplicate for answer in answers) == [False, True]
