"""Who paid whom: one side says so, the other confirms it. The hub only takes note and never holds money."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from hub.period import stamp
from hub.rental.state import Role

MAX_ENTRIES: Final = 40


class EntryKind(StrEnum):
    """From the renter to the owner, but for ``deposit_out`` and ``refund``."""

    RENT = "rent"
    DEPOSIT_IN = "deposit_in"
    DEPOSIT_OUT = "deposit_out"
    REFUND = "refund"
    CANCELLATION_FEE = "cancellation_fee"
    LATE_FEE = "late_fee"
    DAMAGE = "damage"


class Method(StrEnum):
    CASH = "cash"
    TRANSFER = "transfer"


@dataclass(frozen=True, slots=True)
class Entry:
    """``amt`` minor units, as ``by`` says. It counts once the other side has confirmed it."""

    no: int
    kind: EntryKind
    amt: int
    method: Method
    by: Role
    at: datetime
    confirmed_at: datetime | None = None
    rejected_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.confirmed_at is None and self.rejected_at is None

    def told(self) -> dict[str, Any]:
        """As the room's log tells it."""
        return {
            "no": self.no,
            "kind": self.kind.value,
            "amt": self.amt,
            "method": self.method.value,
            "by": self.by.value,
            "at": stamp(self.at),
            "confirmed_at": stamp(self.confirmed_at) if self.confirmed_at else None,
            "rejected_at": stamp(self.rejected_at) if self.rejected_at else None,
        }


def paid(entries: Iterable[Entry], *kinds: EntryKind) -> int:
    """Minor units that both sides agree were paid."""
    return sum(entry.amt for entry in entries if entry.kind in kinds and entry.confirmed_at)


def said(entries: Iterable[Entry], *kinds: EntryKind) -> int:
    """The same with what one side only says so far."""
    return sum(entry.amt for entry in entries if entry.kind in kinds and not entry.rejected_at)
