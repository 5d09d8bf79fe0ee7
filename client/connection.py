"""The line to the hub: the loop that keeps making new sockets, and knows when to give up (realtime.md §3, §5)."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from client.errors import HubRefused, Offline
from client.socket import OnTold, Socket

STABLE_AFTER_S: Final = 10.0
TOKEN_CODES: Final = frozenset({"bad_token", "token_expired"})
"""Refusals that a fresh access token cures."""
PASSING_CODES: Final = frozenset(
    {"too_many_sockets", "rate_limited", "unavailable", "internal", "draining", "slow_reader"}
)
"""Refusals and farewells that time cures. Everything else ends the line: no reconnecting helps."""


def full_jitter(attempt: int, ceiling_s: float = 30.0) -> float:
    """Seconds to wait before try number ``attempt`` (from 0): anywhere in 0 … min(ceiling, 2ⁿ).

    Source: Brooker, "Exponential Backoff And Jitter", 2015: spreads a village that lost its hub at one moment.
    """
    return random.uniform(0, min(ceiling_s, 2.0 ** min(attempt, 10)))


class Line:
    """Keeps a socket alive until ``stop``: full-jitter reconnects, fresh tokens, ``hello`` before anything else.

    ``introduce`` makes the CONNECT payload, with a new token if its argument is true. ``on_hello`` runs after every
    ``hello``; ``on_told`` for every event of every socket, in order.
    """

    def __init__(
        self,
        url: str,
        introduce: Callable[[bool], Awaitable[dict[str, Any]]],
        on_hello: Callable[[dict[str, Any]], None],
        on_told: OnTold,
    ) -> None:
        self._url, self._introduce = url, introduce
        self._on_hello, self._on_told = on_hello, on_told
        self._socket: Socket | None = None
        self._up, self._allowed = asyncio.Event(), asyncio.Event()
        self._allowed.set()
        self._task: asyncio.Task[None] | None = None
        self.ended_by: HubRefused | None = None
        """Why the loop gave up, if it did: sign in again."""
        self.on_down: Callable[[], None] = lambda: None
        """Told when a live socket is gone, and when the loop has given up."""

    def start(self) -> None:
        if self._task is None or self._task.done():
            self.ended_by = None
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._socket is not None:
            await self._socket.close()

    async def up(self) -> None:
        """Wait for a live socket, however long the hub is away; raises what ended the loop."""
        if self._task is None:
            raise Offline("not connected")
        waiting = asyncio.get_running_loop().create_task(self._up.wait())
        try:
            await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self._task.done():
            raise self.ended_by or _failure(self._task) or Offline("the line was stopped")

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    async def ask(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Ask over the live socket; Offline at once when there is none."""
        if self._socket is None or not self.is_up:
            raise Offline("no connection")
        return await self._socket.ask(event, payload)

    def cut(self, *, stay_down: bool = False) -> None:
        """Drop the live socket without a word. The loop makes a new one, if told so only after ``resume``."""
        if stay_down:
            self._allowed.clear()
        if self._socket is not None:
            self._socket.cut()

    def resume(self) -> None:
        """Reconnect after ``cut(stay_down=True)``."""
        self._allowed.set()

    async def _run(self) -> None:
        attempt, renew = 0, False
        while True:
            await self._allowed.wait()
            pause = full_jitter(attempt)
            try:
                socket = await Socket.open(self._url, await self._introduce(renew), self._on_told)
                renew = False
                attempt = 0 if await self._live(socket) else attempt + 1
            except Offline:
                attempt += 1
            except HubRefused as refusal:
                if not _may_pass(refusal, renew):
                    self.ended_by = refusal
                    self.on_down()
                    return
                attempt, renew = attempt + 1, refusal.code in TOKEN_CODES
                pause = max(pause, refusal.after_ms / 1000)
            await asyncio.sleep(pause)

    async def _live(self, socket: Socket) -> bool:
        """Serve one socket to its end; whether it lasted long enough to forget earlier failures."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._socket = socket
        self._on_hello(socket.hello)
        self._up.set()
        try:
            code = await socket.closed()
        finally:
            self._up.clear()
            self.on_down()
        if code and code not in PASSING_CODES:
            raise HubRefused(code, "unauthenticated")
        return loop.time() - began >= STABLE_AFTER_S


def _may_pass(refusal: HubRefused, renewed: bool) -> bool:
    """Whether trying again can help; a token refused right after its renewal will not get better."""
    if refusal.code in TOKEN_CODES:
        return not renewed
    return refusal.retry or refusal.code in PASSING_CODES


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()
