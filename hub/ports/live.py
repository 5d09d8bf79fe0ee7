"""What is here now: presence, hints, limits, and what every worker must learn."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from hub.ids import UserId
from hub.presence import PresenceChange, PresenceState


class Presence(Protocol):
    async def beat(self, user: UserId, connection: str, state: PresenceState) -> None: ...
    async def leave(self, user: UserId, connection: str) -> None: ...
    async def of(self, users: Collection[UserId]) -> Mapping[UserId, PresenceState]:
        """``unknown`` for everybody while the presence store cannot be reached."""


Audience = tuple[Literal["room", "user", "device", "session"], str]


class Publisher(Protocol):
    """Hints to live sockets on every worker. It never blocks and never fails an act: the log is the truth."""

    def tell(self, audience: Audience, event: str, payload: Mapping[str, Any]) -> None: ...


class Limiter(Protocol):
    async def hit(self, key: str, limit: int, per_s: float) -> int:
        """Count one use; 0 when allowed, else the milliseconds to wait."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something every worker must learn within 2 s, Redis or not: drop caches, close sockets."""

    kind: Literal["session", "user", "room", "devices"]
    id: str


class Changes(Protocol):
    def follow(self) -> AsyncIterator[Change]: ...


OnPresence = Callable[[PresenceChange], None]
