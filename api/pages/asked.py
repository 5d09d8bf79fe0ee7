"""The question in the address of a search or of a thing, read kindly: what makes no sense is left out and said."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast, get_args

from hub.catalogue import CATALOGUE
from hub.category import CategoryId
from hub.errors import HubError
from hub.period import Period, whole_days
from hub.place import Point
from hub.search import Order
from hub.usecases.searching import SearchItems

REACHES: Final = (500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000)
MAX_TEXT: Final = 100
PAGE: Final = 24
_NUMBER: Final = re.compile(r"-?\d{1,3}(\.\d{1,6})?")
_UNITS: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_PRICE: Final = re.compile(r"\d{1,5}([.,]\d{1,2})?")
_CURSOR: Final = re.compile(r"-?\d{1,16}\.-?\d{1,16}\.[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days on the wall clock of ``tz``, both included; ``fault`` names what is wrong with them."""

    first: date | None = None
    last: date | None = None
    fault: str = ""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Days":
        first, last = (_date(asked.get(name, "")) for name in ("from", "to"))
        if (asked.get("from") and first is None) or (asked.get("to") and last is None):
            return cls(first, last, "bad_dates")
        return cls(first, last, "dates_turned" if first and last and last < first else "")

    @staticmethod
    def units(asked: Mapping[str, str]) -> int:
        """How many are wanted; one, where it is not said or makes no sense."""
        told = asked.get("q", "")
        return int(told) if _UNITS.fullmatch(told) else 1

    def ordered(self) -> tuple[date | None, date | None]:
        """Both, or neither where something is wrong with them."""
        return (self.first, self.last) if self.first and self.last and not self.fault else (None, None)

    def period(self, tz: str) -> Period | None:
        """From the first midnight to the last, if both days are known and in order."""
        first, last = self.ordered()
        try:
            return whole_days(first, last, tz) if first and last else None
        except HubError:
            return None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. ``near`` is theirs, or None for the middle of the village; ``price`` in cents a day."""

    text: str = ""
    category: CategoryId | None = None
    near: Point | None = None
    within_m: int | None = None
    days: Days = field(default_factory=Days)
    price: int | None = None
    sort: Order | None = None
    after: str | None = None
    faults: tuple[str, ...] = ()

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Asked":
        """From the query of ``/s``."""
        days, price = Days.read(asked), asked.get("max", "").strip()
        faults = [days.fault] if days.fault else []
        if price and not _PRICE.fullmatch(price):
            faults.append("bad_price")
        category = CategoryId(asked.get("cat", ""))
        return cls(
            text=_text(asked.get("q", "")),
            category=category if category in CATALOGUE.categories else None,
            near=_point(asked.get("near", "")),
            within_m=_reach(asked.get("r", "")),
            days=days,
            price=round(float(price.replace(",", ".")) * 100) if _PRICE.fullmatch(price) else None,
            sort=cast("Order", asked["sort"]) if asked.get("sort") in get_args(Order) else None,
            after=_cursor(asked.get("after", "")),
            faults=tuple(faults),
        )

    def command(self, centre: Point | None, tz: str) -> SearchItems:
        """What the hub is asked."""
        near, period = self.near or centre, self.days.period(tz)
        sort: Order = self.sort or "relevance"
        return SearchItems(
            text=self.text,
            category=self.category,
            lat=near.lat if near else None,
            lon=near.lon if near else None,
            within_m=self.within_m or REACHES[-1],
            start=period.start if period else None,
            end=period.end if period else None,
            price=self.price,
            sort="relevance" if sort == "distance" and near is None else sort,
            after=self.after,
            limit=PAGE,
        )


def _text(told: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())[:MAX_TEXT]


def _date(told: str) -> date | None:
    try:
        return date.fromisoformat(told) if len(told) == len("2026-01-01") else None
    except ValueError:
        return None


def _point(told: str) -> Point | None:
    lat, _, lon = told.partition(",")
    if not (_NUMBER.fullmatch(lat) and _NUMBER.fullmatch(lon)):
        return None
    try:
        return Point(float(lat), float(lon))
    except HubError:
        return None


def _reach(told: str) -> int | None:
    return int(told) if told in map(str, REACHES) else None


def _cursor(told: str) -> str | None:
    return told if _CURSOR.fullmatch(told) else None
