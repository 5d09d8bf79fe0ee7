"""What an effect is, and the one way from a rental's record to its place in the calendar."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hub.availability import PENDING, Busy, Calendar, Interval, pull, put
from hub.rental.ask import Ask
from hub.rental.record import Rental
from hub.rental.state import State


@dataclass(frozen=True, slots=True)
class Effect:
    """``told`` is what the event says besides everything that changed in the rental."""

    rental: Rental
    told: dict[str, Any] = field(default_factory=dict)


def occupied(calendar: Calendar, rental: Rental) -> Calendar:
    """The calendar with what the rental holds, and nothing else of it."""
    if rental.holds is None:
        return pull(calendar, rental.id)
    s, e = rental.holds.s, rental.holds.e
    st = PENDING if rental.state is State.NEGOTIATING else rental.state.value
    back = (Busy(rental.id, s, part.free_at, part.q, st) for part in rental.parts if part.free_at > s)
    return put(calendar, Busy(rental.id, s, e, rental.out, st), *back)


def held_until(ask: Ask[Any], end: datetime) -> Interval | None:
    """What the rental holds, with another end; None if nothing would be left of it."""
    holds = ask.rental.holds
    return replace(holds, e=end) if holds and holds.s < end else None


def held_until_ready(ask: Ask[Any]) -> Interval | None:
    """Until now and the turnaround: the thing is back."""
    return held_until(ask, ask.at + ask.calendar.turnaround)
