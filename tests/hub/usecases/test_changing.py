"""Changing, holding and losing on the real stores: what belongs together changes together, whoever is faster."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, Forbidden, HubError
from hub.item import PrereqKind, Rules
from hub.rental import EntryKind, State, told
from hub.usecases import booking, changing, failing, handing, mediation, settling
from hub.usecases.dealing import AppliedCommand
from hub.usecases.items import GetItem, get_item
from hub.usecases.notifying import ListNotifications, list_notifications
from hub.usecases.upkeep import compare_calendars
from tests.hub.neighbours import merged
from tests.support.lending import TURNAROUND, Loan, agree, appoint, due, lend
from tests.support.world import Neighbour, World, cmd_id, roster


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def sound(world: World) -> bool:
    return [difference async for difference in compare_calendars(world.ports)] == []


async def propose(loan: Loan, start: int, end: int, **more: Any) -> AppliedCommand:
    """By the renter, for whole days from now, at the price that the hub quotes."""
    days = loan.world.days(start, end)
    quote = await changing.quote_change(loan.world.ports, loan.renter.actor, changing.QuoteChange(loan.id, *days))
    command = loan.order(changing.ProposeRentalChange, *days, quote.price, **more)
    return await changing.propose_change(loan.world.ports, loan.renter.actor, command)


async def accept(loan: Loan, no: int = 1) -> AppliedCommand:
    command = loan.order(changing.AcceptRentalChange, no)
    return await changing.accept_change(loan.world.ports, loan.owner.actor, command)


async def told_to(world: World, person: Neighbour) -> list[str]:
    page = await list_notifications(world.ports, person.actor, ListNotifications())
    return [one.type for one in page.notifications]


async def test_terms_price_and_calendar_change_at_once_and_rivals_hear_of_it(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner, rules=TURNAROUND)
    loan = await agree(world, item=item, owner=owner)
    start, end = world.days(4, 5)
    rival = await world.request(await world.person(), owner, item, start=start, end=end)
    await world.fire_due()
    await propose(loan, 2, 5)
    after = (await accept(loan)).sheet.rental
    assert (after.live.terms.price, after.live.terms.end) == (3000, end)
    (busy,) = (await world.ports.items.calendar(item.id)).busy
    assert (busy.s, busy.e) == (after.live.terms.start, end + timedelta(minutes=30))
    assert "rivals" in await world.fire_due()
    found = await world.ports.rentals.get(rival.sheet.rental.id, None)
    assert found is not None
    assert found.closed_reason == "taken"
    assert await sound(world)


async def test_a_change_and_an_agreement_for_the_same_days_race_and_one_wins(world: World) -> None:
    owner = await world.person()
    for _ in range(4):
        item = await world.item(owner)
        loan = await agree(world, item=item, owner=owner)
        start, end = world.days(3, 4)
        rival = await world.request(await world.person(), owner, item, start=start, end=end)
        await propose(loan, 2, 4)
        outcomes = await asyncio.gather(accept(loan), world.accept(owner, rival), return_exceptions=True)
        won = [outcome for outcome in outcomes if isinstance(outcome, AppliedCommand)]
        lost = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
        assert (len(won), [refusal.code for refusal in lost]) == (1, ["slot_unavailable"])
        await world.fire_due()
    assert await sound(world)


async def test_events_make_an_old_view_fresh_through_every_turn_things_take(world: World) -> None:
    loan = await agree(world)
    first, view = loan.applied.seq, told(await loan.now())
    await propose(loan, 2, 4)
    await accept(loan)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    loan.later(days=2, hours=1)
    await loan.world.fire_due()
    await handing.hand_over_rental(world.ports, loan.owner.actor, loan.order(handing.HandOverRental))
    await failing.contest(world.ports, loan.renter.actor, loan.order(failing.ContestClaim, "Es war niemand da."))
    await settling.withdraw_case(world.ports, loan.renter.actor, loan.order(settling.WithdrawRentalCase, 1))
    loan.later(days=10)
    await world.fire_due()
    await failing.admit_loss(world.ports, loan.renter.actor, loan.order(failing.AdmitRentalLoss, "Weg."))
    await settling.propose_settlement(
        world.ports, loan.owner.actor, loan.order(settling.ProposeCaseSettlement, 2, 9000)
    )
    await settling.agree_settlement(world.ports, loan.renter.actor, loan.order(settling.AgreeCaseSettlement, 2, 9000))
    await failing.settle_loss(world.ports, loan.owner.actor, loan.order(failing.SettleRentalLoss))
    for event in await loan.events():
        if event.seq > first:
            view = merged(view, event.data)
    assert view == told(await loan.now())
    assert view["damages"] == {"amount": 9000, "kept": 5000, "due": 4000}


async def held(world: World) -> Loan:
    owner, renter = await world.person(), await world.person()
    item = await world.item(owner, rules=Rules(instant=True), prereqs=(PrereqKind.DEPOSIT, PrereqKind.CONTRACT))
    asking = world.asking(renter, owner, item)
    book = booking.BookRental(
        asking.cmd_id, item.id, asking.room, asking.start, asking.end, asking.price, roster=asking.roster
    )
    return Loan(world, owner, renter, item, await booking.book_rental(world.ports, renter.actor, book))


async def test_what_is_booked_waits_for_contract_and_deposit_and_is_then_firm(world: World) -> None:
    loan = await held(world)
    assert loan.applied.sheet.rental.state is State.HELD
    with refused("place_hidden", Forbidden):
        await booking.read_place(world.ports, loan.renter.actor, booking.ReadPlace(loan.id))
    meet = loan.order(booking.MeetPrerequisite, PrereqKind.CONTRACT)
    await booking.meet_prerequisite(world.ports, loan.renter.actor, meet)
    await loan.pay(EntryKind.DEPOSIT_IN, 5000)
    assert "fulfil" in await world.fire_due()
    assert (await loan.now()).state is State.CONFIRMED
    assert "rental_confirmed" in await told_to(world, loan.renter)
    assert await sound(world)


async def test_what_is_not_in_order_in_time_is_free_again(world: World) -> None:
    loan = await held(world)
    loan.later(days=1)
    assert "hold_timeout" in await world.fire_due()
    assert (await loan.now()).closed_reason == "hold_timeout"
    assert (await world.ports.items.calendar(loan.item.id)).busy == ()
    assert "hold_expired" in await told_to(world, loan.owner)


async def test_trust_grows_with_a_confirmed_e_mail_and_a_rental_brought_to_its_end(world: World) -> None:
    loan = await lend(world)
    item = await world.item(loan.owner, rules=Rules(instant=True, min_trust=2))

    async def book() -> AppliedCommand:
        asking = world.asking(loan.renter, loan.owner, item)
        command = booking.BookRental(
            cmd_id(), item.id, asking.room, asking.start, asking.end, 1000,
            roster=roster(loan.renter, loan.owner, asking.room).raw,
        )  # fmt: skip
        return await booking.book_rental(world.ports, loan.renter.actor, command)

    with refused("trust_too_low", Forbidden) as refusal:
        await book()
    assert refusal.value.data == {"min": 2, "trust": 0}
    await world.database.users.update_one({"_id": loan.renter.user.id}, {"$set": {"email_verified": True}})
    with refused("trust_too_low", Forbidden) as refusal:
        await book()
    assert refusal.value.data == {"min": 2, "trust": 1}
    await loan.confirm()
    assert (await book()).sheet.rental.state is State.CONFIRMED


async def test_a_lost_thing_is_missing_from_the_shelf_until_it_is_found(world: World) -> None:
    loan = await lend(world)
    await failing.admit_loss(world.ports, loan.renter.actor, loan.order(failing.AdmitRentalLoss, "Weg."))
    assert (await get_item(world.ports, GetItem(loan.item.id))).item.status == "missing"
    with refused("item_unavailable"):
        await world.request(await world.person(), loan.owner, loan.item)
    await handing.find_rental(world.ports, loan.owner.actor, loan.order(handing.FindRental))
    assert (await get_item(world.ports, GetItem(loan.item.id))).item.status == "paused"
    assert await sound(world)


async def test_some_of_several_are_lent_again_while_others_are_still_out(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner, units=2)
    loan = await due(world, item=item, owner=owner, q=2, price=2000)
    await loan.hand_over()
    start, end = (loan.applied.sheet.rental.live.terms.start + timedelta(hours=h) for h in (3, 20))
    asking = await world.request(await world.person(), owner, item, start=start, end=end, price=1000)
    with refused("slot_unavailable"):
        await world.accept(owner, asking)
    with refused("wrong_code", Forbidden):
        await handing.return_part(
            world.ports, loan.renter.actor, loan.order(handing.ReturnRentalPart, units=1, secret=bytes(16))
        )
    await handing.return_part(world.ports, loan.owner.actor, loan.order(handing.ReturnRentalPart, units=1))
    loan.later(hours=1)
    await world.accept(owner, asking)
    assert await sound(world)


async def test_what_cancelling_would_cost_is_said_before(world: World) -> None:
    loan = await agree(world)
    await loan.pay(EntryKind.RENT, 1000)
    loan.later(days=1, hours=12)
    ask = changing.QuoteCancel(loan.id)
    assert await changing.quote_cancel(world.ports, loan.renter.actor, ask) == changing.CancelQuote(
        500, 1000, 500, "EUR"
    )
    excused = replace(ask, reason="item_defect")
    assert (await changing.quote_cancel(world.ports, loan.renter.actor, excused)).fee == 0
    assert (await changing.quote_cancel(world.ports, loan.owner.actor, ask)).fee == 0
    await booking.cancel_rental(world.ports, loan.renter.actor, loan.order(booking.CancelRental, "ill"))
    with refused("wrong_state"):
        await changing.quote_cancel(world.ports, loan.renter.actor, ask)


async def test_moderators_see_what_is_appealed_and_another_one_decides_it(world: World) -> None:
    first, second = await appoint(world), await appoint(world)
    loan = await lend(world)
    await loan.report()
    decide = loan.order(mediation.DecideDispute, 1, 1000, "Die Hälfte.")
    await mediation.decide_dispute(world.ports, first.actor, decide)
    assert await mediation.list_disputes(world.ports, first.actor, mediation.ListDisputes()) == []
    await settling.appeal_case(world.ports, loan.renter.actor, loan.order(settling.AppealRentalCase, 1, "Die Fotos!"))
    (sheet,) = await mediation.list_disputes(world.ports, second.actor, mediation.ListDisputes())
    assert "decide_appeal" in sheet.allowed_actions
    anew = loan.order(mediation.DecideDisputeAppeal, 1, 0, "Das war schon vorher da.")
    with refused("own_decision", Forbidden):
        await mediation.decide_appeal(world.ports, first.actor, anew)
    await mediation.decide_appeal(world.ports, second.actor, anew)
    assert told(await loan.now())["deposit"]["state"] == "released"


async def test_lateness_is_told_in_steps_and_who_is_next_may_leave_for_nothing(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner, rules=TURNAROUND)
    late = await lend(world, item=item, owner=owner)
    start, end = world.days(2, 3)
    soon = await agree(world, item=item, owner=owner, start=start, end=end)
    late.later(days=1, hours=2, minutes=1)
    for _ in range(3):
        await world.fire_due()
        late.later(hours=12)
    page = await list_notifications(world.ports, late.renter.actor, ListNotifications())
    assert [one.data["step"] for one in page.notifications if one.type == "rental_overdue"] == ["2", "1"]
    page = await list_notifications(world.ports, soon.renter.actor, ListNotifications())
    (warned,) = [one for one in page.notifications if one.type == "rental_at_risk"]
    assert warned.data["choices"] == "propose_change,cancel"
    quote = await changing.quote_cancel(world.ports, soon.renter.actor, changing.QuoteCancel(soon.id))
    assert quote.fee == 0
