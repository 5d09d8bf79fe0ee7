"""Started days cost the tariff's day, on the item's wall clock; the lines add up."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from hub.errors import Invalid
from hub.item import Tariff
from hub.period import Period, local_to_utc, started_days
from hub.pricing import Line, quote

BERLIN = "Europe/Berlin"
TWELVE_A_DAY = Tariff(day=1200, deposit=5000)


def between(start: str, end: str) -> Period:
    return Period(*(local_to_utc(datetime.fromisoformat(wall), BERLIN)[0] for wall in (start, end)))


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("start", "end", "price"),
    [
        ("2026-04-01 10:00", "2026-04-01 10:20", 1200),  # twenty minutes start a day
        ("2026-04-01 10:00", "2026-04-01 16:00", 1200),
        ("2026-04-01 10:00", "2026-04-02 10:00", 1200),
        ("2026-04-01 10:00", "2026-04-02 10:01", 2400),
        ("2026-04-01 10:00", "2026-04-06 10:00", 6000),
        ("2026-10-24 10:00", "2026-10-25 10:00", 1200),  # 25 hours
        ("2026-03-28 10:00", "2026-03-29 10:00", 1200),  # 23 hours
        ("2026-03-28 10:00", "2026-03-29 11:00", 2400),  # 24 hours, but one more on the wall
        ("2026-03-20 10:00", "2026-04-03 10:00", 16_800),
        ("2026-10-20 10:00", "2026-11-03 10:00", 16_800),
        ("2026-03-29 01:00", "2026-03-29 04:00", 1200),
        ("2026-10-25 01:00", "2026-10-25 04:00", 1200),
        ("2026-03-29 00:00", "2026-03-30 00:00", 1200),
    ],
)
def test_price_vectors(start, end, price):
    assert quote(TWELVE_A_DAY, between(start, end), BERLIN).price == price


def test_units_multiply_the_price_of_one_and_its_deposit():
    bench = quote(TWELVE_A_DAY, between("2026-04-01 10:00", "2026-04-03 12:00"), BERLIN, q=4)
    assert bench.lines == (Line("day", 3, 4, 1200, 14_400),)
    assert (bench.price, bench.deposit, bench.cur, bench.days) == (14_400, 20_000, "EUR", 3)


def test_lending_for_free_is_a_price_of_nothing():
    free = quote(Tariff(day=0), between("2026-04-01 10:00", "2026-04-09 10:00"), BERLIN)
    assert (free.price, free.deposit, free.days) == (0, 0, 8)


def test_a_price_beyond_exact_integers_is_refused():
    with pytest.raises(Invalid, match="bad_money"):
        quote(Tariff(day=2**52), between("2026-04-01 10:00", "2026-04-04 10:00"), BERLIN)


@pytest.mark.usefixtures("server_tz")
def test_longer_never_costs_less_and_lines_add_up():
    chance = random.Random(7)
    for _ in range(3_400):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(525_600))
        short, long = sorted(chance.sample(range(1, 60_000), 2))
        less, more = (
            quote(TWELVE_A_DAY, Period(start, start + timedelta(minutes=m)), BERLIN, q=2) for m in (short, long)
        )
        assert less.price <= more.price == sum(line.amt for line in more.lines)
        assert started_days(Period(start, start + timedelta(minutes=short)), BERLIN) == less.days >= 1
