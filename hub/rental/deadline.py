"""When time itself is due to act on a rental, each a function of its fields (design: rental.md §1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from hub.rental.case import CaseState
from hub.rental.record import Rental
from hub.rental.terms import Terms

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

IDLE: Final = 30 * DAY
UNCLAIMED: Final = DAY
EXTENSION: Final = DAY
"""What a late thing keeps of the calendar, from now on, each time."""
EXTEND_EVERY: Final = 12 * HOUR
VERIFIED_INSPECTION: Final = 48 * HOUR
DECLARED_INSPECTION: Final = 7 * DAY
AFTER_CASE: Final = 48 * HOUR
PRESUMED: Final = 21 * DAY
NON_RETURN: Final = 90 * DAY
LOSS: Final = 180 * DAY


def overdue_at(terms: Terms) -> datetime:
    """The agreed end and the grace: half an hour where hours are rented, two hours where days are."""
    by_the_hour = terms.end - terms.start < DAY
    return terms.end + (HOUR / 2 if by_the_hour else 2 * HOUR)


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


def case_due(rental: Rental, state: CaseState) -> datetime | None:
    """When the first of the cases in ``state`` goes on by itself."""
    return min((case.due_at for case in rental.cases if case.state is state and case.due_at), default=None)


def _outcomes(rental: Rental) -> Iterator[datetime]:
    return (case.outcome.at for case in rental.cases if case.outcome)
