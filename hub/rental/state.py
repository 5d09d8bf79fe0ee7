"""The states of a rental and the roles that act on it (design: rental.md §1)."""

from enum import StrEnum


class State(StrEnum):
    INQUIRY = "inquiry"
    NEGOTIATING = "negotiating"
    HELD = "held"
    """Agreed, with prerequisites still open."""
    CONFIRMED = "confirmed"
    ACTIVE = "active"
    """Handed over. That it is late is a flag beside the state."""
    RETURNED = "returned"
    """Back by the word of both or of the renter alone; the owner looks it over."""
    LOST = "lost"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    COMPLETED = "completed"


OCCUPYING = frozenset({State.HELD, State.CONFIRMED, State.ACTIVE, State.RETURNED, State.LOST})
"""While a rental is in one of these, the calendar keeps its units for it."""

CLOSED = frozenset({
    State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED, State.NO_SHOW, State.COMPLETED,
})  # fmt: skip
"""No other state follows one of these; money and open cases are still settled there."""

UNUSED = CLOSED - {State.COMPLETED}
"""It came to nothing, so the calendar keeps no trace of it."""

PLACE_SHOWN = frozenset({State.CONFIRMED, State.ACTIVE, State.RETURNED})
"""While a rental is in one of these, its renter may read the exact place."""


class Role(StrEnum):
    """Who somebody is to this rental. ``system`` is time and consequence, never a person."""

    RENTER = "renter"
    OWNER = "owner"
    MODERATOR = "moderator"
    SYSTEM = "system"

    @property
    def other(self) -> "Role":
        """The other party."""
        return Role.OWNER if self is Role.RENTER else Role.RENTER
