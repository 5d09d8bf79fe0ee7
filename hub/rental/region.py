"""Deposit, payment, late fee: what they come to by terms, ledger and cases. Computed, never stored twice."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.lateness import LateReturn, late_fee
from hub.rental.case import CONTESTS, Case, CaseKind, CaseState
from hub.rental.deadline import overdue_at
from hub.rental.ledger import EntryKind, paid, said
from hub.rental.record import Rental
from hub.rental.state import CLOSED, Role, State


class DepositState(StrEnum):
    NONE = "none"
    DUE = "due"
    RECEIVED = "received"
    RELEASED = "released"
    PARTLY_KEPT = "partly_kept"
    KEPT = "kept"


class PaymentState(StrEnum):
    FREE = "free"
    DUE = "due"
    MARKED_PAID = "marked_paid"
    CONFIRMED = "confirmed"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True)
class Deposit:
    """Minor units: ``amount`` agreed, ``kept`` by agreement or decision, ``back`` with the renter again."""

    state: DepositState
    amount: int
    kept: int = 0
    back: int = 0

    def told(self) -> dict[str, Any]:
        return {"state": self.state.value, "amount": self.amount, "kept": self.kept, "back": self.back}


@dataclass(frozen=True, slots=True)
class Payment:
    """Minor units: ``amount`` owed by now, ``paid`` and ``refund`` still to be given back."""

    state: PaymentState
    amount: int
    paid: int = 0
    refund: int = 0

    def told(self) -> dict[str, Any]:
        return {"state": self.state.value, "amount": self.amount, "paid": self.paid, "refund": self.refund}


@dataclass(frozen=True, slots=True)
class Damages:
    """Minor units that cases made the renter's to pay: ``amount`` in all, ``kept`` of the deposit, ``due`` beyond."""

    amount: int
    kept: int
    due: int

    def told(self) -> dict[str, Any]:
        return {"amount": self.amount, "kept": self.kept, "due": self.due}


def deposit(rental: Rental) -> Deposit | None:
    """None before there is an agreement. Only what the renter agreed to or a case decided is ever kept."""
    if rental.agreed_at is None:
        return None
    amount = rental.live.terms.deposit
    received = amount > 0 and paid(rental.ledger, EntryKind.DEPOSIT_IN) >= amount
    if not received:
        due = amount > 0 and rental.state not in CLOSED
        return Deposit(DepositState.DUE if due else DepositState.NONE, amount)
    if not _resolved(rental):
        return Deposit(DepositState.RECEIVED, amount)
    secured = (
        case.outcome.amount for case in rental.cases if case.outcome and _costs_the_renter(case) and case.secured
    )
    kept = min(amount, sum(secured))
    back = paid(rental.ledger, EntryKind.DEPOSIT_OUT)
    return Deposit(_kept(kept, amount), amount, kept, back)


def _resolved(rental: Rental) -> bool:
    """Whether it is known what becomes of the deposit: nothing secured by it is open, and it is over or was judged."""
    secured = [case for case in rental.cases if case.secured]
    judged = any(case.outcome for case in secured)
    looked_over = rental.state in {State.RETURNED, State.LOST} and judged
    return not any(case.unresolved for case in secured) and (rental.state in CLOSED or looked_over)


def _costs_the_renter(case: Case) -> bool:
    """Whether it was fetched at all decides on the rent, not on damages."""
    return case.payer is Role.RENTER and case.kind not in CONTESTS


def _kept(kept: int, amount: int) -> DepositState:
    if kept == 0:
        return DepositState.RELEASED
    return DepositState.KEPT if kept == amount else DepositState.PARTLY_KEPT


def payment(rental: Rental) -> Payment | None:
    """None before there is an agreement."""
    if rental.agreed_at is None:
        return None
    owed = _owed(rental)
    kinds = (EntryKind.RENT, EntryKind.CANCELLATION_FEE)
    settled = paid(rental.ledger, *kinds)
    if settled > owed:
        refund = max(0, settled - owed - paid(rental.ledger, EntryKind.REFUND))
        return Payment(PaymentState.REFUND_DUE if refund else PaymentState.REFUNDED, owed, settled, refund)
    if owed == 0:
        return Payment(PaymentState.FREE, 0)
    if settled == owed:
        return Payment(PaymentState.CONFIRMED, owed, settled)
    marked = said(rental.ledger, *kinds) >= owed
    return Payment(PaymentState.MARKED_PAID if marked else PaymentState.DUE, owed, settled)


def damages(rental: Rental) -> Damages | None:
    """None before there is an agreement."""
    held = deposit(rental)
    if held is None:
        return None
    amount = sum(case.outcome.amount for case in rental.cases if case.outcome and _costs_the_renter(case))
    settled = paid(rental.ledger, EntryKind.DAMAGE, EntryKind.LATE_FEE)
    return Damages(amount, held.kept, max(0, amount - held.kept - settled))


def _owed(rental: Rental) -> int:
    """What it costs, less what cases made the owner's to give back, though never less than nothing."""
    back = sum(case.outcome.amount for case in rental.cases if case.outcome and case.payer is Role.OWNER)
    return max(0, _cost(rental) - back)


def _cost(rental: Rental) -> int:
    """The price; after a cancellation or a no-show what that costs; nothing where nothing came of it."""
    if rental.cancel is not None:
        return 0 if rental.cancel.waived else rental.cancel.fee
    if rental.state is State.NO_SHOW:
        return no_show_fee(rental)
    if rental.state is State.EXPIRED:
        return 0
    return _contested(rental, CaseKind.HAND_OVER, rental.live.terms.price)


def no_show_fee(rental: Rental) -> int:
    """What the renter owes for a no-show: suspended while it is contested, then what the case came to."""
    if rental.no_show is None or rental.no_show.waived:
        return 0
    return _contested(rental, CaseKind.NO_SHOW, rental.no_show.fee)


def _contested(rental: Rental, kind: CaseKind, amount: int) -> int:
    """What is owed unless it is denied: then what the case came to, and nothing while it is open or undecided."""
    contest = next((case for case in rental.cases if case.kind is kind), None)
    if contest is None or contest.state is CaseState.WITHDRAWN:
        return amount
    return contest.outcome.amount if contest.outcome else 0


def return_fee(rental: Rental) -> int:
    """Minor units suggested for bringing it back late, by the tariff agreed on; 0 if that was in time."""
    if rental.returned is None:
        return 0
    terms = rental.live.terms
    grace, fee = overdue_at(terms) - terms.end, rental.snapshot.tariff.late_fee
    back = [*((part.at, part.q) for part in rental.parts), (rental.returned.at, rental.out)]
    return sum(late_fee(fee, LateReturn(terms.end, at, grace, rental.tz, q)) for at, q in back)
