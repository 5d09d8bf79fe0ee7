"""Rentals walked at random on the real hub, then left alone: the clock ends them, and what is stored agrees."""

import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import pytest

from hub.account import Actor
from hub.errors import Conflict, Forbidden, NotFound
from hub.rental import CLOSED, CaseKind, EntryKind, Method, Role, State, allowed_actions, told
from hub.usecases import booking, changing, failing, handing, mediation, settling
from hub.usecases.upkeep import compare_calendars
from tests.hub.neighbours import merged
from tests.support.lending import Loan, agree, appoint
from tests.support.world import World

DAMAGE: Final = (CaseKind.DAMAGE, "Kratzer am Gehäuse", 2000)
DEPOSIT: Final = (EntryKind.DEPOSIT_IN, 5000, Method.CASH)
ACTS: Final[Mapping[str, tuple[Any, Any, tuple[Any, ...]]]] = {
    "cancel": (booking.cancel_rental, booking.CancelRental, ("illness",)),
    "hand_over": (handing.hand_over_rental, handing.HandOverRental, ()),
    "return": (handing.return_rental, handing.ReturnRental, ()),
    "confirm_return": (handing.confirm_return, handing.ConfirmRentalReturn, ()),
    "report_damage": (handing.report_damage, handing.ReportRentalDamage, DAMAGE),
    "claim_non_return": (handing.claim_missing, handing.ClaimRentalMissing, ()),
    "dispute_return": (handing.dispute_return, handing.DisputeRentalReturn, ()),
    "amend_return": (handing.amend_return, handing.AmendRentalReturn, ("liegt im Schuppen",)),
    "found": (handing.find_rental, handing.FindRental, ()),
    "propose_settlement": (settling.propose_settlement, settling.ProposeCaseSettlement, (1, 1000)),
    "agree_settlement": (settling.agree_settlement, settling.AgreeCaseSettlement, (1, 1000)),
    "withdraw_case": (settling.withdraw_case, settling.WithdrawRentalCase, (1,)),
    "claim_entry": (settling.claim_payment, settling.ClaimPayment, DEPOSIT),
    "confirm_entry": (settling.confirm_payment, settling.ConfirmPayment, (1,)),
    "reject_entry": (settling.reject_payment, settling.RejectPayment, (1,)),
    "waive_fee": (settling.waive_fee, settling.WaiveRentalFee, ()),
    "claim_no_show": (failing.claim_no_show, failing.ClaimRentalNoShow, ()),
    "contest": (failing.contest, failing.ContestClaim, ("so war es nicht",)),
    "annul_hand_over": (failing.annul_hand_over, failing.AnnulRentalHandOver, ("mistake",)),
    "mark_lost": (failing.mark_lost, failing.MarkRentalLost, ("kam nicht wieder", 4000)),
    "admit_loss": (failing.admit_loss, failing.AdmitRentalLoss, ("mir gestohlen",)),
    "settle_loss": (failing.settle_loss, failing.SettleRentalLoss, ()),
    "open_case": (settling.open_case, settling.OpenRentalCase, (CaseKind.PAYMENT, "nicht gezahlt", 500)),
    "appeal_case": (settling.appeal_case, settling.AppealRentalCase, (1, "das stimmt nicht")),
    "accept_change": (changing.accept_change, changing.AcceptRentalChange, (1,)),
    "decline_change": (changing.decline_change, changing.DeclineRentalChange, (1,)),
    "withdraw_change": (changing.withdraw_change, changing.WithdrawRentalChange, (1,)),
    "decide_appeal": (mediation.decide_appeal, mediation.DecideDisputeAppeal, (1, 700, "dann eben so")),
    "mod_close": (mediation.close_rental, mediation.CloseRental, ("unreachable",)),
    "decide_case": (mediation.decide_dispute, mediation.DecideDispute, (1, 1500, "so ist es")),
}


async def walk(world: World, loan: Loan, people: Mapping[Role, Actor], chance: random.Random) -> None:
    """Some acts, each of somebody who may; a refusal for its terms is an answer, too."""
    for _ in range(chance.randrange(4, 14)):
        loan.later(hours=chance.choice((1, 5, 30)))
        await world.fire_due()
        role = chance.choice((Role.RENTER, Role.OWNER, Role.RENTER, Role.OWNER, Role.MODERATOR))
        allowed = allowed_actions(await loan.now(), role, world.clock.now())
        known = [name for name in allowed if name in ACTS]
        likely = [name for name in known if name not in {"cancel", "mod_close"}]
        if likely or (known and chance.random() < 0.2):
            act, command, what = ACTS[chance.choice(likely or known)]
            with suppress(Conflict, NotFound, Forbidden):
                await act(world.ports, people[role], loan.order(command, *what))


async def fall_silent(world: World, loan: Loan) -> None:
    """Only the clock moves, to whatever is due next."""
    for _ in range(400):
        waiting = await world.database.timers.find({"target": {"$in": [loan.id, loan.item.id]}}).to_list()
        if not waiting:
            return
        ahead = min(timer["due_at"] for timer in waiting) - world.clock.now()
        world.clock.moved += max(ahead, timedelta()) + timedelta(seconds=1)
        await world.fire_due()
    raise AssertionError(waiting)


@pytest.mark.parametrize("seed", range(14))
async def test_whatever_two_neighbours_leave_open_ends_by_itself(world: World, seed: int) -> None:
    chance = random.Random(seed)
    loan = await agree(world)
    if chance.random() < 0.8:
        await loan.pay(EntryKind.DEPOSIT_IN, 5000)
        loan.later(days=2)
        await world.fire_due()
    people = {
        Role.RENTER: loan.renter.actor,
        Role.OWNER: loan.owner.actor,
        Role.MODERATOR: (await appoint(world)).actor,
    }
    await walk(world, loan, people, chance)
    await fall_silent(world, loan)
    rental = await loan.now()
    assert rental.state in CLOSED - {State.DECLINED, State.WITHDRAWN, State.EXPIRED}
    assert not rental.open_cases
    assert [found async for found in compare_calendars(world.ports)] == []
    events = [event for event in await loan.events() if event.type != "place_read"]
    assert [event.data["rev"] for event in events] == list(range(1, rental.rev + 1))
    view = dict.fromkeys(told(rental)) | {"prereqs": [], "overdue_step": 0, "parts": [], "cases": [], "ledger": []}
    for event in events:
        view = merged(view, event.data)
    shown = {name: value for name, value in told(rental).items() if name not in {"title", "policy", "q", "tz"}}
    assert {name: view[name] for name in shown} == shown
