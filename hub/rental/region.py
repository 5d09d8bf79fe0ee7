"""Deposit, payment, late fee: what they come to by terms, ledger and cases. Computed, never stored twice."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from hub.lateness import LateReturn, late_fee
from hub.rental.deadline import overdue_at
from hub.rental.ledger import EntryKind, paid, said
from hub.rental.record import Rental
from hub.rental.state import CLOSED, State


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


def deposit(rental: Rental) -> Deposit | None:
    """None before there is an agreement. Only what the renter agreed to or a case decided is ever kept."""
    if rental.agreed_at is None:
        return None
    amount = rental.live.terms.deposit
    received = amount > 0 and paid(rental.ledger, EntryKind.DEPOSIT_IN) >= amount
    if not received:
        due = amount > 0 and rental.state not in CLOSED
        return Deposit(DepositState.DUE if due else DepositState.NONE, amount)
    resolved = rental.state in CLOSED or any(case.outcome for case in rental.cases)
    if rental.open_cases or not resolved:
        return Deposit(DepositState.RECEIVED, amount)
    kept = min(amount, sum(case.outcome.amount for case in rental.cases if case.outcome))
    back = paid(rental.ledger, EntryKind.DEPOSIT_OUT)
    return Deposit(_kept(kept, amount), amount, kept, back)


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


def _owed(rental: Rental) -> int:
    """The price; after a cancellation what it costs; nothing where nothing came of it."""
    if rental.cancel is not None:
        return 0 if rental.cancel.waived else rental.cancel.fee
    return 0 if rental.state in {State.NO_SHOW, State.EXPIRED} else rental.live.terms.price


def return_fee(rental: Rental) -> int:
    """Minor units suggested for bringing it back late, by the tariff agreed on; 0 if that was in time."""
    if rental.returned is None:
        return 0
    terms = rental.live.terms
    late = LateReturn(terms.end, rental.returned.at, overdue_at(terms) - terms.end, rental.tz, terms.q)
    return late_fee(rental.snapshot.tariff.late_fee, late)
