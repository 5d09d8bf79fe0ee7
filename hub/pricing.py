"""What a period costs by the tariff, with the line items that add up to it (design: rental.md §3)."""

from dataclasses import dataclass

from hub.money import Money
from hub.period import Period, started_days
from hub.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Line:
    """``n`` times ``each`` for ``q`` units is ``amt``, in minor units; ``code`` is ``day`` or ``negotiated``."""

    code: str
    n: int
    q: int
    each: int
    amt: int


@dataclass(frozen=True, slots=True)
class Quote:
    """The price is the sum of the lines. ``deposit`` is for all units; ``days`` are started local days."""

    lines: tuple[Line, ...]
    price: int
    deposit: int
    cur: str
    days: int


def quote(tariff: Tariff, period: Period, tz: str, q: int = 1) -> Quote:
    """The tariff's price of ``q`` units over ``period``. ``Invalid("bad_money")`` when it exceeds any sane amount."""
    days = started_days(period, tz)
    price = Money(tariff.day, tariff.cur) * days * q
    line = Line("day", days, q, tariff.day, price.amt)
    return Quote((line,), price.amt, (Money(tariff.deposit, tariff.cur) * q).amt, tariff.cur, days)
