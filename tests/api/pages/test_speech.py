"""Amounts, days and distances as people say them."""

from datetime import date

import pytest

from api.pages.speech import Speech
from hub.tariff import Tariff

DE, EN = Speech("de"), Speech("en")


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        (0, "0,00\u00a0€", "€0.00"),
        (5, "0,05\u00a0€", "€0.05"),
        (-560, "\u22125,60\u00a0€", "\u2212€5.60"),
        (123_456_789, "1.234.567,89\u00a0€", "€1,234,567.89"),
    ],
)
def test_money(amount: int, german: str, english: str) -> None:
    assert (DE.money(amount), EN.money(amount)) == (german, english)


def test_a_tag_leaves_out_cents_that_are_none_and_says_free_for_nothing() -> None:
    assert DE.price(Tariff(day=1400)) == ("14\u00a0€", "Tag")
    assert EN.price(Tariff(hour=250)) == ("€2.50", "hour")
    assert DE.price(Tariff(day=0, hour=100)) == ("umsonst", "")


def test_distances_are_never_finer_than_100_metres() -> None:
    assert DE.distance(0) == "≈\u202f100\u00a0m"
    assert DE.distance(900) == "≈\u202f900\u00a0m"
    assert (DE.distance(1200), EN.distance(1200)) == ("≈\u202f1,2\u00a0km", "≈\u202f1.2\u00a0km")


def test_days_and_months() -> None:
    day = date(2026, 9, 11)
    assert (DE.day(day), EN.day(day)) == ("Fr 11.9.", "Fri 11 Sep")
    assert (DE.full_day(day), EN.full_day(day)) == ("Freitag, 11. September 2026", "Friday, 11 September 2026")


def test_one_thing_and_many() -> None:
    assert (DE.count("things", 1), DE.count("things", 1200)) == ("1 Sache", "1.200 Sachen")
    assert (EN.count("things", 1), EN.count("things", 0)) == ("1 thing", "0 things")


def test_waiting_times_are_rough() -> None:
    assert [DE.minutes(each) for each in (40, 125, 4320)] == ["40\u00a0min", "2\u00a0h", "3 Tage"]
