"""Commands of bargaining, up to the agreement and out of it."""

import re
from dataclasses import dataclass

from hub.errors import Invalid
from hub.item import PrereqKind
from hub.rental.terms import Terms

_REASON = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True, slots=True)
class Offering:
    """A command that puts an offer on the table."""

    terms: Terms


@dataclass(frozen=True, slots=True)
class Closing:
    """A command that ends things, for a reason given as a code. ``Invalid("bad_reason")``."""

    reason: str

    def __post_init__(self) -> None:
        if not _REASON.fullmatch(self.reason):
            raise Invalid("bad_reason")


@dataclass(frozen=True, slots=True)
class Inquire:
    """Ask about a thing without naming terms."""


@dataclass(frozen=True, slots=True)
class Request(Offering):
    """Ask for a thing on terms."""


@dataclass(frozen=True, slots=True)
class InstantBook(Offering):
    """Take a thing at its tariff, whose owner need not be asked."""


@dataclass(frozen=True, slots=True)
class Propose(Offering):
    """The owner answers an inquiry with terms."""


@dataclass(frozen=True, slots=True)
class Counter(Offering):
    """Answer the other side's offer ``answers_rev`` with other terms."""

    answers_rev: int


@dataclass(frozen=True, slots=True)
class Revise(Offering):
    """Change one's own offer before it is answered."""

    answers_rev: int | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Agree to the other side's offer ``rev``."""

    rev: int


@dataclass(frozen=True, slots=True)
class Decline(Closing):
    """The owner says no."""


@dataclass(frozen=True, slots=True)
class Withdraw(Closing):
    """The renter no longer asks."""


@dataclass(frozen=True, slots=True)
class Cancel(Closing):
    """Undo an agreement before the thing is handed over."""


@dataclass(frozen=True, slots=True)
class Satisfy:
    """One side says that a prerequisite is met."""

    kind: PrereqKind


@dataclass(frozen=True, slots=True)
class Fulfil:
    """All prerequisites are met."""


@dataclass(frozen=True, slots=True)
class HoldTimeout:
    """They were not met in time."""


@dataclass(frozen=True, slots=True)
class OfferExpire:
    """The live offer's time is up."""


@dataclass(frozen=True, slots=True)
class IdleClose:
    """An inquiry led nowhere."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody else got the units that the live offer needs."""


@dataclass(frozen=True, slots=True)
class ModClose(Closing):
    """A moderator ends it."""
