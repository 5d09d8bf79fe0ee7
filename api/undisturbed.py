"""Work that ends even when its caller has gone: Quart cancels the handler, and half an act is none."""

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

from api.errors import trace_of
from hub.errors import HubError

log = logging.getLogger("dorfkiste.http")


class Undisturbed:
    """Holds on to what has begun."""

    def __init__(self) -> None:
        self._begun: set[asyncio.Future[Any]] = set()

    async def __call__(self, work: Awaitable[Any]) -> Any:
        """What comes of ``work``."""
        task = asyncio.ensure_future(work)
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            task.add_done_callback(_ended_alone)
            raise


def _ended_alone(task: asyncio.Future[Any]) -> None:
    """Nobody hears the outcome: a refusal is told to no one, a fault of ours is logged once, without its message."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, HubError):
        trace_of(log, "an act whose caller had gone", error)
