"""What moderators do where two neighbours do not agree: under their own name, and never in their own matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.account import Actor, UserRole
from hub.ids import RentalId
from hub.ports import Note, Ports
from hub.rental import Cancel, DecideAppeal, DecideCase, ModClose, Role
from hub.usecases.dealing import (
    AppliedCommand,
    OnRental,
    RentalSheet,
    act_as_moderator,
    of_moderator,
    rental_sheet,
)


@dataclass(frozen=True, slots=True)
class ListDisputes:
    limit: int = 100


@dataclass(frozen=True, slots=True)
class GetDispute:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class DecideDispute(OnRental):
    """``case`` of the rental; ``amount`` minor units are its payer's to pay, and ``words`` say why."""

    case: int
    amount: int
    words: str


@dataclass(frozen=True, slots=True)
class DecideDisputeAppeal(DecideDispute):
    """The same, the second time, by another moderator."""


@dataclass(frozen=True, slots=True)
class CloseRental(OnRental):
    reason: str


@dataclass(frozen=True, slots=True)
class CancelForParties(OnRental):
    reason: str


async def list_disputes(ports: Ports, actor: Actor, command: ListDisputes) -> Sequence[RentalSheet]:
    """Rentals with a case that is not over, the longest untouched first."""
    actor.require(UserRole.MODERATOR)
    rentals = await ports.rentals.disputed(command.limit)
    return [await rental_sheet(ports, rental, Role.MODERATOR) for rental in rentals]


async def get_dispute(ports: Ports, actor: Actor, command: GetDispute) -> RentalSheet:
    """A rental of others, without its place and its messages."""
    rental = await of_moderator(ports, actor, command.rental)
    await ports.audit.note(Note("dispute_read", actor.user, (rental.owner, rental.renter), rental.id))
    return await rental_sheet(ports, rental, Role.MODERATOR)


async def decide_dispute(ports: Ports, actor: Actor, command: DecideDispute) -> AppliedCommand:
    decision = DecideCase(command.case, command.amount, command.words)
    return await act_as_moderator(ports, actor, command, lambda _, __: decision)


async def decide_appeal(ports: Ports, actor: Actor, command: DecideDisputeAppeal) -> AppliedCommand:
    decision = DecideAppeal(command.case, command.amount, command.words)
    return await act_as_moderator(ports, actor, command, lambda _, __: decision)


async def close_rental(ports: Ports, actor: Actor, command: CloseRental) -> AppliedCommand:
    """End what neither side ends."""
    return await act_as_moderator(ports, actor, command, lambda _, __: ModClose(command.reason))


async def cancel_for_parties(ports: Ports, actor: Actor, command: CancelForParties) -> AppliedCommand:
    return await act_as_moderator(ports, actor, command, lambda _, __: Cancel(command.reason))
