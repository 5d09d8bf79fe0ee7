"""A hub for the demo alone: `dorfkiste serve` in a process of its own, found by its ready line, stopped at the end."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from client.errors import NeighbourError

READY_WITHIN_S = 60
STOP_WITHIN_S = 25
OUTSIDE = (
    "MONGODB_URI",
    "REDIS_URL",
    "BASE_URL",
    "HOST",
    "PORT",
    "DATA_DIR",
    "SECRETS_DIR",
    "ENVIRONMENT",
    "DEMO",
    "CLOCK_OFFSET",
)
"""Settings of a real hub on this machine, which the demo must not touch."""


class HubFailed(NeighbourError):
    """The hub did not come up; ``output`` is the last it said."""

    def __init__(self, output: str) -> None:
        super().__init__("hub")
        self.output = output


class DemoHub:
    """`dorfkiste serve` with a data folder of its own; ``url`` stays the same through restarts."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.url = data_dir, ""
        self._process: Process | None = None
        self._listening: asyncio.Task[None] | None = None

    async def start(self, *, offset_s: int = 0, movable: bool = False) -> None:
        """``movable`` hubs may be started again with another business clock, which real ones refuse."""
        environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        moved = {"ENVIRONMENT": "test", "CLOCK_OFFSET": str(offset_s)} if movable else {}
        port = self.url.rpartition(":")[2] or "0"
        command = ("-m", "api.cli", "serve", "--port", port, "--data-dir", str(self.data_dir))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stdout=PIPE,
            stderr=STDOUT,
            env={**environment, **moved, "NO_COLOR": "1"},
            start_new_session=True,
        )
        said: deque[str] = deque(maxlen=40)
        self.url = await _ready(self._process, said)
        self._listening = asyncio.create_task(_drain(self._process, said))

    async def stop(self) -> None:
        if self._process is not None:
            await _stop(self._process)
        if self._listening is not None:
            await self._listening

    async def restart(self, *, offset_s: int) -> None:
        """So many seconds away from the wall's clock."""
        await self.stop()
        await self.start(offset_s=offset_s, movable=True)


@asynccontextmanager
async def embedded_hub(data_dir: Path, *, movable: bool = False) -> AsyncIterator[DemoHub]:
    """A hub that lives as long as the block."""
    hub = DemoHub(data_dir)
    try:
        await hub.start(movable=movable)
        yield hub
    finally:
        await hub.stop()


async def _ready(process: Process, said: deque[str]) -> str:
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            while line := await _line(process):
                said.append(line)
                with suppress(ValueError, KeyError, TypeError):
                    event = json.loads(line)
                    if event["event"] == "ready":
                        return str(event["url"])
    except TimeoutError:
        said.append(f"not ready within {READY_WITHIN_S} s")
    raise HubFailed("\n".join(said))


async def _line(process: Process) -> str:
    """One line of output, empty at the end; a line too long to be ours is cut off."""
    if process.stdout is None:
        return ""
    try:
        return (await process.stdout.readline()).decode(errors="replace").rstrip("\n") or " " * (
            not process.stdout.at_eof()
        )
    except ValueError:
        return "…"


async def _drain(process: Process, said: deque[str]) -> None:
    while line := await _line(process):
        said.append(line)


async def _stop(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
