"""What several ports share."""

from datetime import datetime
from typing import Protocol


class StaleWrite(Exception):
    """Someone else wrote first: load again, decide again."""


class Clock(Protocol):
    """``now`` is the business clock (may be moved in demo and tests); ``real`` never is: tokens and sockets use it."""

    def now(self) -> datetime: ...
    def real(self) -> datetime: ...
    def seconds(self) -> float:
        """``real`` in seconds since 1970, for what every message asks."""
