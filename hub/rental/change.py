"""A change of what was agreed: proposed by one side, and nothing until the other agrees (design: rental.md §1)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from hub.period import stamp
from hub.rental.state import Role
from hub.rental.terms import Terms

MAX_CHANGES: Final = 30


class ChangeState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"
    """The rental went on without it."""


@dataclass(frozen=True, slots=True)
class Change:
    """``no`` counts the changes of one rental from 1; the last one is kept, however it ended."""

    no: int
    by: Role
    terms: Terms
    expires_at: datetime
    state: ChangeState = ChangeState.OPEN

    @property
    def open(self) -> bool:
        return self.state is ChangeState.OPEN

    def told(self) -> dict[str, Any]:
        """As the room's log tells it."""
        return {
            "no": self.no,
            "by": self.by.value,
            "terms": self.terms.told(),
            "expires_at": stamp(self.expires_at),
            "state": self.state.value,
        }
