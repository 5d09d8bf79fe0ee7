"""Paying by SEPA transfer: what is still owed, to whom, and the text of the GiroCode (EPC069-12, version 002)."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.billing import Billing
from hub.errors import Conflict, Forbidden, NotFound
from hub.rental import DepositState, Rental, Role, State, deposit, payment

Owed = Literal["rent", "deposit"]
MAX_CENTS: Final = 99_999_999_999
"""EUR 999,999,999.99, as the format has it."""
SHOWN: Final = frozenset({
    State.CONFIRMED, State.ACTIVE, State.RETURNED, State.LOST, State.COMPLETED, State.CANCELLED,
})  # fmt: skip
"""From the confirmation on, for as long as there is something to pay."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """``amount`` in cents."""

    holder: str
    iban: str
    amount: int
    reference: str

    @property
    def girocode(self) -> str:
        """What the QR code holds, in UTF-8."""
        amount = f"EUR{self.amount // 100}.{self.amount % 100:02}"
        return f"BCD\n002\n1\nSCT\n\n{self.holder}\n{self.iban}\n{amount}\n\n\n{self.reference}"


def check_shown(rental: Rental, role: Role) -> None:
    """Whether somebody may see the other's account. ``not_your_role``, ``transfer_hidden``."""
    if role is not Role.RENTER:
        raise Forbidden("not_your_role")
    if rental.agreed_at is None or rental.state not in SHOWN:
        raise Forbidden("transfer_hidden", {"state": rental.state.value})


def transfer(rental: Rental, billing: Billing | None, owed: Owed) -> Transfer:
    """What is still to be paid. ``iban_missing``; ``nothing_owed``, also in other currencies than the euro."""
    amount = _rent(rental) if owed == "rent" else _deposit(rental)
    if rental.live.terms.cur != "EUR" or not 0 < amount <= MAX_CENTS:
        raise Conflict("nothing_owed")
    if billing is None or not billing.iban:
        raise NotFound("iban_missing")
    title = " ".join(rental.snapshot.title.split())[:100]
    return Transfer(billing.holder, billing.iban, amount, f"{title} {rental.id[:8]}")


def _rent(rental: Rental) -> int:
    due = payment(rental)
    return due.amount - due.paid if due else 0


def _deposit(rental: Rental) -> int:
    due = deposit(rental)
    return due.amount if due is not None and due.state is DepositState.DUE else 0
