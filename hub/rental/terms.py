"""What the two parties bargain over: terms, and the offer that carries them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.errors import Invalid
from hub.ids import PlaceId
from hub.money import Money
from hub.period import Period, stamp
from hub.pricing import Line
from hub.rental.state import Role


@dataclass(frozen=True, slots=True)
class Terms:
    """Dates, units and money of one offer; ``price`` and ``deposit`` are minor units for all ``q`` units.

    ``negotiated``: the price is the parties' own and need not be the tariff's. A client leaves ``lines`` and ``place``
    to the hub. ``Invalid("bad_terms" | "bad_period" | "bad_money")``.
    """

    start: datetime
    end: datetime
    q: int
    price: int
    cur: str
    deposit: int
    lines: tuple[Line, ...] = ()
    negotiated: bool = False
    place: PlaceId | None = None

    def __post_init__(self) -> None:
        period = Period(self.start, self.end)
        object.__setattr__(self, "start", period.start)
        object.__setattr__(self, "end", period.end)
        amounts = Money(self.price, self.cur).amt, Money(self.deposit, self.cur).amt
        if type(self.q) is not int or self.q < 1 or min(amounts) < 0:
            raise Invalid("bad_terms")

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    def told(self) -> dict[str, Any]:
        """As the room's log tells them."""
        return {
            "start": stamp(self.start),
            "end": stamp(self.end),
            "q": self.q,
            "price": self.price,
            "cur": self.cur,
            "deposit": self.deposit,
            "lines": [{"code": n.code, "n": n.n, "q": n.q, "each": n.each, "amt": n.amt} for n in self.lines],
            "negotiated": self.negotiated,
            "place": self.place,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """Terms that ``by`` is bound to until ``expires_at``. ``rev`` counts the offers of one rental from 1."""

    rev: int
    by: Role
    terms: Terms
    expires_at: datetime

    def told(self) -> dict[str, Any]:
        """As the room's log tells it."""
        return {"rev": self.rev, "by": self.by.value, "terms": self.terms.told(), "expires_at": stamp(self.expires_at)}
