"""Two neighbours, a drill and a calendar, for telling stories about renting in few words."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.availability import Busy, Calendar, put
from hub.ids import ItemId, PlaceId, RentalId, RoomId, UserId
from hub.item import Item, Rules, Tariff
from hub.period import Period
from hub.place import Point
from hub.pricing import quote
from hub.rental import GOOD_STANDING, Command, Decision, Opening, Rental, Request, Role, Standing, Terms, decide

NOW = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
START = datetime(2026, 4, 10, 8, 0, tzinfo=UTC)
OWNER, RENTER, STRANGER, MODERATOR = (UserId(letter * 32) for letter in "abcd")
HERE, ELSEWHERE = PlaceId("e" * 32), PlaceId("f" * 32)

DRILL = Item(
    id=ItemId("1" * 32),
    owner=OWNER,
    title="Bohrmaschine",
    description="Mit Koffer.",
    tz="Europe/Berlin",
    tariff=Tariff(day=1200, deposit=5000),
    rules=Rules(turnaround_min=120),
    units=1,
    place=HERE,
    public=Point(52.5, 13.4),
    status="active",
    rev=1,
    created_at=NOW,
)


def calendar_of(item: Item) -> Calendar:
    return Calendar(item.id, 0, item.tz, item.units, item.rules.turnaround_min)


def terms(item: Item = DRILL, start: datetime = START, days: float = 2, q: int = 1, **changes) -> Terms:
    """What an honest client sends: the tariff's own figures."""
    period = Period(start, start + timedelta(days=days))
    asked = quote(item.tariff, period, item.tz, q)
    return replace(Terms(period.start, period.end, q, asked.price, asked.cur, asked.deposit), **changes)


@dataclass
class Talk:
    """One rental being talked about; ``do`` applies a command and keeps what was decided."""

    item: Item = DRILL
    calendar: Calendar = field(default=None)
    now: datetime = NOW
    rental: Rental | None = None
    standing: Standing = GOOD_STANDING
    moderator: UserId = MODERATOR
    opening: Opening = field(default_factory=lambda: Opening(RentalId("2" * 32), RoomId("3" * 32), RENTER))
    last: Decision | None = None

    def __post_init__(self):
        self.calendar = self.calendar or calendar_of(self.item)

    def do(self, command: Command, role: Role) -> Rental:
        self.last = decide(
            self.rental,
            command,
            role=role,
            item=self.item,
            calendar=self.calendar,
            now=self.now,
            opening=self.opening,
            standing=self.standing,
            actor=self.moderator if role is Role.MODERATOR else None,
        )
        self.rental = self.last.rental
        self.calendar = self.last.calendar or self.calendar
        return self.rental

    def requested(self, **changes) -> "Talk":
        self.do(Request(terms(self.item, **changes)), Role.RENTER)
        return self

    def wait(self, **by) -> "Talk":
        self.now += timedelta(**by)
        return self

    def fill(self, s: datetime = START, e: datetime = START + timedelta(days=1), q: int = 1) -> "Talk":
        """Somebody else gets the thing."""
        self.calendar = put(self.calendar, Busy(RentalId("9" * 32), s, e, q, "confirmed"))
        return self


def merged(view: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """An old view of a rental with an event's ``data`` in it, as a client makes it."""

    def new(name: str) -> Any:
        if name not in ("cases", "ledger"):
            return data[name]
        by_no = {element["no"]: element for element in (*view[name], *data[name])}
        return [by_no[no] for no in sorted(by_no)]

    return view | {name: new(name) for name in view if name in data}
