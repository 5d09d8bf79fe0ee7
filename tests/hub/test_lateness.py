"""Lateness costs from the agreed end, by begun hours or days, within a cap; a grace forgives a little of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.lateness import MAX_LATE_FEE, LateFee, LateReturn, late_fee
from hub.money import MAX_AMOUNT
from hub.period import local_to_utc

BERLIN = "Europe/Berlin"
END = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
HALF_AN_HOUR, TWO_HOURS = timedelta(minutes=30), timedelta(hours=2)
HOURLY = LateFee(cap=2000, per_hour=300)
DAILY = LateFee(cap=6000, per_day=1500)


def late(by: timedelta, grace: timedelta = HALF_AN_HOUR, q: int = 1) -> LateReturn:
    return LateReturn(END, END + by, grace, BERLIN, q)


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(-600, 0), (0, 0), (30, 0), (31, 300), (60, 300), (61, 600), (120, 600), (360, 1800), (361, 2000), (99_999, 2000)],
)
def test_hours_count_once_begun(minutes, due):
    assert late_fee(HOURLY, late(timedelta(minutes=minutes))) == due


def test_seconds_are_not_counted():
    assert late_fee(HOURLY, late(timedelta(minutes=30, seconds=59))) == 0
    assert late_fee(HOURLY, late(timedelta(minutes=60, seconds=59, microseconds=9))) == 300


@pytest.mark.parametrize(
    ("hours", "due"), [(1, 0), (2, 0), (3, 1500), (24, 1500), (25, 3000), (96, 6000), (97, 6000), (2400, 6000)]
)
def test_days_count_once_begun(hours, due):
    assert late_fee(DAILY, late(timedelta(hours=hours), TWO_HOURS)) == due


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("end", "returned", "due"),
    [
        ("2026-10-24 18:00", "2026-10-25 18:00", 1500),  # 25 hours
        ("2026-03-28 18:00", "2026-03-29 18:00", 1500),  # 23 hours
        ("2026-03-28 18:00", "2026-03-29 19:00", 3000),  # 24 hours, but one more on the wall
    ],
)
def test_days_are_those_on_the_wall_of_the_item(end, returned, due):
    agreed_end, returned_at = (local_to_utc(datetime.fromisoformat(wall), BERLIN)[0] for wall in (end, returned))
    assert late_fee(DAILY, LateReturn(agreed_end, returned_at, TWO_HOURS, BERLIN)) == due


def test_every_unit_costs_and_no_fee_costs_nothing():
    assert late_fee(HOURLY, late(timedelta(hours=2), q=3)) == 1800
    assert late_fee(HOURLY, late(timedelta(days=9), q=3)) == 6000
    assert late_fee(None, late(timedelta(days=9))) == 0


def test_the_dearest_fee_of_the_most_units_is_still_exact():
    dearest = LateFee(cap=MAX_LATE_FEE, per_hour=MAX_LATE_FEE)
    assert late_fee(dearest, late(timedelta(days=40_000), q=999)) == 999 * MAX_LATE_FEE <= MAX_AMOUNT


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.sampled_from([HOURLY, DAILY]))
def test_later_never_costs_less(one, other, fee):
    sooner, later = (late_fee(fee, late(timedelta(minutes=m))) for m in sorted((one, other)))
    assert 0 <= sooner <= later <= fee.cap


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"cap": 1}, "late_fee"),
        ({"cap": 1, "per_hour": 1, "per_day": 1}, "late_fee"),
        ({"cap": -1, "per_hour": 1}, "late_fee.cap"),
        ({"cap": MAX_LATE_FEE + 1, "per_hour": 1}, "late_fee.cap"),
        ({"cap": True, "per_hour": 1}, "late_fee.cap"),
        ({"cap": 1, "per_hour": -1}, "late_fee.per_hour"),
        ({"cap": 1, "per_hour": 0.5}, "late_fee.per_hour"),
        ({"cap": 1, "per_day": MAX_LATE_FEE + 1}, "late_fee.per_day"),
    ],
)
def test_a_late_fee_has_one_rate_and_sane_amounts(bad, field):
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        LateFee(**bad)
    assert refusal.value.data["field"] == field
