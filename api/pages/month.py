"""A month of a thing as a table: which days are free, taken or chosen, and where each leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from api.pages.asked import Days
from hub.availability import Interval
from hub.period import local_to_utc

DAY: Final = timedelta(days=1)
WEEK: Final = 7
MOST_MONTHS: Final = 24
"""So far one may leaf."""

Link = Callable[[date, date | None], str]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a month is looked at with: what is taken on the clock of ``tz``, what is chosen, where a click leads."""

    today: date
    tz: str
    full: Sequence[Interval]
    days: Days
    link: Link


@dataclass(frozen=True, slots=True)
class Cell:
    """One day: ``state`` is past, full, partly or free; ``marks`` say what else it is."""

    day: date
    state: str
    marks: tuple[str, ...]
    url: str

    @property
    def css(self) -> str:
        return " ".join((self.state, *self.marks))


@dataclass(frozen=True, slots=True)
class Month:
    """``weeks`` begin on Monday; None stands before the first and after the last day."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    before: str
    after: str


def month_of(text: str, today: date) -> date:
    """The first of the month that is asked for, or of today's where that makes no sense or is too far away."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    far = (first.year - today.year) * 12 + first.month - today.month
    return first if 0 <= far <= MOST_MONTHS else today.replace(day=1)


def month(first: date, sight: Sight) -> Month:
    """The month that begins on ``first``."""
    after = (first + 31 * DAY).replace(day=1)
    cells = [_cell(first + number * DAY, sight) for number in range((after - first).days)]
    padded = [None] * first.weekday() + cells + [None] * (-(first.weekday() + len(cells)) % WEEK)
    weeks = tuple(tuple(padded[at : at + WEEK]) for at in range(0, len(padded), WEEK))
    before = (first - DAY).replace(day=1)
    return Month(
        first, weeks, before.isoformat()[:7] if before >= sight.today.replace(day=1) else "", after.isoformat()[:7]
    )


def _cell(day: date, sight: Sight) -> Cell:
    state = "past" if day < sight.today else _state(day, sight)
    url = "" if state in {"past", "full"} else sight.link(*_chosen(day, sight.days))
    return Cell(day, state, tuple(_marks(day, sight.today, sight.days)), url)


def _state(day: date, sight: Sight) -> str:
    start, end = (local_to_utc(datetime.combine(each, time()), sight.tz)[0] for each in (day, day + DAY))
    if any(taken.s <= start and taken.e >= end for taken in sight.full):
        return "full"
    return "partly" if any(taken.s < end and taken.e > start for taken in sight.full) else "free"


def _chosen(day: date, days: Days) -> tuple[date, date | None]:
    """The first click says from when, the second until when; any further one begins anew."""
    if days.first and not days.last and day >= days.first:
        return days.first, day
    return day, None


def _marks(day: date, today: date, days: Days) -> list[str]:
    marks = ["today"] if day == today else []
    last = days.last or days.first
    if days.first and last and days.first <= day <= last:
        ends = [name for name, end in (("from", days.first), ("to", last)) if day == end]
        marks += ends or ["within"]
    return marks
