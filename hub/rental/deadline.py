"""When time itself is due to act on a rental, each a function of its fields (design: rental.md §1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hub.rental.case import CaseState
from hub.rental.record import Rental
from hub.rental.state import CLOSED
from hub.rental.terms import Terms

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)

IDLE: Final = 30 * DAY
UNCLAIMED: Final = DAY
EXTENSION: Final = DAY
"""What a late thing keeps of the calendar, from now on, each time."""
EXTEND_EVERY: Final = 12 * HOUR
VERIFIED_INSPECTION: Final = 48 * HOUR
DECLARED_INSPECTION: Final = 7 * DAY
AFTER_CASE: Final = 48 * HOUR
PRESUMED: Final = 21 * DAY
CONTEST_HAND_OVER: Final = DAY
CONTEST_NO_SHOW: Final = 2 * DAY
LADDER: Final = (0 * DAY, DAY, 3 * DAY, 7 * DAY)
"""How long after lateness began its notices are given."""
NUDGES: Final = (DAY, 3 * DAY, 6 * DAY)
"""How long after a declared return its owner is reminded of it."""
NON_RETURN: Final = 90 * DAY
LOSS: Final = 180 * DAY
AFTERMATH: Final = 30 * DAY


def grace(terms: Terms) -> timedelta:
    """How late nobody minds: half an hour where hours are rented, two hours where days are."""
    return HOUR / 2 if terms.end - terms.start < DAY else 2 * HOUR


def overdue_at(terms: Terms) -> datetime:
    """The agreed end and the grace."""
    return terms.end + grace(terms)


def missed_at(terms: Terms) -> datetime:
    """From when on it may be said that the other side did not come."""
    return terms.start + grace(terms)


def hold_ends_at(rental: Rental) -> datetime:
    """Until when the dates are held for what is still missing: 24 hours, less near the start, and never past it."""
    agreed_at, start = rental.agreed_at or rental.updated_at, rental.live.terms.start
    return min(max(min(agreed_at + DAY, start - HOUR), agreed_at + 15 * MINUTE), start)


def start_reminder_at(rental: Rental) -> datetime | None:
    """A day before the start, two hours where hours are rented; None if told before, or agreed later than that."""
    terms = rental.live.terms
    due = terms.start - _ahead(terms)
    told = rental.start_reminded == terms.start or rental.agreed_at is None or rental.agreed_at > due
    return None if told else due


def return_reminder_at(rental: Rental) -> datetime | None:
    """The same before the end."""
    terms = rental.live.terms
    due = terms.end - _ahead(terms)
    told = rental.return_reminded == terms.end or rental.handed_over is None or rental.handed_over.at > due
    return None if told else due


def _ahead(terms: Terms) -> timedelta:
    return 2 * HOUR if terms.end - terms.start < DAY else DAY


def ladder_step(rental: Rental, now: datetime) -> int:
    """How many notices lateness has led to by now."""
    late = now - overdue_at(rental.live.terms)
    return sum(late >= after for after in LADDER)


def nudge_at(rental: Rental) -> datetime | None:
    """When the owner is next reminded of a return that only the renter has declared."""
    declared = rental.returned if rental.returned and not rental.verified else None
    return declared.at + NUDGES[rental.nudges] if declared and rental.nudges < len(NUDGES) else None


def extension_at(rental: Rental) -> datetime:
    """When lateness next takes more of the calendar."""
    first = overdue_at(rental.live.terms)
    return max(first, rental.extended_at + EXTEND_EVERY) if rental.extended_at else first


def inspected_at(rental: Rental) -> datetime | None:
    """When a return that nobody objects to is complete; None while a case is open."""
    if rental.returned is None or rental.open_cases:
        return None
    verified_at = rental.returned.verified_at
    normal = verified_at + VERIFIED_INSPECTION if verified_at else rental.returned.at + DECLARED_INSPECTION
    return max([normal, *(ended + AFTER_CASE for ended in _outcomes(rental))])


def talk_until(rental: Rental) -> datetime | None:
    """When the room takes no more messages: some time after the last step of what is over and undisputed."""
    over = rental.state in CLOSED and not rental.open_cases
    return rental.updated_at + AFTERMATH if over else None


def case_due(rental: Rental, state: CaseState) -> datetime | None:
    """When the first of the cases in ``state`` goes on by itself; of decided ones, when their appeal lapses."""
    return min((case.due_at for case in rental.cases if case.state is state and case.due_at), default=None)


def _outcomes(rental: Rental) -> Iterator[datetime]:
    return (case.outcome.at for case in rental.cases if case.outcome)
