"""What lending a thing costs: the owner's price list (design: rental.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from hub.errors import Invalid
from hub.lateness import LateFee
from hub.money import MAX_AMOUNT, Money
from hub.season import Season, overlap

MINUTES: Final = {"month": 30 * 24 * 60, "week": 7 * 24 * 60, "day": 24 * 60, "hour": 60, "minute": 1}
"""The units that any length of time is made of, the largest first. A weekend is not one: it stands alone."""

LONGEST_DAYS: Final = 366
"""No rental is longer, in started days."""

MAX_GRACE: Final = 59
MAX_SEASONS: Final = 12
MAX_LONG: Final = 6
MAX_DISCOUNT: Final = 99

_AMOUNTS: Final = (*MINUTES, "weekend", "min_total", "deposit")


@dataclass(frozen=True, slots=True)
class LongDiscount:
    """From so many whole days on, so many percent less. ``Invalid("bad_tariff")`` naming the field and its limits."""

    from_days: int
    percent: int

    def __post_init__(self) -> None:
        for name, high in (("from_days", LONGEST_DAYS), ("percent", MAX_DISCOUNT)):
            _check(f"long.{name}", getattr(self, name), 1, high)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Minor units of ``cur`` for one unit of the thing; 0 lends it for free, None is no price of its own.

    ``weekend`` is for a rental within one Friday 12:00 to Monday 12:00, ``month`` for 30 days. ``min_total`` is the
    least that a rental of any number of units costs, if it costs anything. ``grace_min`` minutes beyond whole hours
    are free. Seasons do not overlap. ``Invalid("bad_tariff")`` naming the field, or ``Invalid("bad_money")``.
    """

    minute: int | None = None
    hour: int | None = None
    day: int | None = None
    weekend: int | None = None
    week: int | None = None
    month: int | None = None
    min_total: int = 0
    grace_min: int = 0
    season: tuple[Season, ...] = ()
    long: tuple[LongDiscount, ...] = ()
    deposit: int = 0
    late_fee: LateFee | None = None
    cur: str = "EUR"

    def __post_init__(self) -> None:
        Money(0, self.cur)
        for name in _AMOUNTS:
            if getattr(self, name) is not None or name in {"min_total", "deposit"}:
                _check(name, getattr(self, name), 0, MAX_AMOUNT)
        _check("grace_min", self.grace_min, 0, MAX_GRACE)
        for name, holds in _whole(self).items():
            if not holds:
                raise Invalid("bad_tariff", {"field": name})

    def price(self, unit: str) -> int | None:
        """Of one ``minute``, ``hour``, ``day``, ``weekend``, ``week`` or ``month``."""
        amount: int | None = getattr(self, unit)
        return amount

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """From plain values, as ``dataclasses.asdict`` writes them; what an older tariff did not know is left out."""
        fee = kept.get("late_fee")
        parts = {
            "season": tuple(Season(**season) for season in kept.get("season", ())),
            "long": tuple(LongDiscount(**discount) for discount in kept.get("long", ())),
            "late_fee": LateFee(**fee) if fee else None,
        }
        return cls(**{**kept, **parts})


def _check(field: str, value: object, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise Invalid("bad_tariff", {"field": field, "min": low, "max": high})


def _whole(tariff: Tariff) -> dict[str, bool]:
    """What can be wrong between the fields, and whether it is right."""
    steps = [discount.from_days for discount in tariff.long]
    return {
        "day": any(tariff.price(unit) is not None for unit in MINUTES),  # a weekend alone has no price on a Tuesday
        "season": len(tariff.season) <= MAX_SEASONS and not overlap(tariff.season),
        "long": len(steps) <= MAX_LONG and len(set(steps)) == len(steps),
    }
