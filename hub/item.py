"""A thing to lend: what it is, what it costs, and on which terms its owner lends it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from hub.errors import Invalid
from hub.ids import ItemId, PlaceId, UserId
from hub.period import zone
from hub.place import Point
from hub.tariff import Tariff

__all__ = ["Item", "ItemStatus", "Rules", "Tariff"]

ItemStatus = Literal["active", "paused", "archived"]
"""``paused`` takes no new requests; ``archived`` makes no new commitments at all."""

PUBLIC: Final[frozenset[ItemStatus]] = frozenset({"active", "paused", "archived"})
"""A thing of these anybody may look at, with its photos."""

MAX_TITLE: Final = 120
MAX_DESCRIPTION: Final = 8_000
MAX_UNITS: Final = 999

_YEAR_MIN = 366 * 24 * 60
_LIMITS: Final = {
    "lead_min": (0, _YEAR_MIN),
    "horizon_days": (1, 3 * 366),
    "min_min": (1, _YEAR_MIN),
    "max_days": (1, 366),
    "turnaround_min": (0, 30 * 24 * 60),
    "offer_ttl_min": (60, 7 * 24 * 60),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The owner's terms; ``_min`` are minutes. ``Invalid("bad_rules")`` naming the field and its limits.

    A rental starts at least ``lead_min`` from now, ends within ``horizon_days``, lasts ``min_min`` to ``max_days``
    started days, and keeps the thing ``turnaround_min`` beyond its end. An unanswered offer lives ``offer_ttl_min``
    (None: by the nearness of its start) and holds its dates meanwhile only if ``pending_blocks``.
    """

    lead_min: int = 0
    horizon_days: int = 365
    min_min: int = 60
    max_days: int = 30
    turnaround_min: int = 0
    offer_ttl_min: int | None = None
    pending_blocks: bool = False

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            optional = name == "offer_ttl_min" and value is None
            if not optional and (type(value) is not int or not low <= value <= high):
                raise Invalid("bad_rules", {"field": name, "min": low, "max": high})


@dataclass(frozen=True, slots=True)
class Item:
    """One listing of ``units`` equal things. ``public`` is the centre of the place's grid cell.

    ``Invalid("bad_item")`` naming the field, or ``Invalid("bad_timezone")``.
    """

    id: ItemId
    owner: UserId
    title: str
    description: str
    tz: str
    tariff: Tariff
    rules: Rules
    units: int
    place: PlaceId
    public: Point
    status: ItemStatus
    rev: int
    created_at: datetime

    def __post_init__(self) -> None:
        zone(self.tz)
        sound = {
            "title": bool(self.title.strip()) and len(self.title) <= MAX_TITLE,
            "description": len(self.description) <= MAX_DESCRIPTION,
            "units": type(self.units) is int and 1 <= self.units <= MAX_UNITS,
            "status": self.status in get_args(ItemStatus),
        }
        for name, holds in sound.items():
            if not holds:
                raise Invalid("bad_item", {"field": name})
