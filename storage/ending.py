"""Tasks that end when they are told to, also where a driver loses the cancel."""

import asyncio
from collections.abc import Collection
from typing import Any, Final

AGAIN_S: Final = 0.1


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel until they end.

    A cancel is lost where it meets redis-py while it connects, or ``asyncio.wait_for`` of Python 3.11 just as the
    answer is there, which is how PyMongo writes every question.
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=AGAIN_S)
