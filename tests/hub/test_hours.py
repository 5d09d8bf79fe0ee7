"""When somebody is in: weekly hours, single days, and midnight as a whole day."""

from datetime import UTC, datetime

import pytest

from hub.hours import keeps_hours, on_step
from hub.ids import PlaceId, UserId
from hub.period import Period
from hub.place import Place, Point, SpecialDay, Window

TZ = "Europe/Berlin"
HERE = Point(52.5, 13.4)
FRIDAY_EVENING, SATURDAY = Window(5, "17:00", "19:00"), Window(6, "09:00", "12:00")


def place(*windows: Window, exceptions: tuple[SpecialDay, ...] = ()) -> Place:
    return Place(PlaceId("1"), UserId("2"), "Hof", "Hof 1", HERE, HERE, windows=windows, exceptions=exceptions)


def period(start: str, end: str) -> Period:
    """UTC, in July: two hours behind the clocks of Berlin. The 3rd is a Friday."""
    return Period(*(datetime.fromisoformat(f"2026-07-{text}").replace(tzinfo=UTC) for text in (start, end)))


OPEN = place(FRIDAY_EVENING, SATURDAY)


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("03T15:00", "04T10:00", True),  # Friday 17:00 to Saturday 12:00, both to the minute
        ("03T14:59", "04T10:00", False),
        ("03T15:00", "04T10:01", False),
        ("03T17:00", "10T17:00", True),
        ("02T16:00", "03T16:00", False),  # nobody is in on Thursday
        ("02T22:00", "04T22:00", True),  # Friday and Saturday, whole
        ("03T22:00", "05T22:00", False),  # Saturday and Sunday, whole: nobody takes it back
        ("01T22:00", "04T22:00", False),
    ],
)
def test_both_ends_are_within_the_hours(start: str, end: str, kept: bool) -> None:
    assert keeps_hours(OPEN, period(start, end), TZ) is kept


def test_a_place_without_hours_is_always_open() -> None:
    assert keeps_hours(place(), period("02T03:00", "05T03:00"), TZ)


def test_a_single_day_goes_before_the_week() -> None:
    closed = place(FRIDAY_EVENING, SATURDAY, exceptions=(SpecialDay("2026-07-03"),))
    assert not keeps_hours(closed, period("03T15:00", "04T10:00"), TZ)
    late = place(FRIDAY_EVENING, SATURDAY, exceptions=(SpecialDay("2026-07-03", "20:00", "24:00"),))
    assert not keeps_hours(late, period("03T15:00", "04T10:00"), TZ)
    assert keeps_hours(late, period("03T18:00", "04T10:00"), TZ)
    away = place(exceptions=(SpecialDay("2026-07-03"),))
    assert not keeps_hours(away, period("03T15:00", "04T10:00"), TZ)
    assert keeps_hours(away, period("04T15:00", "05T10:00"), TZ)


def test_steps_count_from_midnight_on_the_wall() -> None:
    assert on_step(period("03T15:00", "03T16:30"), TZ, 30)
    assert not on_step(period("03T15:10", "03T16:30"), TZ, 30)
    assert on_step(period("02T22:00", "03T22:00"), TZ, 24 * 60)
    assert not on_step(period("03T00:00", "04T00:00"), TZ, 24 * 60)
    assert on_step(period("03T15:00", "03T16:30"), "Asia/Kolkata", 30)
    assert not on_step(period("03T15:00", "03T16:30"), "Asia/Kolkata", 60)
