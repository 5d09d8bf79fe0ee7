"""The states of a rental and the roles that act on it (design: rental.md §1)."""

from enum import StrEnum


class State(StrEnum):
    INQUIRY = "inquiry"
    NEGOTIATING = "negotiating"
    HELD = "held"
    """Agreed, with prerequisites still open."""
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


OCCUPYING = frozenset({State.HELD, State.CONFIRMED})
"""While a rental is in one of these, the calendar keeps its units for it."""

CLOSED = frozenset({State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED})
"""Nothing leads out of these."""


class Role(StrEnum):
    """Who somebody is to this rental. ``system`` is time and consequence, never a person."""

    RENTER = "renter"
    OWNER = "owner"
    MODERATOR = "moderator"
    SYSTEM = "system"
