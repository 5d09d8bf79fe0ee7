"""Amounts of money: whole minor units and a currency, never floats."""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from hub.errors import Invalid

MAX_AMOUNT = 2**53 - 1
"""The largest integer that JSON readers keep exact (RFC 8259 §6)."""

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Money:
    """``amt`` minor units (cents) of the ISO 4217 currency ``cur``. ``Invalid("bad_money")``."""

    amt: int
    cur: str

    def __post_init__(self) -> None:
        if type(self.amt) is not int or abs(self.amt) > MAX_AMOUNT or not _CURRENCY.fullmatch(self.cur):
            raise Invalid("bad_money")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amt + self._same(other).amt, self.cur)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amt - self._same(other).amt, self.cur)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amt * times, self.cur)

    def _same(self, other: "Money") -> "Money":
        if other.cur != self.cur:
            raise Invalid("currency_mismatch", {"cur": self.cur})
        return other


def rounded(amount: Fraction) -> int:
    """The nearest whole minor unit; half of one goes up."""
    return floor(amount + Fraction(1, 2))


def percent_of(amt: int, percent: int | Fraction) -> int:
    """So much of the amount, rounded."""
    return rounded(Fraction(amt) * percent / 100)
