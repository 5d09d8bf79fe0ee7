"""One server process that lives as long as the hub: restarted after a crash, ended with the hub, never an orphan."""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from storage.embedded.binary import start_failure
from storage.embedded.folder import path_trouble
from storage.servers import StartupError

log = logging.getLogger(__name__)

START_PATIENCE_S = 120.0
"""A large folder after a power cut needs its journal replayed before the server answers."""
STOP_PATIENCE_S = 10.0
SHORTEST_BREAK_S, LONGEST_BREAK_S = 0.05, 10.0
HEALTHY_AFTER_S = 30.0
PR_SET_PDEATHSIG = 1


class ServerProcess:
    """Runs ``argv`` and keeps it running. Its output goes to ``output``, begun anew at each start of the hub.

    Start it from the main thread: on Linux the kernel's parent-death signal is tied to the thread that forked.
    """

    def __init__(
        self, name: str, argv: Sequence[str], output: Path, lock: int, *, watchdog: bool | None = None
    ) -> None:
        self.name = name
        self._argv = argv
        self._output = output
        self._lock = lock
        self._watchdog = sys.platform != "linux" if watchdog is None else watchdog
        self._process: asyncio.subprocess.Process | None = None
        self._guard: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None

    async def start(self, ready: Callable[[], Awaitable[None]]) -> float:
        """Start, wait until ``ready`` returns, then supervise; gives the seconds it took.

        ``StartupError`` when the process ends first or is not ready in time.
        """
        begun = asyncio.get_running_loop().time()
        self._output.write_bytes(b"")
        with path_trouble(
            f"{self.name} cannot run", "Reinstall `dorfkiste[embedded]`, or set MONGODB_URI and REDIS_URL."
        ):
            process = await self._spawn()
        await self._until_ready(process, ready)
        self._supervisor = asyncio.create_task(self._supervise(process), name=f"supervise {self.name}")
        return asyncio.get_running_loop().time() - begun

    async def stop(self) -> None:
        """End the process: SIGTERM, ten seconds to finish, then SIGKILL."""
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
        if self._process:
            await _end(self._process)
        if self._guard:
            await _end(self._guard, signal.SIGKILL)

    async def _until_ready(self, process: asyncio.subprocess.Process, ready: Callable[[], Awaitable[None]]) -> None:
        answered = asyncio.ensure_future(ready())
        ended = asyncio.ensure_future(process.wait())
        try:
            await asyncio.wait({answered, ended}, timeout=START_PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
            if answered.done():
                answered.result()
            else:
                raise self._failure(process.returncode)
        finally:
            answered.cancel()
            ended.cancel()
            await asyncio.gather(answered, ended, return_exceptions=True)

    async def _supervise(self, process: asyncio.subprocess.Process) -> None:
        pause = SHORTEST_BREAK_S
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            code = await process.wait()
            pause = SHORTEST_BREAK_S if loop.time() - begun > HEALTHY_AFTER_S else min(pause * 2, LONGEST_BREAK_S)
            log.warning("%s ended with %s, starting it again in %.1f s", self.name, code, pause)
            await asyncio.sleep(pause)
            try:
                process = await self._spawn()
            except OSError:
                log.exception("%s cannot start", self.name)

    async def _spawn(self) -> asyncio.subprocess.Process:
        """The server in a session of its own, so that Ctrl+C reaches the hub alone, which then ends it in order."""
        with self._output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self._argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(self._lock,),
                preexec_fn=None if self._watchdog else _die_with_parent(),
            )
        if self._watchdog:
            await self._guard_against_orphans(self._process)
        return self._process

    async def _guard_against_orphans(self, process: asyncio.subprocess.Process) -> None:
        """Where the kernel has no parent-death signal: a shell that reads a pipe only the hub holds open.

        The pipe ends when the hub ends, however it ends; then the shell ends the server.
        """
        if self._guard:
            await _end(self._guard, signal.SIGKILL)
        self._guard = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            'read -r _; kill -TERM "$0"',
            str(process.pid),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    def _failure(self, code: int | None) -> StartupError:
        if code is None:
            return StartupError(f"{self.name} does not answer within {START_PATIENCE_S:.0f} s", f"Read {self._output}.")
        return start_failure(self.name, code, self._output.read_text(errors="replace"), f"Read {self._output}.")


async def _end(process: asyncio.subprocess.Process, how: signal.Signals = signal.SIGTERM) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(how)
    try:
        async with asyncio.timeout(STOP_PATIENCE_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _die_with_parent() -> Callable[[], None]:
    """What a child runs before exec: ask Linux for SIGTERM at the parent's death, and notice one already dead."""
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork, where importing could meet a held lock
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return ask
