"""What time does: timers that are due, judged again by the rules as if somebody had asked."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from hub.errors import Conflict
from hub.ids import CommandId, ItemId, RentalId
from hub.ports import DueTimer, Ports
from hub.rental import TIMED, AtRisk, Command, Rental, RiskOver, Role, State, Taken
from hub.usecases._move import NEXT, RIVALS, Move, Moved, make_move
from hub.usecases._once import once

_CONCERNED: Final[Mapping[str, frozenset[State]]] = {
    RIVALS: frozenset({State.NEGOTIATING}),
    NEXT: frozenset({State.HELD, State.CONFIRMED}),
}
"""Timers of an item, and the rentals that they are about."""


async def fire_timer(ports: Ports, timer: DueTimer) -> None:
    """Do what is due. Everything is judged again, so a timer that comes late, twice or for nothing does nothing."""
    if timer.kind in _CONCERNED:
        for rental in await ports.rentals.of_item_in(ItemId(timer.target), _CONCERNED[timer.kind]):
            await _fire(ports, rental, _consequence(timer.kind, rental))
        return
    due = await ports.rentals.get(RentalId(timer.target), None)
    if due is not None and timer.kind in TIMED:
        await _fire(ports, due, TIMED[timer.kind]())


def _consequence(kind: str, rental: Rental) -> Command:
    if kind == RIVALS:
        return Taken()
    return RiskOver() if rental.at_risk_since else AtRisk()


async def _fire(ports: Ports, rental: Rental, command: Command) -> None:
    """Apply a consequence under an id that belongs to this revision of the rental, so that it counts once."""
    name = f"{type(command).__name__}:{rental.id}:{rental.rev}"
    cmd_id = CommandId(hashlib.blake2b(name.encode(), digest_size=16).hexdigest())
    move = Move(cmd_id, cmd_id.encode(), Role.SYSTEM, lambda _: command)

    async def attempt() -> Moved:
        return await make_move(ports, move, rental.item, await ports.rentals.get(rental.id, None))

    with suppress(Conflict):
        await once(ports, rental.room, cmd_id, move.body_hash, attempt)
