"""How far somebody can be relied on, from what happened and not from what is thought of them (rental.md §1). Pure.

A figure shows only from three cases on. What nobody knows blames nobody: returns that are presumed, things not fetched.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

from hub.ids import UserId
from hub.rental import CaseKind, CaseState, Rental, Role, State
from hub.rental.deadline import overdue_at

MINUTE: Final = timedelta(minutes=1)
SHOWN_FROM: Final = 3
LOOKED_AT: Final = 100
"""So many rentals of a person, the latest touched, are looked at."""
SHORT_NOTICE: Final = timedelta(hours=24)
"""An owner's cancellation this near to the start, or after it, leaves somebody without."""


@dataclass(frozen=True, slots=True)
class Share:
    """``percent`` of ``n`` cases went well."""

    n: int
    percent: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Each None below three cases.

    As a renter: ``returns`` in time, ``fetched`` things that were agreed on. As an owner: ``answers`` to those who
    asked, ``answer_min`` the median of minutes these took, ``kept`` agreements that were not cancelled at short notice
    and to which the owner came.
    """

    returns: Share | None = None
    fetched: Share | None = None
    answers: Share | None = None
    answer_min: int | None = None
    kept: Share | None = None


def reliability_of(user: UserId, rentals: Iterable[Rental]) -> Reliability:
    known = list(rentals)
    lent = [rental for rental in known if rental.owner == user]
    rented = [rental for rental in known if rental.renter == user]
    waits = [(rental.answered_at - rental.created_at) // MINUTE for rental in lent if rental.answered_at]
    return Reliability(
        returns=_share([_in_time(rental) for rental in rented if rental.returned or rental.lost_at]),
        fetched=_share([rental.handed_over is not None for rental in rented if _was_to_be_fetched(rental)]),
        answers=_share([rental.answered_at is not None for rental in lent if _was_due_an_answer(rental)]),
        answer_min=int(median(waits)) if len(waits) >= SHOWN_FROM else None,
        kept=_share([not _let_down(rental) for rental in lent if rental.agreed_at]),
    )


def _share(well: list[bool]) -> Share | None:
    return Share(len(well), round(100 * sum(well) / len(well))) if len(well) >= SHOWN_FROM else None


def _in_time(rental: Rental) -> bool:
    return rental.returned is not None and rental.returned.at <= overdue_at(rental.live.terms)


def _was_due_an_answer(rental: Rental) -> bool:
    """Answered, or left to expire; not what was withdrawn, taken by another, or is still open."""
    left = rental.state is State.EXPIRED and rental.closed_reason in {"offer_expired", "idle"}
    return rental.answered_at is not None or left


def _was_to_be_fetched(rental: Rental) -> bool:
    """Handed over, or not because the renter did not come."""
    return rental.handed_over is not None or _stays_away(rental, Role.RENTER)


def _let_down(rental: Rental) -> bool:
    """Not by who could not, because somebody else was late."""
    cancel = rental.cancel
    late = cancel is not None and cancel.by is Role.OWNER and rental.live.terms.start - cancel.at < SHORT_NOTICE
    return (late and rental.at_risk_since is None) or _stays_away(rental, Role.OWNER)


def _stays_away(rental: Rental, role: Role) -> bool:
    """Whether it stands that ``role`` did not come: not contested, or the contest came to nothing."""
    claim = rental.no_show
    if claim is None or claim.by is role:
        return False
    contest = next((case for case in rental.cases if case.kind is CaseKind.NO_SHOW), None)
    if contest is None or contest.state is CaseState.WITHDRAWN:
        return True
    pays = contest.outcome is not None and contest.outcome.amount > 0
    return contest.state is CaseState.DECIDED and pays is (role is Role.RENTER)
