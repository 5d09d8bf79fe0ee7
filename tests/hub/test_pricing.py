"""Prices to the cent, on the item's wall clock, with lines that add up."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.cover import cheapest
from hub.errors import Invalid
from hub.item import Tariff
from hub.period import Period, local_to_utc, on_the_wall, split_days
from hub.pricing import Line, Quote, quote
from hub.season import Season
from hub.tariff import LONGEST_DAYS, MINUTES, LongDiscount

LOCALE = Path(__file__).parents[2] / "static" / "locale"
BERLIN = "Europe/Berlin"
TWELVE_A_DAY = Tariff(day=1200, deposit=5000)
SUMMER = Season("05-01", "08-31", 125)
FULL = Tariff(hour=300, day=1200, week=5000, grace_min=30, season=(SUMMER,), long=(LongDiscount(14, 10),), deposit=5000)


def between(start: str, end: str, tz: str = BERLIN) -> Period:
    return Period(*(local_to_utc(datetime.fromisoformat(wall), tz)[0] for wall in (start, end)))


def asked(tariff: Tariff, start: str, end: str, q: int = 1) -> Quote:
    return quote(tariff, between(start, end), BERLIN, q)


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("start", "end", "price"),
    [
        ("2026-04-01 10:00", "2026-04-01 12:00", 600),
        ("2026-04-01 10:00", "2026-04-01 16:00", 1200),  # hours cost a day at most
        ("2026-04-01 10:00", "2026-04-02 10:20", 1200),  # grace
        ("2026-04-01 10:00", "2026-04-02 12:00", 1800),
        ("2026-04-01 10:00", "2026-04-06 10:00", 5000),  # a week is cheaper than five days
        ("2026-04-01 10:00", "2026-04-15 10:00", 9000),
        ("2026-10-24 10:00", "2026-10-25 10:00", 1200),  # 25 hours
        ("2026-03-28 10:00", "2026-03-29 10:00", 1200),  # 23 hours
        ("2026-04-30 10:00", "2026-05-02 10:00", 2700),  # one usual day, one in the season
        ("2026-06-01 10:00", "2026-06-03 10:00", 3000),  # the last date does not count
        ("2026-04-01 10:00", "2026-04-01 10:20", 300),
        ("2026-04-01 10:00", "2026-04-01 11:20", 300),
        ("2026-04-01 10:00", "2026-04-01 11:30", 300),
        ("2026-04-01 10:00", "2026-04-02 11:20", 1500),
        ("2026-08-31 10:00", "2026-08-31 12:00", 750),
        ("2026-03-29 01:00", "2026-03-29 04:00", 600),  # two hours elapsed
        ("2026-10-25 01:00", "2026-10-25 04:00", 1200),  # four
    ],
)
def test_price_vectors(start, end, price):
    assert asked(FULL, start, end).price == price


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("start", "end", "price"),
    [
        ("2026-04-01 10:00", "2026-04-01 10:20", 1200),  # twenty minutes start a day
        ("2026-04-01 10:00", "2026-04-02 10:00", 1200),
        ("2026-04-01 10:00", "2026-04-02 10:01", 2400),
        ("2026-03-28 10:00", "2026-03-29 11:00", 2400),  # 24 hours, but one more on the wall
        ("2026-03-20 10:00", "2026-04-03 10:00", 16_800),
        ("2026-10-20 10:00", "2026-11-03 10:00", 16_800),
        ("2026-03-29 00:00", "2026-03-30 00:00", 1200),
    ],
)
def test_with_a_price_of_the_day_alone_every_day_begun_costs_one(start, end, price):
    assert asked(TWELVE_A_DAY, start, end).price == price


# Lines


def test_units_multiply_the_price_of_one_and_its_deposit():
    bench = asked(TWELVE_A_DAY, "2026-04-01 10:00", "2026-04-03 12:00", q=4)
    assert bench == Quote((Line("day", 3, 4, 1200, 14_400),), 14_400, 20_000, "EUR", 3)


def test_every_step_has_its_line():
    stay = asked(FULL, "2026-06-01 10:00", "2026-06-16 11:00", q=2)
    assert stay.lines == (
        Line("week", 2, 2, 5000, 20_000),
        Line("day", 1, 2, 1200, 2400),
        Line("hour", 1, 2, 300, 600),
        Line("season", 1, 2, 2875, 5750),
        Line("long", 1, 2, -1437, -2874),  # of 143.75 is 129.375 left, and half a cent goes up
    )
    assert (stay.price, stay.days) == (25_876, 16)


def test_rounding_comes_before_the_units():
    odd = Tariff(day=1, season=(Season("01-01", "12-31", 150),))
    assert asked(odd, "2026-04-01 10:00", "2026-04-02 10:00", q=3).price == 6


def test_a_mean_of_percents_is_not_rounded():
    third = Tariff(day=10_000, season=(Season("04-01", "04-01", 101),))
    assert asked(third, "2026-04-01 10:00", "2026-04-04 10:00").price == 30_100


def test_the_highest_discount_that_is_reached_counts():
    steps = Tariff(day=1000, long=(LongDiscount(7, 30), LongDiscount(3, 10), LongDiscount(5, 20)))
    prices = [asked(steps, "2026-04-01 10:00", f"2026-04-{1 + n:02} 10:00").price for n in (1, 3, 5, 6, 7)]
    assert prices == [1000, 2700, 4000, 4800, 4900]


def test_a_stay_costs_no_more_than_one_long_enough_for_a_discount():
    thirteen, fourteen = (asked(FULL, "2026-04-01 10:00", f"2026-04-{n} 10:00") for n in (14, 15))
    assert thirteen.lines == fourteen.lines == (Line("week", 2, 1, 5000, 10_000), Line("long", 1, 1, -1000, -1000))
    assert (thirteen.days, fourteen.days) == (13, 14)


def test_the_least_total_is_for_all_units_and_not_for_what_is_free():
    benches = Tariff(day=300, min_total=1000)
    few, many = (asked(benches, "2026-04-01 10:00", "2026-04-02 10:00", q) for q in (2, 4))
    assert few.lines == (Line("day", 1, 2, 300, 600), Line("min_total", 1, 1, 400, 400))
    assert (few.price, many.price) == (1000, 1200)
    assert asked(replace(benches, day=0), "2026-04-01 10:00", "2026-04-02 10:00").price == 0


def test_the_least_total_comes_after_the_discounts():
    tariff = Tariff(day=1000, min_total=1900, long=(LongDiscount(2, 50),))
    stay = asked(tariff, "2026-04-01 10:00", "2026-04-03 10:00")
    assert [(line.code, line.amt) for line in stay.lines] == [("day", 2000), ("long", -1000), ("min_total", 900)]


def test_lending_for_free_is_a_price_of_nothing():
    free = asked(Tariff(day=0), "2026-04-01 10:00", "2026-04-09 10:00")
    assert (free.price, free.deposit, free.days) == (0, 0, 8)


@pytest.mark.usefixtures("server_tz")
@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-04-03 12:00", "2026-04-06 12:00", "weekend"),
        ("2026-04-04 09:00", "2026-04-05 20:00", "weekend"),
        ("2026-04-03 11:59", "2026-04-05 20:00", "day"),
        ("2026-04-04 09:00", "2026-04-06 12:01", "day"),
        ("2026-04-03 18:00", "2026-04-03 20:00", "hour"),  # two hours are cheaper
        ("2026-03-27 12:00", "2026-03-30 12:00", "weekend"),  # an hour shorter than most
        ("2026-10-23 12:00", "2026-10-26 12:00", "weekend"),  # an hour longer
        ("2026-04-10 12:00", "2026-04-20 12:00", "week"),
    ],
)
def test_a_weekend_is_from_friday_noon_to_monday_noon_or_not_at_all(start, end, code):
    weekend = Tariff(hour=300, day=1200, weekend=1800, week=5000)
    assert asked(weekend, start, end).lines[0].code == code


# Refusals


def test_a_price_beyond_exact_integers_is_refused():
    with pytest.raises(Invalid, match="bad_money"):
        asked(Tariff(day=2**52), "2026-04-01 10:00", "2026-04-04 10:00")


def test_longer_than_any_rental_has_no_price():
    start = datetime(2026, 4, 1, 8, tzinfo=UTC)
    longest = Period(start, start + timedelta(days=LONGEST_DAYS))
    assert quote(TWELVE_A_DAY, longest, "UTC").days == LONGEST_DAYS
    with pytest.raises(Invalid, match="too_long") as refusal:
        quote(TWELVE_A_DAY, replace(longest, end=longest.end + timedelta(minutes=1)), "UTC")
    assert refusal.value.data == {"max_days": LONGEST_DAYS}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_line_has_words(language):
    words = json.loads((LOCALE / f"{language}.json").read_text("utf-8"))["lines"]
    assert set(words) == {*MINUTES, "weekend", "season", "long", "min_total", "negotiated"}


# Whatever the dates


MANY = replace(
    FULL,
    weekend=2200,
    month=17_000,
    min_total=500,
    season=(SUMMER, Season("12-20", "01-06", 80)),
    long=(LongDiscount(14, 10), LongDiscount(5, 4), LongDiscount(40, 35)),
)


@pytest.mark.usefixtures("server_tz")
def test_ten_thousand_intervals_grow_fairly_wherever_the_server_stands():
    chance = random.Random(7)
    total = 0
    for _ in range(10_000):
        start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(2 * 525_600))
        tz = chance.choice([BERLIN, "Pacific/Auckland", "Australia/Lord_Howe"])
        short, long = (Period(start, start + timedelta(minutes=m)) for m in sorted(chance.sample(range(1, 30_000), 2)))
        less, more = (covered(period, tz) for period in (short, long))
        assert less <= more
        for unit, minutes in MINUTES.items():
            if MANY.price(unit) is not None and short.end - short.start <= timedelta(minutes=minutes - 60):
                assert less <= MANY.price(unit)
        found = quote(MANY, short, tz, q=2)
        assert found.price == sum(line.amt for line in found.lines)
        assert all(line.amt == line.n * line.each * line.q for line in found.lines)
        assert all(found.price <= quote(MANY, step, tz, q=2).price for step in next_step(short, tz))
        total += found.price
    assert total == 125_799_592  # whichever zone the server is in


def covered(period: Period, tz: str) -> int:
    days, leftover = split_days(period, tz)
    return cheapest(MANY, days, leftover // timedelta(minutes=1)).amt


def next_step(period: Period, tz: str) -> list[Period]:
    """The shortest time from the same start that a discount asks for and the period is not; none beyond the last."""
    wall = on_the_wall(period.start, tz)
    ends = [local_to_utc(wall + timedelta(days=discount.from_days), tz)[0] for discount in MANY.long]
    return [Period(period.start, min(later))] if (later := [end for end in ends if end > period.end]) else []
