"""What lending a thing costs: the owner's price list."""

from dataclasses import dataclass

from hub.errors import Invalid
from hub.money import Money


@dataclass(frozen=True, slots=True)
class Tariff:
    """Minor units of ``cur`` for one unit: per started ``day`` (0 = lent for free) and as ``deposit``.

    ``Invalid("bad_money")``.
    """

    day: int
    deposit: int = 0
    cur: str = "EUR"

    def __post_init__(self) -> None:
        if min(Money(self.day, self.cur).amt, Money(self.deposit, self.cur).amt) < 0:
            raise Invalid("bad_money")
