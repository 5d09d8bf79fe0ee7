"""How often who may do what: stated at each act, counted at the door before the act begins."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from hub.account import Actor
from hub.errors import RateLimited
from hub.ports import Limiter

LimitKey = Literal["user", "device", "ip", "room", "account+ip"]


@dataclass(frozen=True, slots=True)
class Limit:
    """``count`` uses in ``seconds`` for each ``key``. ``inside``: the act counts by itself, in memory (hot path)."""

    name: str
    count: int
    seconds: float
    key: LimitKey
    inside: bool = False

    def bucket(self, *, actor: Actor | None, ip: str, command: Any) -> str:
        """What is counted together; an e-mail is never part of it in the clear (security.md D4)."""
        match self.key:
            case "account+ip":
                who = f"{_digest(command.email.strip().casefold())}:{ip}"
            case "room":
                who = str(command.room)
            case "user" if actor:
                who = str(actor.user)
            case "device" if actor:
                who = str(actor.device or actor.session)
            case _:
                who = ip
        return f"{self.name}:{who}"


async def check_limits(
    limiter: Limiter, limits: tuple[Limit, ...], *, actor: Actor | None, ip: str, command: Any
) -> None:
    """Count one use against each limit, or ``RateLimited`` with the time to wait."""
    for limit in limits:
        if limit.inside:
            continue
        wait_ms = await limiter.hit(limit.bucket(actor=actor, ip=ip, command=command), limit.count, limit.seconds)
        if wait_ms:
            raise RateLimited("rate_limited", {"limit": limit.name}, after_ms=wait_ms)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
