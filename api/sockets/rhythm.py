"""What happens to live sockets by the clock: presence beats, and how long each room's log is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from api.sockets.door import HubDoor
from api.sockets.seating import Seating
from hub.errors import HubError

HEADS_S: Final = 30.0
BEAT_S: Final = 25.0
PACE: Final = 50
"""Beats sent side by side."""

log = logging.getLogger("dorfkiste.live")


async def tell_heads(seating: Seating) -> None:
    """Every 30 s until cancelled: whoever missed a hint, for whatever reason, catches up."""
    await _every(HEADS_S, seating.tell_heads)


async def beat(door: HubDoor, seating: Seating) -> None:
    """Every 25 s until cancelled: the sockets here are still here."""

    async def once() -> None:
        here = seating.registry.everyone()
        for at in range(0, len(here), PACE):
            await asyncio.gather(*(door.beat(conn) for conn in here[at : at + PACE]))

    await _every(BEAT_S, once)


async def _every(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except HubError as error:
            log.info("put off: %s", error.code)
