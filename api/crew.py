"""The worker processes: as many as asked for, each started again when it dies, all sent home at the end."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from api.asgi import Job
from api.settings import Settings
from storage.servers import StartupError

SHORTEST_BREAK_S, LONGEST_BREAK_S = 0.05, 5.0
HEALTHY_AFTER_S: Final = 20.0
FAREWELL_S: Final = 20.0
"""For requests under way and the stores, after the time a worker gives its callers."""

log = logging.getLogger("dorfkiste.crew")


class Crew:
    """``stop`` is the operator's signal: set once to go, set again to go at once."""

    def __init__(self, settings: Settings, job: Job, stop: asyncio.Event) -> None:
        self._settings = settings
        self._job = job
        self._stop = stop
        self._leaving = False
        self._posts: list[asyncio.Task[None]] = []
        self._workers: set[asyncio.subprocess.Process] = set()

    async def start(self) -> None:
        """Start them all and wait until each answers callers. ``StartupError`` when one does not come up."""
        loop = asyncio.get_running_loop()
        ready = [loop.create_future() for _ in range(self._settings.workers)]
        self._posts = [asyncio.create_task(self._keep(first)) for first in ready]
        stopped = asyncio.create_task(self._stop.wait())
        everybody = asyncio.create_task(_all(ready))
        await asyncio.wait({everybody, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if everybody.done():
            everybody.result()

    async def dismiss(self) -> None:
        """SIGTERM, so that they drain; who is still here after a while, or at the second signal, is killed."""
        self._leaving = True
        self._stop.clear()
        for worker in tuple(self._workers):
            _send(worker, signal.SIGTERM)
        hurry = asyncio.create_task(self._stop.wait())
        home = asyncio.create_task(_all(self._posts))
        patience = self._settings.balancer_interval_s + self._settings.drain_s + FAREWELL_S
        await asyncio.wait({home, hurry}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        hurry.cancel()
        for worker in tuple(self._workers):
            _send(worker, signal.SIGKILL)
        await home

    async def _keep(self, first: "asyncio.Future[None]") -> None:
        """Keep one place filled; ``first`` tells how the first attempt went."""
        loop, pause = asyncio.get_running_loop(), SHORTEST_BREAK_S
        while not self._leaving:
            begun = loop.time()
            worker, came_up = await self._hire()
            if not first.done():
                _tell(first, came_up)
            await worker.wait()
            self._workers.discard(worker)
            if self._leaving or first.exception():
                return
            log.error("worker %d ended with %s and is replaced", worker.pid, worker.returncode)
            pause = SHORTEST_BREAK_S if loop.time() - begun > HEALTHY_AFTER_S else min(pause * 2, LONGEST_BREAK_S)
            await asyncio.sleep(pause)

    async def _hire(self) -> tuple[asyncio.subprocess.Process, bool]:
        """Start a worker and wait until it is ready or gone."""
        ours, theirs = os.pipe()
        worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api.asgi",
            stdin=asyncio.subprocess.PIPE,
            pass_fds=(self._job.listener, theirs),
            start_new_session=True,
        )
        os.close(theirs)
        self._workers.add(worker)
        if worker.stdin:
            worker.stdin.write(replace(self._job, ready=theirs).dump())
        return worker, await _said_ready(ours)


async def _all(awaited: Iterable[Awaitable[None]]) -> None:
    await asyncio.gather(*awaited)


async def _said_ready(pipe: int) -> bool:
    """Whether a byte came through the pipe before its end."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(pipe, readable.set)
    try:
        await readable.wait()
        return os.read(pipe, 1) != b""
    finally:
        loop.remove_reader(pipe)
        os.close(pipe)


def _tell(first: "asyncio.Future[None]", came_up: bool) -> None:
    if came_up:
        first.set_result(None)
    else:
        first.set_exception(
            StartupError("A worker could not start", "Its own message is above. Try `dorfkiste doctor`")
        )


def _send(worker: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        worker.send_signal(number)
