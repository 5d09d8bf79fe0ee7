"""What cancelling costs by the owner's policy: a suggestion that the owner may waive (design: rental.md §1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hub.money import percent_of

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)

SECOND_THOUGHTS: Final = _HOUR
"""How long after the agreement anybody may step back for nothing, while the start is more than a day away."""


class CancellationPolicy(StrEnum):
    """In German: flexibel, mittel, streng."""

    FLEXIBLE = "flexible"
    MODERATE = "moderate"
    STRICT = "strict"


_STEPS: Final = {
    CancellationPolicy.FLEXIBLE: ((_DAY, 0), (timedelta(), 50)),
    CancellationPolicy.MODERATE: ((5 * _DAY, 0), (_DAY, 50)),
    CancellationPolicy.STRICT: ((14 * _DAY, 0), (7 * _DAY, 50)),
}
"""The percent kept with at least so much time, elapsed and not by the calendar, left to the start; 100 below all."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed on and when: instants, and ``rent`` in minor units for all units, without extras."""

    policy: CancellationPolicy
    agreed_at: datetime
    start: datetime
    rent: int


def percent_kept(agreed: Agreement, at: datetime, *, excused: bool = False) -> int:
    """0 to 100 percent of the rent for cancelling ``at``. ``excused``: by the owner, or because of a defect."""
    left = agreed.start - at
    reconsidered = left > _DAY and at - agreed.agreed_at <= SECOND_THOUGHTS
    if excused or reconsidered:
        return 0
    return next((percent for least, percent in _STEPS[agreed.policy] if left >= least), 100)


def cancellation_fee(agreed: Agreement, at: datetime, *, excused: bool = False) -> int:
    """Minor units, half a unit rounded up; see ``percent_kept``."""
    return percent_of(agreed.rent, percent_kept(agreed, at, excused=excused))
