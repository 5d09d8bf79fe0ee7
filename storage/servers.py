"""The two servers every hub stands on, wherever they run, and the one error for a hub that cannot start."""

from collections.abc import Mapping
from dataclasses import dataclass, field

EXIT_CONFIG = 78
"""``EX_CONFIG`` of sysexits.h: something about the machine or the settings must change before another try."""


class StartupError(Exception):
    """The hub cannot start: ``cause`` says why in one sentence, ``remedy`` what to do next."""

    exit_code = EXIT_CONFIG

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause}. {remedy}")
        self.cause = cause
        self.remedy = remedy


@dataclass(frozen=True)
class Servers:
    """Where MongoDB and Redis answer, what they are, and what is known about these versions.

    ``took`` holds the seconds each needed to become usable, keyed ``mongo`` and ``redis``.
    """

    mongodb_uri: str = field(repr=False)
    redis_url: str = field(repr=False)
    mongo_version: str
    redis_version: str
    took: Mapping[str, float]
    notes: tuple[str, ...] = ()
