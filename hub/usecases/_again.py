"""Changes that are decided anew whenever somebody else wrote first."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from hub.errors import Unavailable
from hub.ports import StaleWrite

ATTEMPTS: Final = 12
_FIRST_PAUSE_S: Final = 0.005

T = TypeVar("T")


async def again(attempt: Callable[[], Awaitable[T]]) -> T:
    """Load, decide, keep; once more while it loses races. Unavailable("contended") after 12, with nothing written."""
    for n in range(ATTEMPTS):
        try:
            return await attempt()
        except StaleWrite:
            await asyncio.sleep(random.uniform(0, _FIRST_PAUSE_S * 2 ** min(n, 6)))
    raise Unavailable("contended", after_ms=1000)
