"""A tariff says what is wrong with it, and reads back whatever was kept of it."""

from dataclasses import asdict

import pytest

from hub.errors import Invalid
from hub.lateness import LateFee
from hub.money import MAX_AMOUNT
from hub.season import Season
from hub.tariff import LONGEST_DAYS, LongDiscount, Tariff

WHOLE = Tariff(
    minute=10,
    hour=300,
    day=1200,
    weekend=2000,
    week=5000,
    month=15_000,
    min_total=500,
    grace_min=30,
    season=(Season("05-01", "08-31", 125), Season("12-20", "01-06", 80)),
    long=(LongDiscount(14, 10), LongDiscount(30, 20)),
    deposit=5000,
    late_fee=LateFee(cap=6000, per_day=1500),
    cur="CHF",
)


@pytest.mark.parametrize("unit", ["minute", "hour", "day", "week", "month"])
def test_one_price_is_enough_and_it_may_be_nothing(unit):
    assert Tariff(**{unit: 0}).price(unit) == 0


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({}, "day"),
        ({"weekend": 2000}, "day"),  # what would a Tuesday cost?
        ({"season": (Season("05-01", "08-31", 125), Season("08-31", "09-01", 110))}, "season"),
        ({"season": tuple(Season(f"01-{n:02}", f"01-{n:02}", 110) for n in range(1, 14))}, "season"),
        ({"long": (LongDiscount(14, 10), LongDiscount(14, 20))}, "long"),
        ({"long": tuple(LongDiscount(n, 10) for n in range(1, 8))}, "long"),
    ],
)
def test_what_does_not_go_together_is_refused(bad, field):
    prices = {"day": 1200} if field != "day" else {}
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        Tariff(**prices, **bad)
    assert refusal.value.data == {"field": field}


@pytest.mark.parametrize("field", ["minute", "hour", "day", "weekend", "week", "month", "min_total", "deposit"])
@pytest.mark.parametrize("amount", [-1, MAX_AMOUNT + 1, 0.5, True, "12"])
def test_amounts_are_whole_and_sane(field, amount):
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        Tariff(**{"day": 1, field: amount})
    assert refusal.value.data == {"field": field, "min": 0, "max": MAX_AMOUNT}


@pytest.mark.parametrize("field", ["min_total", "deposit", "grace_min"])
def test_what_counts_as_nothing_is_written_as_nothing(field):
    with pytest.raises(Invalid, match="bad_tariff"):
        Tariff(**{"day": 1, field: None})


@pytest.mark.parametrize("minutes", [-1, 60, 7.5, True])
def test_grace_is_less_than_an_hour(minutes):
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        Tariff(day=1, grace_min=minutes)
    assert refusal.value.data == {"field": "grace_min", "min": 0, "max": 59}


@pytest.mark.parametrize(
    ("bad", "field"),
    [((0, 10), "from_days"), ((LONGEST_DAYS + 1, 10), "from_days"), ((14, 0), "percent"), ((14, 100), "percent"),
     ((14.0, 10), "from_days"), ((14, True), "percent")],
)  # fmt: skip
def test_a_discount_out_of_bounds_is_refused(bad, field):
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        LongDiscount(*bad)
    assert refusal.value.data["field"] == f"long.{field}"


def test_a_currency_has_three_capital_letters():
    with pytest.raises(Invalid, match="bad_money"):
        Tariff(day=1, cur="€")


def test_it_reads_back_whole():
    assert Tariff.read(asdict(WHOLE)) == WHOLE


def test_it_reads_lists_where_tuples_were():
    kept = asdict(WHOLE)
    assert Tariff.read(kept | {"season": list(kept["season"]), "long": list(kept["long"])}) == WHOLE


def test_the_first_tariffs_had_a_day_and_a_deposit():
    assert Tariff.read({"day": 1200, "deposit": 5000, "cur": "EUR"}) == Tariff(day=1200, deposit=5000)
