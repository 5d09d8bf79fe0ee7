"""A case: what the parties do not agree on, with deadlines by which it ends even if nobody says anything more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from hub.ids import UserId
from hub.period import stamp
from hub.rental.state import Role

SELF_RESOLVE: Final = timedelta(hours=48)
"""The parties' own time; then the case goes to mediation."""
MEDIATION: Final = timedelta(days=30)
"""A case that nobody decides by then ends undecided, in the renter's favour."""
MAX_CASES: Final = 8


class CaseKind(StrEnum):
    DAMAGE = "damage"
    MISSING_PARTS = "missing_parts"
    NON_RETURN = "non_return"


class CaseState(StrEnum):
    OPEN = "open"
    """The parties talk it over."""
    MEDIATION = "mediation"
    DECIDED = "decided"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"


UNRESOLVED: Final = frozenset({CaseState.OPEN, CaseState.MEDIATION})


@dataclass(frozen=True, slots=True)
class Proposal:
    """``by`` would leave it at ``amount`` minor units, paid by the renter."""

    by: Role
    amount: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``amount`` minor units are the renter's to pay, out of the deposit first. ``words`` are a moderator's."""

    at: datetime
    amount: int
    words: str = ""
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """``no`` counts the cases of one rental from 1. ``claimed`` is what whoever opened it asks for, in minor units."""

    no: int
    kind: CaseKind
    by: Role
    opened_at: datetime
    claimed: int
    words: str
    state: CaseState = CaseState.OPEN
    mediation_at: datetime | None = None
    proposal: Proposal | None = None
    outcome: Outcome | None = None

    @property
    def unresolved(self) -> bool:
        return self.state in UNRESOLVED

    @property
    def due_at(self) -> datetime | None:
        """When time itself takes it further; None once it is over."""
        if self.state is CaseState.OPEN:
            return self.opened_at + SELF_RESOLVE
        return self.mediation_at + MEDIATION if self.unresolved and self.mediation_at else None

    def told(self) -> dict[str, Any]:
        """As the room's log tells it."""
        return {
            "no": self.no,
            "kind": self.kind.value,
            "by": self.by.value,
            "opened_at": stamp(self.opened_at),
            "claimed": self.claimed,
            "words": self.words,
            "state": self.state.value,
            "due_at": stamp(self.due_at) if self.due_at else None,
            "proposal": {"by": self.proposal.by.value, "amount": self.proposal.amount} if self.proposal else None,
            "outcome": _outcome(self.outcome) if self.outcome else None,
        }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {"at": stamp(outcome.at), "amount": outcome.amount, "words": outcome.words, "by": outcome.by}
