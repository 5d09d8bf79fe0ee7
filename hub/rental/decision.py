"""decide(): one command, one answer; a new rental with what follows from it, or a refusal with a code. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from hub.availability import Calendar
from hub.errors import Conflict, Forbidden, HubError
from hub.events import Event
from hub.ids import UserId
from hub.item import Item
from hub.rental.ask import GOOD_STANDING, Ask, Situation, Standing
from hub.rental.command import Accept, Command
from hub.rental.effect import end_change, occupied
from hub.rental.guard import BY_SITUATION
from hub.rental.listing import listed_after
from hub.rental.prerequisite import open_kinds
from hub.rental.record import Opening, Rental, draft
from hub.rental.row import Row
from hub.rental.state import CLOSED, UNUSED, Role, State
from hub.rental.timer import Timer, timers_of
from hub.rental.told import changes
from hub.rental.transition import ROWS

# Losing a race must look the same whether the winner's consequences arrived before or after the loser's accept.
_TOO_LATE = {"taken": "slot_unavailable", "offer_expired": "offer_expired"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What to keep, in one transaction. ``calendar`` only if it changed, its rev as it was; ``timers`` are all.

    ``item`` only if its listing changed, its rev counted on.
    """

    rental: Rental
    events: tuple[Event, ...]
    calendar: Calendar | None
    timers: tuple[Timer, ...]
    item: Item | None = None


def decide(
    rental: Rental | None,
    command: Command,
    *,
    role: Role,
    item: Item,
    calendar: Calendar,
    now: datetime,
    opening: Opening | None = None,
    standing: Standing = GOOD_STANDING,
    actor: UserId | None = None,
) -> Decision:
    """Apply ``command`` by ``role``, or refuse with a ``HubError``.

    A rental's first command (``rental`` None) needs an ``opening``; a moderator needs to be named as ``actor``.
    """
    row = _row_for(rental, command, role)
    before = rental or _opened(opening, item, now)
    ask: Ask[Any] = Ask(before, role, now, command, item, calendar, standing, actor)
    for guard in row.guards:
        guard(ask)
    effect = row.effect(ask)
    waits = row.waits_in if row.waits_in and open_kinds(effect.rental) else row.target
    after = _moved(ask, effect.rental, waits or before.state)
    base = {"rental": after.id, "item": after.item, "rev": after.rev, "state": after.state.value}
    event = Event(row.event, _person(before, role, actor), base | changes(before, after) | effect.told)
    kept = occupied(calendar, after)
    listed = listed_after(item, kept, before, after)
    return Decision(
        after,
        (event,),
        kept if kept != calendar else None,
        timers_of(after),
        listed if listed is not item else None,
    )


def _moved(ask: Ask[Any], rental: Rental, state: State) -> Rental:
    """The rental in its next state and revision. An end is dated; what came to nothing holds nothing.

    A change that was proposed in one state is void in the next.
    """
    rental = end_change(rental) if state is not ask.rental.state else rental
    ended = state in CLOSED and ask.rental.state not in CLOSED
    return replace(
        rental,
        state=state,
        rev=ask.rental.rev + 1,
        updated_at=ask.at,
        answered_at=rental.answered_at or (ask.at if ask.role is Role.OWNER else None),
        ended_at=ask.at if ended else rental.ended_at,
        holds=None if state in UNUSED else rental.holds,
    )


def allowed_actions(rental: Rental, role: Role, now: datetime) -> tuple[str, ...]:
    """Names of the commands that make sense for ``role`` now. The terms and the calendar may still refuse them."""
    situation = Situation(rental, role, now)
    names = (row.name for row in _rows(rental.state, role) if _in_order(row, situation))
    return tuple(dict.fromkeys(names))


def _rows(state: State | None, role: Role) -> list[Row[Any]]:
    return [row for row in ROWS if role in row.who and state in row.sources]


def _row_for(rental: Rental | None, command: Command, role: Role) -> Row[Any]:
    mine = [row for row in ROWS if row.command is type(command) and role in row.who]
    if not mine:
        raise Forbidden("not_your_role")
    state = rental.state if rental else None
    for row in mine:
        if state in row.sources:
            return row
    raise _wrong_state(rental, command)


def _wrong_state(rental: Rental | None, command: Command) -> HubError:
    if rental is None:
        return Conflict("wrong_state", {"state": None})
    if isinstance(command, Accept) and rental.state is State.EXPIRED and rental.closed_reason in _TOO_LATE:
        return Conflict(_TOO_LATE[rental.closed_reason])
    return Conflict("wrong_state", {"state": rental.state.value})


def _in_order(row: Row[Any], situation: Situation) -> bool:
    try:
        for guard in row.guards:
            if guard in BY_SITUATION:
                guard(situation)
    except HubError:
        return False
    return True


def _opened(opening: Opening | None, item: Item, now: datetime) -> Rental:
    if opening is None:
        raise ValueError("a new rental needs an opening")
    return draft(opening, item, now.replace(microsecond=0))


def _person(rental: Rental, role: Role, actor: UserId | None) -> UserId | Literal["system"]:
    people: dict[Role, UserId | Literal["system"] | None] = {
        Role.RENTER: rental.renter,
        Role.OWNER: rental.owner,
        Role.MODERATOR: actor,
        Role.SYSTEM: "system",
    }
    person = people[role]
    if person is None:
        raise ValueError("a moderator acts under their name")
    return person
