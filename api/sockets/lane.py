"""The order of one client's messages: each is submitted after the one before, and none waits for another to be durable."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

Submit = Callable[[], Awaitable[Awaitable[Any]]]
"""Awaited it has put the work in order; the awaitable it gives is the outcome."""


class Lane:
    """Submits one after another; the task that does it serves a whole burst and ends with it."""

    __slots__ = ("_task", "_waiting")

    def __init__(self) -> None:
        self._waiting: deque[tuple[Submit, asyncio.Future[Any]]] = deque()
        self._task: asyncio.Task[None] | None = None

    def follow(self, submit: Submit) -> asyncio.Future[Any]:
        """Submit behind everything that came before; the future holds the outcome, or what was raised."""
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((submit, outcome))
        if self._task is None:
            self._task = asyncio.create_task(self._serve())
        return outcome

    async def _serve(self) -> None:
        while self._waiting:
            submit, outcome = self._waiting.popleft()
            try:
                submitted = asyncio.ensure_future(await submit())
            except Exception as error:  # noqa: BLE001 - it is the caller's: the future carries it there
                _fail(outcome, error)
            else:
                submitted.add_done_callback(partial(_settle, outcome))
        self._task = None


def _settle(outcome: asyncio.Future[Any], done: asyncio.Future[Any]) -> None:
    error = asyncio.CancelledError() if done.cancelled() else done.exception()
    if error is not None:
        _fail(outcome, error)
    elif not outcome.done():
        outcome.set_result(done.result())


def _fail(outcome: asyncio.Future[Any], error: BaseException) -> None:
    if not outcome.done():
        outcome.set_exception(error)
