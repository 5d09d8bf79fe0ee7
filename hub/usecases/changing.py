"""Changing what was agreed, and looking beforehand at what that or leaving it costs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from hub.account import Actor
from hub.errors import Conflict
from hub.ids import RentalId
from hub.ports import Ports
from hub.pricing import Line
from hub.rental import (
    AcceptChange,
    DeclineChange,
    ProposeChange,
    Rental,
    State,
    Terms,
    WithdrawChange,
    changed_quote,
    fee_now,
    payment,
)
from hub.usecases.dealing import AppliedCommand, OnRental, act_as_party, of_party, role_of

_CHANGING = frozenset({State.HELD, State.CONFIRMED, State.ACTIVE})
_CANCELLING = frozenset({State.HELD, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class ProposeRentalChange(OnRental):
    """All of it anew, changed or not; ``price`` in minor units for all ``q`` units, as ``quote_change`` answers it."""

    start: datetime
    end: datetime
    price: int
    q: int = 1
    negotiated: bool = False


@dataclass(frozen=True, slots=True)
class OnRentalChange(OnRental):
    """``change`` is its number within the rental."""

    change: int


@dataclass(frozen=True, slots=True)
class AcceptRentalChange(OnRentalChange):
    pass


@dataclass(frozen=True, slots=True)
class DeclineRentalChange(OnRentalChange):
    pass


@dataclass(frozen=True, slots=True)
class WithdrawRentalChange(OnRentalChange):
    pass


@dataclass(frozen=True, slots=True)
class QuoteChange:
    rental: RentalId
    start: datetime
    end: datetime
    q: int = 1


@dataclass(frozen=True, slots=True)
class QuoteCancel:
    """``reason`` as it would be given: that the thing is not sound excuses."""

    rental: RentalId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangeQuote:
    """Minor units; ``difference`` is what it comes to beyond what is agreed now, below 0 if it is less."""

    lines: tuple[Line, ...]
    price: int
    difference: int
    deposit: int
    cur: str


@dataclass(frozen=True, slots=True)
class CancelQuote:
    """Minor units: ``fee`` by the policy agreed on, of ``rent``; ``refund`` of what was paid already."""

    fee: int
    rent: int
    refund: int
    cur: str


async def propose_change(ports: Ports, actor: Actor, command: ProposeRentalChange) -> AppliedCommand:
    """Extend, shorten, move, or take more or fewer units: nothing changes before the other side agrees."""
    tariff = (await of_party(ports, actor, command.rental)).snapshot.tariff
    proposed = Terms(
        command.start,
        command.end,
        command.q,
        command.price,
        tariff.cur,
        tariff.deposit * command.q,
        negotiated=command.negotiated,
    )
    return await act_as_party(ports, actor, command, lambda _, __: ProposeChange(proposed))


async def accept_change(ports: Ports, actor: Actor, command: AcceptRentalChange) -> AppliedCommand:
    """Agree: terms, price and calendar change in one transaction, or slot_unavailable."""
    return await act_as_party(ports, actor, command, lambda _, __: AcceptChange(command.change))


async def decline_change(ports: Ports, actor: Actor, command: DeclineRentalChange) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: DeclineChange(command.change))


async def withdraw_change(ports: Ports, actor: Actor, command: WithdrawRentalChange) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: WithdrawChange(command.change))


async def quote_change(ports: Ports, actor: Actor, command: QuoteChange) -> ChangeQuote:
    """What other terms would come to: the agreed price and the difference by the tariff agreed on."""
    rental = await of_party(ports, actor, command.rental)
    _check_in(rental, _CHANGING)
    asked = changed_quote(rental, Terms(command.start, command.end, command.q, 0, rental.snapshot.tariff.cur, 0))
    return ChangeQuote(asked.lines, asked.price, asked.price - rental.live.terms.price, asked.deposit, asked.cur)


async def quote_cancel(ports: Ports, actor: Actor, command: QuoteCancel) -> CancelQuote:
    """What cancelling now would cost who asks."""
    rental = await of_party(ports, actor, command.rental)
    _check_in(rental, _CANCELLING)
    fee = fee_now(rental, role_of(rental, actor.user), command.reason, ports.clock.now())
    owed, terms = payment(rental), rental.live.terms
    return CancelQuote(fee, terms.price, max(0, owed.paid - fee) if owed else 0, terms.cur)


def _check_in(rental: Rental, states: Collection[State]) -> None:
    if rental.state not in states:
        raise Conflict("wrong_state", {"state": rental.state.value})
