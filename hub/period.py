"""Stretches of time: UTC instants at the core, the item's wall clock where people count days (design: rental.md §3)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from hub.errors import Invalid

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""All periods lie between these two, so [EARLIEST, LATEST) is for ever and no arithmetic near it can overflow."""

DAY = timedelta(days=1)

ClockNotice = Literal["nonexistent_time", "ambiguous_time"]

# Only names every machine reads alike: not "localtime", and not the variants of tzdata that count leap seconds.
_ZONE = re.compile(r"UTC|(?!posix/|right/)[A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2}")


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch [start, end) of whole minutes, kept in UTC whatever zone comes. ``Invalid("bad_period")``."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        for name, at in (("start", self.start), ("end", self.end)):
            object.__setattr__(self, name, _whole_minute(at))
        if not EARLIEST <= self.start < self.end <= LATEST:
            raise Invalid("bad_period")


def _whole_minute(at: datetime) -> datetime:
    if at.tzinfo is None or at.second or at.microsecond:
        raise Invalid("bad_period")
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Invalid("bad_period") from None


def zone(tz: str) -> ZoneInfo:
    """The IANA time zone of that name. ``Invalid("bad_timezone")``."""
    if not _ZONE.fullmatch(tz):
        raise Invalid("bad_timezone")
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError):
        raise Invalid("bad_timezone") from None


def local_to_utc(naive: datetime, tz: str) -> tuple[datetime, ClockNotice | None]:
    """The instant of a wall time, and what was odd about it.

    A wall time that a clock change skips moves forward by the gap (02:30 becomes 03:30); one that comes twice means
    the first. ``Invalid("bad_period")`` far outside of our time.
    """
    if not EARLIEST.year <= naive.year <= LATEST.year:
        raise Invalid("bad_period")
    place = zone(tz)
    first, second = (naive.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(place).replace(tzinfo=None) != naive:
        return first, "nonexistent_time"
    return first, "ambiguous_time" if first != second else None


def whole_days(first: date, last: date, tz: str) -> Period:
    """Both days and all between them, from midnight to midnight on the clock of ``tz``. ``Invalid("bad_period")``."""
    if last.year >= LATEST.year:
        raise Invalid("bad_period")
    start, end = (local_to_utc(datetime.combine(day, time()), tz)[0] for day in (first, last + DAY))
    return Period(start, end)


def on_the_wall(at: datetime, tz: str) -> datetime:
    """What the clocks of ``tz`` show at an instant: a naive time."""
    return at.astimezone(zone(tz)).replace(tzinfo=None)


def split_days(period: Period, tz: str) -> tuple[int, timedelta]:
    """Whole days on the wall clock of ``tz``, and the time that elapses from there to the end.

    The days are the largest n >= 0 with utc(local start + n days) <= end: elapsed hours / 24 would be wrong by a day
    around a clock change.
    """
    wall = on_the_wall(period.start, tz)
    for days in range((period.end - period.start) // DAY + 1, 0, -1):  # a clock change adds at most this one
        whole_until = local_to_utc(wall + days * DAY, tz)[0]
        if whole_until <= period.end:
            return days, period.end - whole_until
    return 0, period.end - period.start


def local_days(period: Period, tz: str) -> int:
    """Whole days on the wall clock of ``tz``; see ``split_days``."""
    return split_days(period, tz)[0]


def started_days(period: Period, tz: str) -> int:
    """Whole days on the item's wall clock, and one more for any time left over."""
    days, leftover = split_days(period, tz)
    return days + (leftover > timedelta())


def stamp(at: datetime) -> str:
    """An instant as the log and the documents write it: ``YYYY-MM-DDTHH:MM:SSZ``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
