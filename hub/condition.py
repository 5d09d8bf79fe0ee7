"""Protocols of condition: what two people say of a thing when it changes hands, sealed once both have said so. Pure.

They may be written without a network and come in later, so the client chooses the id and tells when it was written;
the hub adds when it heard of it. A protocol is known by its seal, which the signed return stands on (e2ee.md §9).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal, get_args

from crypto.dkx.protocol import sealed_hash
from crypto.dkx.unicode15 import sayable
from hub.errors import Conflict, Forbidden, Invalid
from hub.ids import MediaId, ProtocolId, RentalId
from hub.period import stamp
from hub.rental import RECEIVER, CodeKind, Rental, Role, State

Condition = Literal["new", "very_good", "good", "worn", "damaged"]
MAX_LINES: Final = 60
MAX_PHOTOS: Final = 20
MAX_NAME: Final = 60
MAX_NOTE: Final = 2_000
MAX_LINE_NOTE: Final = 300
MAX_METER: Final = 60
MAX_PROTOCOLS: Final = 20
"""Of one rental."""
MOST: Final = 999
LATE: Final = timedelta(days=7)
"""After the end of a rental what was written before may still come in."""
AHEAD: Final = timedelta(minutes=5)
"""How far the clock of a telephone may be ahead."""

_OPEN: Final[Mapping[CodeKind, frozenset[State]]] = {
    CodeKind.HAND_OVER: frozenset({State.CONFIRMED, State.ACTIVE, State.RETURNED, State.LOST, State.COMPLETED}),
    CodeKind.RETURN: frozenset({State.ACTIVE, State.RETURNED, State.LOST, State.COMPLETED}),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One accessory: how many should be there, how many are, and what is to be said of them."""

    accessory: str
    qty: int
    found: int
    note: str = ""

    def sound(self) -> bool:
        named = bool(self.accessory.strip()) and len(self.accessory) <= MAX_NAME
        return named and 0 <= self.qty <= MOST and 0 <= self.found <= MOST and len(self.note) <= MAX_LINE_NOTE


@dataclass(frozen=True, slots=True)
class Pictured:
    """A photo and the SHA-256 of its largest copy, in hex."""

    media: MediaId
    sha256: str


@dataclass(frozen=True, slots=True)
class Account:
    """What is said of ``q`` units, at ``made_at`` by the writer's clock. ``Invalid("bad_protocol")`` with the field."""

    kind: CodeKind
    made_at: datetime
    q: int
    condition: Condition
    meter: str = ""
    note: str = ""
    lines: tuple[Line, ...] = ()
    photos: tuple[Pictured, ...] = ()

    def __post_init__(self) -> None:
        checks = {
            "q": 1 <= self.q <= MOST,
            "condition": self.condition in get_args(Condition),
            "meter": len(self.meter) <= MAX_METER,
            "note": len(self.note) <= MAX_NOTE,
            "lines": len(self.lines) <= MAX_LINES and all(line.sound() for line in self.lines),
            "photos": len({photo.media for photo in self.photos}) == len(self.photos) <= MAX_PHOTOS,
        }
        for name, holds in checks.items():
            if not holds:
                raise Invalid("bad_protocol", {"field": name})


@dataclass(frozen=True, slots=True)
class ConditionProtocol:
    """``no`` counts those of a rental in the order they came in; ``after`` is the one its writer knew last.

    ``rev`` counts how often it was rewritten until it was sealed. ``by_code``: it was sealed with the other's code.
    """

    id: ProtocolId
    rental: RentalId
    no: int
    by: Role
    account: Account
    received_at: datetime
    after: ProtocolId | None = None
    rev: int = 1
    sealed_at: datetime | None = None
    by_code: bool = False

    @property
    def hash(self) -> str:
        """The seal of ``document``, in hex: what the other side confirms."""
        return sealed_hash(self.document).hex()

    @property
    def document(self) -> dict[str, Any]:
        """All that was said, and by whom; of the photos what they show, in no order."""
        words = sayable(said(self.account))
        media = sorted({photo["sha256"] for photo in words.pop("photos")})
        return {"v": 1, "rental": self.rental, "protocol": self.id, "by": self.by.value, "media": media} | words

    def sealed(self, at: datetime, *, by_code: bool) -> "ConditionProtocol":
        """Agreed by both: from now on nothing changes any more."""
        return replace(self, sealed_at=at.replace(microsecond=0), by_code=by_code)


def said(account: Account) -> dict[str, Any]:
    """As the document and the views have it."""
    return {
        "kind": account.kind.value,
        "made_at": stamp(account.made_at),
        "q": account.q,
        "condition": account.condition,
        "meter": account.meter,
        "note": account.note,
        "lines": [{"accessory": n.accessory, "qty": n.qty, "found": n.found, "note": n.note} for n in account.lines],
        "photos": [{"media": photo.media, "sha256": photo.sha256} for photo in account.photos],
    }


def check_time(rental: Rental, account: Account, now: datetime) -> None:
    """Whether such a protocol may come in now. ``wrong_state``, ``too_late``, ``Invalid("bad_protocol")``."""
    if rental.state not in _OPEN[account.kind]:
        raise Conflict("wrong_state", {"state": rental.state.value})
    if rental.ended_at is not None and now > rental.ended_at + LATE:
        raise Conflict("too_late")
    agreed = rental.agreed_at or rental.created_at
    if not agreed - AHEAD <= account.made_at <= now + AHEAD:
        raise Invalid("bad_protocol", {"field": "made_at"})
    if account.q > rental.q:
        raise Invalid("bad_protocol", {"field": "q"})


def check_giver(kind: CodeKind, role: Role) -> None:
    """Only who gives the thing away is shown the other's code, and so can enter it. ``not_your_role``."""
    if role is RECEIVER[kind]:
        raise Forbidden("not_your_role")
