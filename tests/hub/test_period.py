"""Days are counted on the item's wall clock, whatever the clocks do and wherever the server stands."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.period import DAY, EARLIEST, LATEST, Period, local_days, local_to_utc, split_days, stamp, whole_days, zone

BERLIN = "Europe/Berlin"


def local(text: str, tz: str = BERLIN) -> datetime:
    return local_to_utc(datetime.fromisoformat(text), tz)[0]


def between(start: str, end: str, tz: str = BERLIN) -> Period:
    return Period(local(start, tz), local(end, tz))


def test_any_aware_instant_becomes_utc():
    plus_two = timezone(timedelta(hours=2))
    period = Period(datetime(2026, 5, 1, 10, tzinfo=plus_two), datetime(2026, 5, 1, 12, tzinfo=ZoneInfo(BERLIN)))
    assert (period.start, period.end) == (datetime(2026, 5, 1, 8, tzinfo=UTC), datetime(2026, 5, 1, 10, tzinfo=UTC))
    assert period.start.tzinfo is period.end.tzinfo is UTC


NINE = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (NINE, NINE),
        (NINE, NINE - timedelta(minutes=1)),
        (NINE, NINE + timedelta(seconds=90)),
        (NINE + timedelta(microseconds=1), NINE + DAY),
        (NINE.replace(tzinfo=None), NINE.replace(tzinfo=None) + DAY),
        (EARLIEST - DAY, NINE),
        (NINE, LATEST + DAY),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=9))), NINE),
    ],
)
def test_what_is_not_a_period_is_refused(start, end):
    with pytest.raises(Invalid, match="bad_period"):
        Period(start, end)


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("wall", "utc", "notice"),
    [
        ("2026-03-29 02:30", "2026-03-29T01:30:00Z", "nonexistent_time"),  # becomes 03:30
        ("2026-03-29 01:59", "2026-03-29T00:59:00Z", None),
        ("2026-03-29 03:00", "2026-03-29T01:00:00Z", None),
        ("2026-10-25 02:30", "2026-10-25T00:30:00Z", "ambiguous_time"),  # the first of two
        ("2026-10-25 01:59", "2026-10-24T23:59:00Z", None),
        ("2026-10-25 03:00", "2026-10-25T02:00:00Z", None),
    ],
)
def test_odd_wall_times_are_understood_and_noted(wall, utc, notice):
    at, noted = local_to_utc(datetime.fromisoformat(wall), BERLIN)
    assert (stamp(at), noted) == (utc, notice)


@pytest.mark.parametrize("year", [1, 1999, 2201, 9999])
def test_wall_times_out_of_our_time_are_refused(year):
    with pytest.raises(Invalid, match="bad_period"):
        local_to_utc(datetime(year, 1, 1), "Pacific/Auckland")  # noqa: DTZ001 - a wall time is naive


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("start", "end", "days", "leftover_h"),
    [
        ("2026-03-29 00:00", "2026-03-30 00:00", 1, 0),  # 23 hours
        ("2026-10-25 00:00", "2026-10-26 00:00", 1, 0),  # 25 hours
        ("2026-06-10 00:00", "2026-06-11 00:00", 1, 0),
        ("2026-03-28 10:00", "2026-03-29 10:00", 1, 0),
        ("2026-10-24 10:00", "2026-10-25 10:00", 1, 0),
        ("2026-10-24 10:00", "2026-10-25 09:00", 0, 24),  # a whole day elapsed, none on the wall
        ("2026-03-28 10:00", "2026-03-29 11:00", 1, 1),
        ("2026-03-20 10:00", "2026-04-03 10:00", 14, 0),
        ("2026-10-20 10:00", "2026-11-03 10:00", 14, 0),
        ("2026-03-28 02:30", "2026-03-29 03:30", 1, 0),  # 02:30 does not exist on the 29th
        ("2026-10-24 02:30", "2026-10-25 02:30", 1, 0),
        ("2026-03-29 01:00", "2026-03-29 04:00", 0, 2),
        ("2026-10-25 01:00", "2026-10-25 04:00", 0, 4),
        ("2026-04-01 10:00", "2026-04-06 10:00", 5, 0),
    ],
)
def test_days_across_clock_changes(start, end, days, leftover_h):
    period = between(start, end)
    assert split_days(period, BERLIN) == (days, timedelta(hours=leftover_h))
    assert local_days(period, BERLIN) == days


def test_a_day_that_a_country_skipped_counts_without_having_elapsed():
    period = between("2011-12-29 10:00", "2011-12-31 10:00", "Pacific/Apia")
    assert period.end - period.start == DAY
    assert local_days(period, "Pacific/Apia") == 2


def test_a_start_in_the_second_of_two_equal_hours_counts_from_itself():
    second = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo(BERLIN), fold=1).astimezone(UTC)
    assert split_days(Period(second, second + timedelta(hours=3)), BERLIN) == (0, timedelta(hours=3))


minutes = st.integers(0, 3 * 365 * 24 * 60)
zones = st.sampled_from(
    [BERLIN, "Pacific/Auckland", "America/St_Johns", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]
)


@settings(max_examples=600, deadline=None)
@given(minutes, st.integers(1, 60 * 24 * 60), zones)
def test_whole_days_are_the_most_that_fit(offset, length, tz):
    start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=offset)
    period = Period(start, start + timedelta(minutes=length))
    wall = start.astimezone(zone(tz)).replace(tzinfo=None, fold=0)
    fits = [n for n in range(1, 64) if local_to_utc(wall + n * DAY, tz)[0] <= period.end]
    days, leftover = split_days(period, tz)
    assert days == max(fits, default=0)
    assert timedelta() <= leftover < timedelta(hours=26)


@pytest.mark.parametrize(
    "tz", ["", "Berlin", "localtime", "Europe/Nowhere", "../etc/passwd", "posix/Europe/Berlin", "CET"]
)
def test_zones_that_machines_may_read_differently_are_refused(tz):
    with pytest.raises(Invalid, match="bad_timezone"):
        zone(tz)


def test_whole_days_go_from_midnight_to_midnight_also_when_clocks_change():
    found = whole_days(date(2026, 3, 28), date(2026, 3, 29), "Europe/Berlin")
    assert (found.start, found.end) == (datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    assert local_days(found, "Europe/Berlin") == 2


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 5, 2), date(2026, 4, 30)), (date(9999, 12, 31), date(9999, 12, 31)), (date(1, 1, 1), date(1, 1, 2))],
)
def test_whole_days_that_make_no_period_are_refused(first, last):
    with pytest.raises(Invalid, match="bad_period"):
        whole_days(first, last, "Europe/Berlin")
