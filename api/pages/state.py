"""What the front page may tell everybody about this hub."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.settings import Settings
from storage.servers import Servers

Report = Callable[[], Awaitable[tuple[bool, dict[str, str]]]]


@dataclass(frozen=True)
class HubState:
    """``report`` is readiness: whether people may come, and the state of each part."""

    settings: Settings
    servers: Servers
    report: Report
