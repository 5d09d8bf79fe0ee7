"""From the bytes of an iCalendar file (RFC 5545) to the stretches it keeps busy. Runs in the limited process only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

TOO_FINE: Final = frozenset({"SECONDLY", "MINUTELY"})
"""No thing is lent by such a rhythm, and a few bytes of it are a million events."""
DAY: Final = timedelta(days=1)

Stretch = tuple[datetime, datetime]


class Refused(Exception):
    """``code`` says why the file as a whole is of no use."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Wanted:
    """Events in [start, end), at most ``most`` of them; see ``read_busy``."""

    start: datetime
    end: datetime
    tz: str
    own: str
    most: int


def read_busy(content: bytes, wanted: Wanted) -> tuple[list[Stretch], int]:
    """What falls into the time that is wanted, in whole UTC minutes, and how many events cannot be read. ``Refused``.

    Dates without a time, and times without a zone, are of its ``tz``. Cancelled and transparent events keep nothing
    busy, nor do those whose UID ends with ``own``: they came from here.
    """
    try:
        calendar = icalendar.Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise Refused("not_calendar") from error
    if calendar.name != "VCALENDAR":
        raise Refused("not_calendar")
    unread = _forget_unreadable(calendar)
    found: list[Stretch] = []
    for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(wanted.start - DAY, wanted.end + DAY):
        stretch = _stretch(event, ZoneInfo(wanted.tz)) if _keeps_busy(event, wanted.own) else None
        if stretch and stretch[0] < wanted.end and stretch[1] > wanted.start:
            found.append(stretch)
            if len(found) > wanted.most:
                raise Refused("too_many_events")
    return sorted(found), unread


def _forget_unreadable(calendar: icalendar.Calendar) -> int:
    """Take out the events that cannot be placed in time; how many there were."""
    bad = [event for event in calendar.walk("VEVENT") if not _sound(event)]
    for event in bad:
        calendar.subcomponents.remove(event)
    return len(bad)


def _sound(event: Any) -> bool:
    if "DTSTART" not in event or any(name in {"DTSTART", "DTEND", "DURATION", "RRULE"} for name, _ in event.errors):
        return False
    return not any(str(freq).upper() in TOO_FINE for rule in _rules(event) for freq in rule.get("FREQ", []))


def _rules(event: Any) -> Iterator[Any]:
    rule = event.get("RRULE")
    yield from rule if isinstance(rule, list) else [rule] if rule else []


def _keeps_busy(event: Any, own: str) -> bool:
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    transparent = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    return not (cancelled or transparent or str(event.get("UID", "")).endswith(own))


def _stretch(event: Any, zone: ZoneInfo) -> Stretch | None:
    """Begun minutes count whole. None for what has no length."""
    start, end = (_instant(event[name].dt, zone) for name in ("DTSTART", "DTEND"))
    first = start.replace(second=0, microsecond=0)
    last = -(-(end - first) // timedelta(minutes=1)) * timedelta(minutes=1) + first
    return (first, last) if end > start else None


def _instant(at: date, zone: ZoneInfo) -> datetime:
    moment = at if isinstance(at, datetime) else datetime.combine(at, time())
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
