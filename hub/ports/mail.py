"""Mail, and the single-use secrets that travel by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from hub.mail import Mail

Purpose = Literal["account", "password", "address", "departure", "newcomer", "setup", "export"]


@dataclass(frozen=True, slots=True)
class HeldMail:
    """A mail held by a lease; ``tried`` counts the attempts before this one."""

    id: str
    mail: Mail
    tried: int
    lease: str


class Post(Protocol):
    """A queue that outlives the process; what is in it is sealed."""

    async def put(self, mail: Mail) -> None: ...
    async def claim(self, now: datetime) -> HeldMail | None: ...
    async def sent(self, held: HeldMail) -> None: ...
    async def later(self, held: HeldMail, due_at: datetime) -> None:
        """It could not be delivered: try again then."""


class Slips(Protocol):
    """What waits for somebody to come back with a secret: sealed, found by the secret's hash, good once."""

    async def add(self, slip: bytes, purpose: Purpose, content: Mapping[str, str], expires_at: datetime) -> None: ...
    async def drop(self, purpose: Purpose) -> None:
        """All that wait for this, whoever has them."""

    async def look(self, slip: bytes, purpose: Purpose, now: datetime) -> Mapping[str, str] | None:
        """Its content, left where it is."""

    async def take(self, slip: bytes, purpose: Purpose, now: datetime) -> Mapping[str, str] | None:
        """Its content, once, if it is for this and not too old."""
