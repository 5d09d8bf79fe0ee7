"""The cheapest way to pay for a length of time with the units of a tariff (design: rental.md §3)."""

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from hub.tariff import LONGEST_DAYS, MINUTES, Tariff

_HOUR: Final = MINUTES["hour"]
_DAY: Final = MINUTES["day"]


@dataclass(frozen=True, slots=True, order=True)
class Cover:
    """So many of each unit, and what they come to in minor units. Together they last at least as long as asked.

    Less is better: cheaper, then nearer to what was asked for, then in fewer ``pieces``.
    """

    amt: int = 0
    minutes: int = 0
    pieces: int = 0
    units: Counter[str] = field(default_factory=Counter, compare=False)

    def __add__(self, other: "Cover") -> "Cover":
        sums = self.amt + other.amt, self.minutes + other.minutes, self.pieces + other.pieces
        return Cover(*sums, self.units + other.units)

    def __mul__(self, n: int) -> "Cover":
        units = Counter({unit: count * n for unit, count in self.units.items() if n})
        return Cover(self.amt * n, self.minutes * n, self.pieces * n, units)


def cheapest(tariff: Tariff, days: int, minutes: int) -> Cover:
    """For whole ``days`` and the ``minutes`` left over: hours where they are cheaper than one day more.

    Up to ``LONGEST_DAYS``, counted as started days.
    """
    hours, rest = _billed(tariff, days, minutes)
    if hours == rest == 0:
        return _whole(tariff, days)
    hour = _filled(tariff, _HOUR)
    if hour is None:
        return _whole(tariff, days + 1)
    return min(_whole(tariff, days) + _leftover(tariff, hour, hours, rest), _whole(tariff, days + 1))


def _billed(tariff: Tariff, days: int, minutes: int) -> tuple[int, int]:
    """Hours and minutes to pay for. Without a price of the minute the rest of an hour is free or a whole one.

    The grace holds once a whole hour or day is complete: nothing is lent for nothing by being short.
    """
    hours, rest = divmod(minutes, _HOUR)
    if tariff.minute is not None:
        return hours, rest
    forgiven = rest <= tariff.grace_min and (days > 0 or hours > 0)
    return (hours if forgiven else hours + 1), 0


def _leftover(tariff: Tariff, hour: Cover, hours: int, rest: int) -> Cover:
    minute = _one(tariff, "minute")
    return hour * hours + min(minute * rest, hour) if minute else hour * hours


def _whole(tariff: Tariff, days: int) -> Cover:
    """The cheapest packages for so many days."""
    packages = _packages(tariff)
    last = _last_packages(packages)
    whole = Cover()
    while days > 0:
        length, one = packages[last[days]]
        whole, days = whole + one, days - length
    return whole


@lru_cache(maxsize=256)
def _last_packages(packages: tuple[tuple[int, Cover], ...]) -> tuple[int, ...]:
    """For 0, 1, … days which package the cheapest cover ends with, the rest being the cheapest of a shorter time.

    The latest tariffs are kept: this is most of the work, and the same for every period.
    """
    best, last = [(0, 0, 0)], [0]
    for n in range(1, LONGEST_DAYS + 1):
        ways = [(_sum(best[max(0, n - length)], one), i) for i, (length, one) in enumerate(packages)]
        least, choice = min(ways)
        best.append(least)
        last.append(choice)
    return tuple(last)


def _sum(so_far: tuple[int, int, int], one: Cover) -> tuple[int, int, int]:
    amt, minutes, pieces = so_far
    return amt + one.amt, minutes + one.minutes, pieces + one.pieces


def _packages(tariff: Tariff) -> tuple[tuple[int, Cover], ...]:
    """What whole days can be paid with, and how many of them each is good for."""
    larger = [(MINUTES[unit] // _DAY, _one(tariff, unit)) for unit in ("month", "week")]
    return tuple((days, one) for days, one in (*larger, (1, _filled(tariff, _DAY))) if one)


def _filled(tariff: Tariff, minutes: int) -> Cover | None:
    """The cheapest single kind of unit that fills an hour or a day to the minute."""
    ones = [one for unit, length in MINUTES.items() if length <= minutes and (one := _one(tariff, unit))]
    return min((one * (minutes // one.minutes) for one in ones), default=None)


def _one(tariff: Tariff, unit: str) -> Cover | None:
    each = tariff.price(unit)
    return None if each is None else Cover(each, MINUTES[unit], 1, Counter({unit: 1}))
