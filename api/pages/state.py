"""What the pages may tell everybody about this hub, and how often it is asked."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

FRESH_S: Final = 2.0


@dataclass(frozen=True)
class Part:
    """One of the stores the hub stands on."""

    name: str
    version: str
    ok: bool


@dataclass(frozen=True)
class Facts:
    """``sign_in`` is the demo's e-mail and password, empty elsewhere."""

    village: str
    version: str
    environment: str
    ready: bool
    parts: tuple[Part, ...]
    neighbours: int
    things: int
    rooms: int | None = None
    sign_in: str = ""


class Recent:
    """The facts of at most two seconds ago, so that whoever reloads a page does not reach the stores each time."""

    def __init__(self, ask: Callable[[], Awaitable[Facts]]) -> None:
        self._ask = ask
        self._asking = asyncio.Lock()
        self._known: Facts | None = None
        self._until = 0.0

    async def facts(self) -> Facts:
        """What is known, or news."""
        async with self._asking:
            if self._known is None or monotonic() >= self._until:
                self._known = await self._ask()
                self._until = monotonic() + FRESH_S
            return self._known
