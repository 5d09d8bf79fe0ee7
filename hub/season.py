"""Times of the year in which a thing costs more or less (design: rental.md §3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

from hub.errors import Invalid

MAX_PERCENT: Final = 1000
USUAL: Final = 100
"""Percent of the price on every day that no season covers."""

_MONTH_DAY: Final = re.compile(r"[0-9]{2}-[0-9]{2}")
_DAY: Final = timedelta(days=1)
_LEAP_YEAR: Final = date(2000, 1, 1)
"""It has every day that there is."""


@dataclass(frozen=True, slots=True)
class Season:
    """From ``first`` to ``last``, both ``MM-DD`` and inclusive, over New Year if that is how they stand.

    125 ``percent`` is a quarter more, 80 a fifth less. ``Invalid("bad_tariff")`` naming the field and its limits.
    """

    first: str
    last: str
    percent: int

    def __post_init__(self) -> None:
        for name in ("first", "last"):
            if not _on_the_calendar(getattr(self, name)):
                raise Invalid("bad_tariff", {"field": f"season.{name}"})
        if type(self.percent) is not int or not 1 <= self.percent <= MAX_PERCENT:
            raise Invalid("bad_tariff", {"field": "season.percent", "min": 1, "max": MAX_PERCENT})

    def stretches(self) -> Iterator[tuple[str, str]]:
        """The season within one year: in two parts if it goes over New Year."""
        if self.first <= self.last:
            yield self.first, self.last
        else:
            yield "01-01", self.last
            yield self.first, "12-31"

    def covers(self, month_day: str) -> bool:
        return any(first <= month_day <= last for first, last in self.stretches())


def _on_the_calendar(month_day: str) -> bool:
    if not _MONTH_DAY.fullmatch(month_day):
        return False
    try:
        date.fromisoformat(f"{_LEAP_YEAR.year}-{month_day}")
    except ValueError:
        return False
    return True


def overlap(seasons: Sequence[Season]) -> bool:
    """Whether two of them claim the same day."""
    stretches = sorted(stretch for season in seasons for stretch in season.stretches())
    return any(later[0] <= sooner[1] for sooner, later in pairwise(stretches))


def average_percent(seasons: tuple[Season, ...], first: date, end: date) -> Fraction:
    """The exact mean over the dates from ``first`` up to ``end``, but at least over ``first``."""
    count = max((end - first).days, 1)
    other = _other_days(seasons)
    days = ((first + n * _DAY).isoformat()[5:] for n in range(count)) if other else ()
    return Fraction(sum(other.get(day, 0) for day in days), count) + USUAL


@lru_cache(maxsize=256)
def _other_days(seasons: tuple[Season, ...]) -> Mapping[str, int]:
    """By how much the percentage differs from the usual one, for every ``MM-DD`` of a season."""
    year = [(_LEAP_YEAR + n * _DAY).isoformat()[5:] for n in range(366)]
    return {day: season.percent - USUAL for season in seasons for day in year if season.covers(day)}
