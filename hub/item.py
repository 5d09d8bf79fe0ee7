"""A thing to lend: what it is, what it costs, and on which terms its owner lends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, get_args

from hub.cancellation import CancellationPolicy
from hub.category import OTHER, CategoryId, FieldValue
from hub.errors import Invalid
from hub.ids import ItemId, MediaId, PlaceId, UserId
from hub.money import MAX_AMOUNT
from hub.period import zone
from hub.place import Point
from hub.tariff import LONGEST_DAYS, Tariff

__all__ = ["Accessory", "Item", "ItemStatus", "PrereqKind", "Rules", "Tariff", "Translation"]

ItemStatus = Literal["draft", "active", "paused", "missing", "archived"]
"""``draft`` is its owner's alone; ``paused`` takes no new requests; ``missing`` (all its units are lost) and
``archived`` make no new commitments at all."""

PUBLIC: Final[frozenset[ItemStatus]] = frozenset({"active", "paused", "missing", "archived"})
"""A thing of these anybody may look at, with its photos."""

Lang = Literal["de", "en"]
Condition = Literal["new", "very_good", "good", "worn"]


class PrereqKind(StrEnum):
    """What has to be in order before an agreement is firm; the dates are held for it, but not for long."""

    DEPOSIT = "deposit"
    """Both sides say that it was received."""
    PAYMENT = "payment"
    """Both sides say that the rent was paid."""
    CONTRACT = "contract"
    """The renter agrees to the contract."""
    BRIEFING = "briefing"
    """The renter has read what to mind when using it."""
    IDENTITY = "identity"
    """The owner has seen who the renter is."""


MAX_TITLE: Final = 120
MAX_DESCRIPTION: Final = 8_000
MAX_SAFETY: Final = 2_000
MAX_UNITS: Final = 999
MAX_LABEL: Final = 60
MAX_ACCESSORIES: Final = 50

_YEAR_MIN = 366 * 24 * 60
_LIMITS: Final = {
    "lead_min": (0, _YEAR_MIN),
    "horizon_days": (1, 3 * 366),
    "min_min": (1, _YEAR_MIN),
    "max_days": (1, LONGEST_DAYS),
    "turnaround_min": (0, 30 * 24 * 60),
    "step_min": (1, 24 * 60),
    "per_person": (1, 99),
    "offer_ttl_min": (60, 7 * 24 * 60),
    "min_trust": (0, 2),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The owner's terms; ``_min`` are minutes. ``Invalid("bad_rules")`` naming the field and its limits.

    A rental starts at least ``lead_min`` from now, ends within ``horizon_days``, lasts ``min_min`` to ``max_days``
    started days, and keeps the thing ``turnaround_min`` beyond its end. Start and end lie whole ``step_min`` after
    midnight. An unanswered offer lives ``offer_ttl_min`` (None: by the nearness of its start) and holds its dates
    meanwhile only if ``pending_blocks``. If ``instant``, who is trusted at least ``min_trust`` (0 anybody, 1 a
    confirmed e-mail, 2 a rental brought to its end) books at the tariff's price without asking. One person may have it,
    or ask for it, ``per_person`` times at once (None: as often as the hub allows).
    """

    lead_min: int = 0
    horizon_days: int = 365
    min_min: int = 60
    max_days: int = 30
    turnaround_min: int = 0
    offer_ttl_min: int | None = None
    pending_blocks: bool = False
    instant: bool = False
    min_trust: int = 0
    step_min: int = 1
    per_person: int | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            value = getattr(self, name)
            optional = name in {"offer_ttl_min", "per_person"} and value is None
            if not optional and (type(value) is not int or not low <= value <= high):
                raise Invalid("bad_rules", {"field": name, "min": low, "max": high})


@dataclass(frozen=True, slots=True)
class Accessory:
    """What goes with it: how many, and what one is worth to its owner in minor units (0: not said)."""

    name: str
    qty: int = 1
    value: int = 0

    def sound(self) -> bool:
        named = bool(self.name.strip()) and len(self.name) <= MAX_LABEL
        return named and 1 <= self.qty <= MAX_UNITS and 0 <= self.value <= MAX_AMOUNT


@dataclass(frozen=True, slots=True)
class Translation:
    """The listing in its second language."""

    lang: Lang
    title: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One listing of ``units`` equal things. ``public`` is the centre of the place's grid cell.

    ``title`` and ``description`` are in ``lang``. ``value`` and those of accessories are minor units of the tariff's
    currency, 0 if not said, and with ``unit_labels`` (none, or one for each unit) for the owner's eyes. The first of
    ``media`` is the cover. Once deleted it is archived, hidden from everybody, and kept for its rentals.

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
    category: CategoryId = OTHER
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    lang: Lang = "de"
    translation: Translation | None = None
    condition: Condition = "good"
    accessories: tuple[Accessory, ...] = ()
    value: int = 0
    safety: str = ""
    policy: CancellationPolicy = CancellationPolicy.FLEXIBLE
    prereqs: tuple[PrereqKind, ...] = ()
    unit_labels: tuple[str, ...] = ()
    media: tuple[MediaId, ...] = ()
    deleted_at: datetime | None = None

    @property
    def listed(self) -> bool:
        """Whether it is no secret that there is such a thing."""
        return self.deleted_at is None and self.status in PUBLIC

    def __post_init__(self) -> None:
        zone(self.tz)
        for name, holds in _checks(self).items():
            if not holds:
                raise Invalid("bad_item", {"field": name})


def _checks(item: Item) -> dict[str, bool]:
    """Every field that can be wrong by itself, and whether it is right."""
    other = item.translation
    return {
        "title": _titled(item.title),
        "description": len(item.description) <= MAX_DESCRIPTION,
        "units": type(item.units) is int and 1 <= item.units <= MAX_UNITS,
        "status": item.status in get_args(ItemStatus),
        "lang": item.lang in get_args(Lang),
        "translation": other is None or _second(other, item.lang),
        "condition": item.condition in get_args(Condition),
        "accessories": len(item.accessories) <= MAX_ACCESSORIES and all(each.sound() for each in item.accessories),
        "value": 0 <= item.value <= MAX_AMOUNT,
        "safety": len(item.safety) <= MAX_SAFETY,
        "policy": item.policy in set(CancellationPolicy),
        "prereqs": set(item.prereqs) <= set(PrereqKind) and len(set(item.prereqs)) == len(item.prereqs),
        "unit_labels": _labelled(item.unit_labels, item.units),
    }


def _titled(title: str) -> bool:
    return bool(title.strip()) and len(title) <= MAX_TITLE


def _second(other: Translation, lang: Lang) -> bool:
    known = other.lang in get_args(Lang) and other.lang != lang
    return known and _titled(other.title) and len(other.description) <= MAX_DESCRIPTION


def _labelled(labels: tuple[str, ...], units: int) -> bool:
    """Each unit has a name of its own, or none has one."""
    sound = all(label.strip() and len(label) <= MAX_LABEL for label in labels)
    return sound and len(labels) in {0, units} and len(set(labels)) == len(labels)
