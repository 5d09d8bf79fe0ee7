"""Work that ends even when its caller has gone: Quart cancels the handler, and half an act is none."""

import asyncio
from collections.abc import Awaitable
from typing import Any


class Undisturbed:
    """Holds on to what has begun."""

    def __init__(self) -> None:
        self._begun: set[asyncio.Future[Any]] = set()

    async def __call__(self, work: Awaitable[Any]) -> Any:
        """What comes of ``work``."""
        task = asyncio.ensure_future(work)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        return await asyncio.shield(task)
