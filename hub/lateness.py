"""What bringing a thing back late costs (design: rental.md §3)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from hub.errors import Invalid
from hub.period import Period, started_days

MAX_LATE_FEE: Final = 10**12
"""Minor units: for as many units as a listing may have it still is an exact integer, so a late return never fails."""

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LateFee:
    """Minor units for one unit: either ``per_hour`` or ``per_day``, each as soon as begun, and never above ``cap``.

    ``Invalid("bad_tariff")`` naming the field and its limits.
    """

    cap: int
    per_hour: int | None = None
    per_day: int | None = None

    def __post_init__(self) -> None:
        if (self.per_hour is None) == (self.per_day is None):
            raise Invalid("bad_tariff", {"field": "late_fee"})
        for name in ("cap", "per_hour", "per_day"):
            amount = getattr(self, name)
            if amount is not None and (type(amount) is not int or not 0 <= amount <= MAX_LATE_FEE):
                raise Invalid("bad_tariff", {"field": f"late_fee.{name}", "min": 0, "max": MAX_LATE_FEE})


@dataclass(frozen=True, slots=True)
class LateReturn:
    """Instants; ``grace`` from the agreed end is forgiven, not subtracted. Days are counted on the clock of ``tz``."""

    agreed_end: datetime
    returned_at: datetime
    grace: timedelta
    tz: str
    q: int = 1


def late_fee(fee: LateFee | None, late: LateReturn) -> int:
    """Minor units for all units: 0 within the grace, else for every hour or day begun since the agreed end."""
    returned_at = late.returned_at.replace(second=0, microsecond=0)
    if fee is None or returned_at - late.agreed_end <= late.grace:
        return 0
    return min(fee.cap, _so_far(fee, Period(late.agreed_end, returned_at), late.tz)) * late.q


def _so_far(fee: LateFee, late: Period, tz: str) -> int:
    if fee.per_day is not None:
        return fee.per_day * started_days(late, tz)
    return (fee.per_hour or 0) * -((late.start - late.end) // _HOUR)
