"""Presence of a person over all their devices: the most active state wins. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from hub.ids import UserId


class PresenceState(StrEnum):
    """``unknown`` is what the hub says when it cannot know; it never guesses."""

    ACTIVE = "active"
    IDLE = "idle"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PresenceChange:
    """The aggregate of ``user`` changed; ``n`` grows with each change, so that a late hint can be dropped."""

    user: UserId
    state: PresenceState
    n: int
