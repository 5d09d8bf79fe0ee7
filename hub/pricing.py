"""What a period costs by the tariff, with the line items that add up to it (design: rental.md §3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import Final

from hub.cover import cheapest
from hub.errors import Invalid
from hub.money import Money, percent_of
from hub.period import DAY, Period, local_to_utc, on_the_wall, split_days
from hub.season import average_percent
from hub.tariff import LONGEST_DAYS, MINUTES, Tariff

_FRIDAY: Final = 4
_NOON: Final = time(12)
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Line:
    """``n`` times ``each`` for ``q`` units is ``amt``, in minor units.

    ``code`` is the unit paid for, ``minute``, ``hour``, ``day``, ``weekend``, ``week`` or ``month``, or what is added
    or taken off after that: ``season``, ``long``, ``min_total``, ``negotiated``.
    """

    code: str
    n: int
    q: int
    each: int
    amt: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The price is the sum of the lines. ``deposit`` is for all units; ``days`` are started local days.

    The lines may be those of a longer time: where its discount makes it the cheaper one, that is what is asked.
    """

    lines: tuple[Line, ...]
    price: int
    deposit: int
    cur: str
    days: int


@dataclass(frozen=True, slots=True)
class _Stay:
    """A period as the tariff sees it: whole days and what is left over, on the clock of ``tz``."""

    period: Period
    tz: str
    days: int
    leftover: timedelta

    @property
    def started(self) -> int:
        return self.days + (self.leftover > timedelta())


def quote(tariff: Tariff, period: Period, tz: str, q: int = 1) -> Quote:
    """The tariff's price of ``q`` units over ``period``.

    ``Invalid("too_long")`` beyond any rental, ``Invalid("bad_money")`` beyond any sane amount.
    """
    stay = _Stay(period, tz, *split_days(period, tz))
    if stay.started > LONGEST_DAYS:
        raise Invalid("too_long", {"max_days": LONGEST_DAYS})
    lines = min((tuple(_lines(tariff, each, q)) for each in (stay, *_next_steps(tariff, stay))), key=_total)
    deposit = Money(tariff.deposit, tariff.cur) * q
    return Quote(lines, Money(_total(lines), tariff.cur).amt, deposit.amt, tariff.cur, stay.started)


def _total(lines: tuple[Line, ...]) -> int:
    return sum(line.amt for line in lines)


def _next_steps(tariff: Tariff, stay: _Stay) -> Iterator[_Stay]:
    """The same start for as long as each discount needs that the stay is too short for."""
    wall = on_the_wall(stay.period.start, stay.tz)
    for discount in tariff.long:
        if discount.from_days > stay.days:
            end = local_to_utc(wall + discount.from_days * DAY, stay.tz)[0]
            yield _Stay(Period(stay.period.start, end), stay.tz, discount.from_days, timedelta())


def _lines(tariff: Tariff, stay: _Stay, q: int) -> Iterator[Line]:
    """Units, then season and discount, each rounded once for one unit; then the least total for all."""
    units = _units(tariff, stay)
    yield from (Line(unit, n, q, each, n * each * q) for unit, n, each in units)
    covered = sum(n * each for _, n, each in units)
    seasoned = percent_of(covered, _season(tariff, stay))
    reduced = percent_of(seasoned, 100 - _discount(tariff, stay.days))
    yield from _adjusted("season", seasoned - covered, q)
    yield from _adjusted("long", reduced - seasoned, q)
    if reduced:
        yield from _adjusted("min_total", max(0, tariff.min_total - reduced * q), 1)


def _adjusted(code: str, by: int, q: int) -> Iterator[Line]:
    if by:
        yield Line(code, 1, q, by, by * q)


def _units(tariff: Tariff, stay: _Stay) -> list[tuple[str, int, int]]:
    """Unit, how many and for how much each: the largest first."""
    cover = cheapest(tariff, stay.days, stay.leftover // _MINUTE)
    if tariff.weekend is not None and tariff.weekend < cover.amt and _within_a_weekend(stay):
        return [("weekend", 1, tariff.weekend)]
    return [(unit, cover.units[unit], tariff.price(unit) or 0) for unit in MINUTES if cover.units[unit]]


def _within_a_weekend(stay: _Stay) -> bool:
    """From Friday 12:00 to Monday 12:00 on the item's wall clock."""
    today = on_the_wall(stay.period.start, stay.tz).date()
    friday = datetime.combine(today - (today.weekday() - _FRIDAY) % 7 * DAY, _NOON)
    opens, closes = (local_to_utc(noon, stay.tz)[0] for noon in (friday, friday + 3 * DAY))
    return opens <= stay.period.start and stay.period.end <= closes


def _season(tariff: Tariff, stay: _Stay) -> Fraction:
    first, end = (on_the_wall(at, stay.tz).date() for at in (stay.period.start, stay.period.end))
    return average_percent(tariff.season, first, end)


def _discount(tariff: Tariff, days: int) -> int:
    return max((discount.percent for discount in tariff.long if discount.from_days <= days), default=0)
