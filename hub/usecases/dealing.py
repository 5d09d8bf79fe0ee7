"""What every act on a rental shares: who may ask, the one path of a command, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.account import Actor, User
from hub.authority import JUDGE_RENTAL, PARTY, authorize
from hub.errors import Conflict, NotFound
from hub.ids import CommandId, RentalId, UserId
from hub.item import Item
from hub.ports import Applied, Ports
from hub.rental import Command, Rental, Role, allowed_actions
from hub.usecases._move import Move, Moved, make_move
from hub.usecases._once import body_hash, once
from hub.usecases._people import named

Rule = Callable[[Role, Item], Command]
"""The command of the table that is meant; it may depend on who asks."""


@dataclass(frozen=True, slots=True)
class OnRental:
    """A command on a rental that there is. ``rental_changed`` unless it stands at ``expected_rev``, where given."""

    cmd_id: CommandId
    rental: RentalId
    expected_rev: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class RentalSheet:
    """A rental as one party or a moderator reads it, with the names around it."""

    rental: Rental
    owner: User
    renter: User
    role: Role
    allowed_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AppliedCommand:
    """The rental after a command, and where its event stands in the room's log."""

    sheet: RentalSheet
    seq: int
    duplicate: bool = False


async def act_as_party(ports: Ports, actor: Actor, command: Any, rule: Rule) -> AppliedCommand:
    """A party's command."""
    known = await of_party(ports, actor, command.rental)
    role = role_of(known, actor.user)
    return await _answer(ports, actor, role, await _applied(ports, actor, command, known, role, rule))


async def act_as_moderator(ports: Ports, actor: Actor, command: Any, rule: Rule) -> AppliedCommand:
    """A moderator's command: under their name, written to the audit log, and never on a rental of their own."""
    known = await of_moderator(ports, actor, command.rental)
    outcome = await _applied(ports, actor, command, known, Role.MODERATOR, rule)
    return await _answer(ports, actor, Role.MODERATOR, outcome)


async def of_party(ports: Ports, actor: Actor, rental_id: RentalId) -> Rental:
    """The rental, if the actor is one of its two parties; to everybody else it does not exist."""
    return authorize(actor, PARTY, await ports.rentals.get(rental_id, actor.user))


async def of_moderator(ports: Ports, actor: Actor, rental_id: RentalId) -> Rental:
    """Any rental that is not the moderator's own."""
    return authorize(actor, JUDGE_RENTAL, await ports.rentals.get(rental_id, None))


async def rental_sheet(ports: Ports, rental: Rental, role: Role) -> RentalSheet:
    owner, renter = await named(ports, rental.owner), await named(ports, rental.renter)
    return RentalSheet(rental, owner, renter, role, allowed_actions(rental, role, ports.clock.now()))


def role_of(rental: Rental, user: UserId) -> Role:
    return Role.RENTER if user == rental.renter else Role.OWNER


async def _applied(  # noqa: PLR0917 - who asks what of which rental as whom
    ports: Ports, actor: Actor, command: Any, known: Rental, role: Role, rule: Rule
) -> Moved | Applied:
    body = body_hash(actor.user, command)
    move = Move(command.cmd_id, body, role, lambda item: rule(role, item), actor=actor.user)

    async def attempt() -> Moved:
        before = await ports.rentals.get(known.id, None)
        if before is None:
            raise NotFound("rental_not_found")
        if command.expected_rev not in {None, before.rev}:
            raise Conflict("rental_changed", {"rev": before.rev})
        return await make_move(ports, move, before.item, before)

    return await once(ports, known.room, command.cmd_id, body, attempt)


async def _answer(ports: Ports, actor: Actor, role: Role, outcome: Moved | Applied) -> AppliedCommand:
    if isinstance(outcome, Moved):
        return AppliedCommand(await rental_sheet(ports, outcome.rental, role), outcome.entry.seq)
    rental = await ports.rentals.get(outcome.rental, None if role is Role.MODERATOR else actor.user)
    if rental is None:
        raise NotFound("rental_not_found")
    return AppliedCommand(await rental_sheet(ports, rental, role), outcome.seq, duplicate=True)
