"""Tasks that end when they are told to, also where a driver loses the cancel."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from typing import Any, Final

AGAIN_S: Final = 0.1


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel until they end; a cancel that comes meanwhile is passed on afterwards.

    A cancel is lost where it meets redis-py while it connects, or ``asyncio.wait_for`` of Python 3.11 just as the
    answer is there, which is how PyMongo writes every question.
    """
    told: asyncio.CancelledError | None = None
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        try:
            await asyncio.wait(pending, timeout=AGAIN_S)
        except asyncio.CancelledError as cancelled:
            told = cancelled
    if told is not None:
        raise told


async def together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All at once until cancelled, or until one fails; none outlives this."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        await end(tasks)
