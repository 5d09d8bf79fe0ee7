"""Money and cases between two neighbours on the real stores: what counts is what both say, or a case decides."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from hub.errors import Conflict, HubError, Invalid, NotFound
from hub.rental import EntryKind, Method, State, told
from hub.usecases.booking import CancelRental, cancel_rental
from hub.usecases.settling import (
    AgreeCaseSettlement,
    ClaimPayment,
    ConfirmPayment,
    ProposeCaseSettlement,
    RejectPayment,
    WaiveRentalFee,
    WithdrawRentalCase,
    agree_settlement,
    claim_payment,
    confirm_payment,
    propose_settlement,
    reject_payment,
    waive_fee,
    withdraw_case,
)
from tests.support.lending import Loan, agree, lend
from tests.support.world import World

RENT = (EntryKind.RENT, 1000, Method.TRANSFER)


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def region(loan: Loan, name: str) -> str:
    state: str = told(await loan.now())[name]["state"]
    return state


async def test_a_payment_counts_once_the_other_side_says_so(world: World) -> None:
    loan = await agree(world)
    assert await region(loan, "payment") == "due"
    await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT))
    assert await region(loan, "payment") == "marked_paid"
    with refused("not_your_turn"):
        await confirm_payment(world.ports, loan.renter.actor, loan.order(ConfirmPayment, 1))
    await confirm_payment(world.ports, loan.owner.actor, loan.order(ConfirmPayment, 1))
    assert await region(loan, "payment") == "confirmed"
    with refused("entry_closed"):
        await reject_payment(world.ports, loan.owner.actor, loan.order(RejectPayment, 1))


async def test_a_payment_that_was_none_is_denied_or_taken_back(world: World) -> None:
    loan = await agree(world)
    for no, by in enumerate((loan.owner, loan.renter), start=1):
        await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT))
        await reject_payment(world.ports, by.actor, loan.order(RejectPayment, no))
        assert await region(loan, "payment") == "due"


async def test_what_is_not_in_the_ledger_is_not_found(world: World) -> None:
    loan = await agree(world)
    await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT))
    with refused("entry_not_found", NotFound):
        await confirm_payment(world.ports, loan.owner.actor, loan.order(ConfirmPayment, 2))


async def test_a_payment_of_nothing_is_none(world: World) -> None:
    loan = await agree(world)
    with refused("bad_money", Invalid):
        await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, EntryKind.RENT, 0, Method.CASH))


async def test_a_ledger_is_bounded(world: World) -> None:
    loan = await agree(world)
    claims = [claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT)) for _ in range(6)]
    for _ in range(34):
        await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT))
    outcomes = [await asyncio.gather(claim, return_exceptions=True) for claim in claims]
    assert [isinstance(outcome[0], Conflict) for outcome in outcomes] == [False] * 6
    with refused("quota_exceeded") as refusal:
        await claim_payment(world.ports, loan.renter.actor, loan.order(ClaimPayment, *RENT))
    assert refusal.value.data == {"of": "ledger", "max": 40}


async def test_what_was_paid_for_a_cancelled_rental_is_to_be_given_back(world: World) -> None:
    loan = await agree(world)
    await loan.pay(EntryKind.RENT, 1000)
    await cancel_rental(world.ports, loan.owner.actor, loan.order(CancelRental, "broken"))
    assert await region(loan, "payment") == "refund_due"
    await loan.pay(EntryKind.REFUND, 1000)
    assert await region(loan, "payment") == "refunded"


async def test_the_deposit_follows_what_the_two_agree_on(world: World) -> None:
    loan = await lend(world)
    assert await region(loan, "deposit") == "received"
    await loan.report(claimed=2000)
    with refused("proposal_changed"):
        await agree_settlement(world.ports, loan.renter.actor, loan.order(AgreeCaseSettlement, 1, 1000))
    await propose_settlement(world.ports, loan.renter.actor, loan.order(ProposeCaseSettlement, 1, 1000))
    with refused("proposal_changed"):
        await agree_settlement(world.ports, loan.renter.actor, loan.order(AgreeCaseSettlement, 1, 1000))
    await agree_settlement(world.ports, loan.owner.actor, loan.order(AgreeCaseSettlement, 1, 1000))
    assert told(await loan.now())["deposit"] == {"state": "partly_kept", "amount": 5000, "kept": 1000, "back": 0}
    await loan.confirm()
    assert await region(loan, "deposit") == "partly_kept"


async def test_more_than_the_deposit_keeps_all_of_it(world: World) -> None:
    loan = await lend(world)
    await loan.report(claimed=9000)
    await agree_settlement(world.ports, loan.renter.actor, loan.order(AgreeCaseSettlement, 1, 9000))
    assert told(await loan.now())["deposit"] == {"state": "kept", "amount": 5000, "kept": 5000, "back": 0}


async def test_a_withdrawn_case_releases_the_deposit_and_only_who_opened_it_withdraws(world: World) -> None:
    loan = await lend(world)
    await loan.report()
    with refused("not_your_turn"):
        await withdraw_case(world.ports, loan.renter.actor, loan.order(WithdrawRentalCase, 1))
    await withdraw_case(world.ports, loan.owner.actor, loan.order(WithdrawRentalCase, 1))
    assert await region(loan, "deposit") == "released"
    with refused("case_closed"):
        await withdraw_case(world.ports, loan.owner.actor, loan.order(WithdrawRentalCase, 1))


async def test_a_case_that_nobody_cares_for_ends_undecided_and_the_rental_after_it(world: World) -> None:
    loan = await lend(world)
    await loan.report()
    seen = []
    for _ in range(60):
        loan.later(days=1)
        seen += [kind for kind in await world.fire_due() if kind in {"mediate_case", "undecided_case", "auto_complete"}]
    assert seen == ["mediate_case", "undecided_case", "auto_complete"]
    rental = await loan.now()
    assert rental.state is State.COMPLETED
    assert rental.ended_at - rental.cases[0].outcome.at >= timedelta(hours=48)
    assert await region(loan, "deposit") == "released"


async def test_settling_and_withdrawing_at_once_are_one_of_them(world: World) -> None:
    loan = await lend(world)
    await loan.report()
    agreed = agree_settlement(world.ports, loan.renter.actor, loan.order(AgreeCaseSettlement, 1, 2000))
    withdrawn = withdraw_case(world.ports, loan.owner.actor, loan.order(WithdrawRentalCase, 1))
    outcomes = await asyncio.gather(agreed, withdrawn, return_exceptions=True)
    assert [outcome.code for outcome in outcomes if isinstance(outcome, HubError)] == ["case_closed"]


async def test_who_cancels_late_owes_what_the_policy_says_unless_it_is_waived(world: World) -> None:
    loan = await agree(world)
    await loan.pay(EntryKind.RENT, 1000)
    loan.later(days=1, hours=12)
    cancelled = await cancel_rental(world.ports, loan.renter.actor, loan.order(CancelRental, "illness"))
    assert cancelled.sheet.rental.cancel.fee == 500
    assert told(await loan.now())["payment"] == {"state": "refund_due", "amount": 500, "paid": 1000, "refund": 500}
    await waive_fee(world.ports, loan.owner.actor, loan.order(WaiveRentalFee))
    assert told(await loan.now())["payment"] == {"state": "refund_due", "amount": 0, "paid": 1000, "refund": 1000}
    with refused("no_fee"):
        await waive_fee(world.ports, loan.owner.actor, loan.order(WaiveRentalFee))


@pytest.mark.parametrize(("by", "reason"), [("owner", "broken"), ("renter", "item_defect")])
async def test_what_is_not_the_renters_doing_costs_them_nothing(world: World, by: str, reason: str) -> None:
    loan = await agree(world)
    loan.later(days=1, hours=12)
    cancelled = await cancel_rental(world.ports, getattr(loan, by).actor, loan.order(CancelRental, reason))
    assert cancelled.sheet.rental.cancel.fee == 0
