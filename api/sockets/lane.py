"""The order of one client's messages: each is submitted after the one before; none waits until another is durable."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

Submit = Callable[[], Awaitable[Awaitable[Any]]]
"""Awaited it has put the work in order; the awaitable it gives is the outcome."""


class Lane:
    """Submits one after another; the task that does it serves a whole burst and ends with it."""

    __slots__ = ("_loop", "_task", "_waiting")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[Submit, asyncio.Future[Any]]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether everything that came before has its place: the next one need not wait for it."""
        return self._task is None

    def follow(self, submit: Submit) -> asyncio.Future[Any]:
        """Submit behind everything that came before; the future holds the outcome."""
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((submit, answer))
        if self._task is None:
            self._task = self._loop.create_task(self._serve())
        return answer

    async def _serve(self) -> None:
        while self._waiting:
            submit, answer = self._waiting.popleft()
            outcome = await _submitted(submit)
            outcome.add_done_callback(partial(_settle, answer))
        self._task = None


async def _submitted(submit: Submit) -> asyncio.Future[Any]:
    """The outcome to come; a refusal to submit is one that has come."""
    try:
        return asyncio.ensure_future(await submit())
    except Exception as error:  # noqa: BLE001 - it is the caller's: the future carries it there
        failed: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        failed.set_exception(error)
        return failed


def _settle(answer: asyncio.Future[Any], outcome: asyncio.Future[Any]) -> None:
    """Answer, unless nobody waits any more."""
    error = asyncio.CancelledError() if outcome.cancelled() else outcome.exception()
    if answer.done():
        return
    if error is None:
        answer.set_result(outcome.result())
    else:
        answer.set_exception(error)
