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
APPEAL: Final = timedelta(days=14)
"""How long a party may ask for a second decision."""
SECOND_LOOK: Final = timedelta(days=30)
"""An appeal that nobody decides by then leaves the first decision as it is."""
LATER_CLAIMS: Final = timedelta(days=183)
"""How long after its end a rental may still be fought over (six months: BGB §§ 548, 606)."""
MAX_CASES: Final = 8


class CaseKind(StrEnum):
    DAMAGE = "damage"
    MISSING_PARTS = "missing_parts"
    NOT_AS_DESCRIBED = "not_as_described"
    NON_RETURN = "non_return"
    LATE = "late"
    PAYMENT = "payment"
    NO_SHOW = "no_show"
    """Somebody is said not to have come, and contests it."""
    HAND_OVER = "hand_over"
    """The owner alone says that it was handed over, and the renter contests it."""


OPENED: Final = frozenset(CaseKind) - {CaseKind.NON_RETURN, CaseKind.NO_SHOW, CaseKind.HAND_OVER}
"""Cases that a party opens as such; the others come with what they are about."""
CONTESTS: Final = frozenset({CaseKind.NO_SHOW, CaseKind.HAND_OVER})


class CaseState(StrEnum):
    OPEN = "open"
    """The parties talk it over."""
    MEDIATION = "mediation"
    DECIDED = "decided"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"


UNRESOLVED: Final = frozenset({CaseState.OPEN, CaseState.MEDIATION})


class AppealState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """``by`` would leave it at ``amount`` minor units, paid by the case's ``payer``."""

    by: Role
    amount: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """``amount`` minor units are the payer's to pay. ``words`` are a moderator's."""

    at: datetime
    amount: int
    words: str = ""
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Appeal:
    """``by`` asks for a second decision; the first one holds until there is one."""

    by: Role
    at: datetime
    words: str
    state: AppealState = AppealState.OPEN

    def told(self) -> dict[str, Any]:
        """As the room's log tells it."""
        return {"by": self.by.value, "at": stamp(self.at), "words": self.words, "state": self.state.value}


@dataclass(frozen=True, slots=True)
class Case:
    """``no`` counts the cases of one rental from 1. ``claimed`` is what whoever opened it asks for, in minor units.

    ``secured``: what the renter has to pay comes out of the deposit first.
    """

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
    secured: bool = True
    appeal: Appeal | None = None

    @property
    def unresolved(self) -> bool:
        return self.state in UNRESOLVED

    @property
    def appealed(self) -> bool:
        """Whether a second decision is asked for and not made yet."""
        return self.appeal is not None and self.appeal.state is AppealState.OPEN

    @property
    def payer(self) -> Role:
        """Who pays what it comes to: the side that is asked to, and the renter where it is about coming at all."""
        return Role.RENTER if self.kind in CONTESTS else self.by.other

    @property
    def due_at(self) -> datetime | None:
        """When time itself takes it further; None once it is over."""
        if self.state is CaseState.OPEN:
            return self.opened_at + SELF_RESOLVE
        if self.unresolved and self.mediation_at:
            return self.mediation_at + MEDIATION
        return self.appeal.at + SECOND_LOOK if self.appeal and self.appealed else None

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
            "payer": self.payer.value,
            "secured": self.secured,
            "appeal": self.appeal.told() if self.appeal else None,
        }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {"at": stamp(outcome.at), "amount": outcome.amount, "words": outcome.words, "by": outcome.by}
