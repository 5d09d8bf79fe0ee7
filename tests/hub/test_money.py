"""Money never loses a cent, mixes currencies or leaves the integers JSON can carry."""

from fractions import Fraction

import pytest

from hub.errors import Invalid
from hub.money import MAX_AMOUNT, Money, percent_of


def test_amounts_of_one_currency_add_up():
    assert Money(250, "EUR") + Money(50, "EUR") - Money(301, "EUR") == Money(-1, "EUR")
    assert Money(1200, "EUR") * 3 == Money(3600, "EUR")


@pytest.mark.parametrize("mix", [lambda a, b: a + b, lambda a, b: a - b])
def test_currencies_do_not_mix(mix):
    with pytest.raises(Invalid, match="currency_mismatch"):
        mix(Money(1, "EUR"), Money(1, "CHF"))


@pytest.mark.parametrize(
    ("amt", "cur"), [(1.0, "EUR"), (True, "EUR"), (MAX_AMOUNT + 1, "EUR"), (1, "eur"), (1, "EURO"), (1, "EUR\n")]
)
def test_what_is_not_money_is_refused(amt, cur):
    with pytest.raises(Invalid, match="bad_money"):
        Money(amt, cur)


def test_growing_beyond_exact_integers_is_refused():
    assert Money(-MAX_AMOUNT, "EUR").amt == -MAX_AMOUNT
    with pytest.raises(Invalid, match="bad_money"):
        Money(MAX_AMOUNT, "EUR") * 2


@pytest.mark.parametrize(
    ("amt", "percent", "part"),
    [(1, 50, 1), (1, 49, 0), (333, 10, 33), (335, 10, 34), (7, Fraction(225, 2), 8), (0, 90, 0)],
)
def test_parts_are_rounded_once_and_halves_go_up(amt, percent, part):
    assert percent_of(amt, percent) == part
