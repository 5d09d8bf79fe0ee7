"""When somebody is in: the weekly hours of a place and its single days, looked at on the wall clock there."""

from datetime import date, datetime, time, timedelta
from typing import Final

from hub.period import Period, on_the_wall
from hub.place import Place

MIDNIGHT: Final = time()
ALL_DAY: Final = (("00:00", "24:00"),)

Hours = tuple[tuple[str, str], ...]


def hours_on(place: Place, day: date) -> Hours:
    """From when to when somebody is in on a date; a place without weekly hours is open, and single days go first."""
    special = [each for each in place.exceptions if each.date == day.isoformat()]
    if special:
        return tuple((each.opens, each.closes) for each in special if each.opens and each.closes)
    if not place.windows:
        return ALL_DAY
    return tuple((each.opens, each.closes) for each in place.windows if each.dow == day.isoweekday())


def keeps_hours(place: Place, period: Period, tz: str) -> bool:
    """Whether the thing can be fetched at the start and brought back at the end, the closing minute included.

    Midnight stands for a whole day, the one that begins or the one that ends there: then any hour of it will do.
    """
    start, end = on_the_wall(period.start, tz), on_the_wall(period.end, tz)
    last = end - timedelta(days=1) if end.time() == MIDNIGHT else end
    return _in(hours_on(place, start.date()), start) and _in(hours_on(place, last.date()), end)


def _in(hours: Hours, wall: datetime) -> bool:
    if wall.time() == MIDNIGHT:
        return bool(hours)
    return any(opens <= f"{wall:%H:%M}" <= closes for opens, closes in hours)


def on_step(period: Period, tz: str, step_min: int) -> bool:
    """Whether start and end lie whole steps after midnight, as the clocks there show it."""
    walls = (on_the_wall(at, tz) for at in (period.start, period.end))
    return all((wall.hour * 60 + wall.minute) % step_min == 0 for wall in walls)
