"""What happened, as the room's log keeps it: structured facts that every client words in its own language."""

from dataclasses import dataclass, field
from typing import Any, Literal

from hub.ids import UserId


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. ``type`` is noun_verbed; ``by`` is who did it, ``system`` for timers and consequences.

    ``data`` holds only what canonical JSON can (design: e2ee.md §9): integers to 2**53 - 1, strings, booleans, and
    lists and objects of these; keys like ``[a-z][a-z0-9_]*``, times as ``YYYY-MM-DDTHH:MM:SSZ``. The log adds room, seq
    and time.
    """

    type: str
    by: UserId | Literal["system"]
    data: dict[str, Any] = field(default_factory=dict)
