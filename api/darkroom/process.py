"""The hub's darkroom: starts a limited process for each upload, waits not too long, and lets only a few in at once."""

import asyncio
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, cast

import api
from api.darkroom.answer import read_answer, refusal
from hub.errors import Unavailable
from hub.photo import MAX_PIXELS, SIZES
from hub.ports import Developed

DEADLINE_S: Final = 20.0
WAITING: Final = 16
"""Uploads that may wait for their turn; at half a second each, nobody waits for very long."""
MEMORY: Final = 1_000_000_000
"""Bytes of address space: 40 megapixels of a WebP with transparency, which its decoder holds four times."""
LIMITS: Final = {
    "RLIMIT_AS": MEMORY,
    "RLIMIT_CPU": 15,
    "RLIMIT_FSIZE": 16_000_000,
    "RLIMIT_NPROC": 0,
    "RLIMIT_NOFILE": 16,
    "RLIMIT_CORE": 0,
}
PROGRAM: Final = (sys.executable, "-s", "-B", "-m", "api.darkroom.child")
HOUSE: Final = Path(api.__file__).parents[1]


class ProcessDarkroom:
    """``hub.ports.Darkroom`` with ``at_once`` processes. They get no environment, no socket and no open file."""

    def __init__(self, at_once: int, waiting: int = WAITING, deadline_s: float = DEADLINE_S) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._deadline_s = deadline_s
        self._inside = 0

    async def develop(self, upload: BinaryIO) -> Developed:
        if self._inside >= self._most:
            raise Unavailable("busy", after_ms=5000)
        self._inside += 1
        try:
            async with self._places:
                return await self._develop(upload)
        finally:
            self._inside -= 1

    async def _develop(self, upload: BinaryIO) -> Developed:
        with tempfile.TemporaryFile() as answer:
            process = await asyncio.create_subprocess_exec(
                *PROGRAM,
                self._job(),
                stdin=upload,
                stdout=answer,
                stderr=asyncio.subprocess.DEVNULL,
                cwd=HOUSE,
                env={},
                start_new_session=True,
            )
            if not await self._ended(process):
                raise refusal("it crashed or used up its limits")
            return read_answer(cast("BinaryIO", answer))

    def _job(self) -> str:
        """The alarm goes off a little later than the hub's own deadline."""
        job = {"sizes": SIZES, "max_pixels": MAX_PIXELS, "limits": LIMITS, "deadline_s": self._deadline_s + 5}
        return json.dumps(job)

    async def _ended(self, process: asyncio.subprocess.Process) -> bool:
        """Whether it came to its end by itself; it never outlives this call."""
        try:
            async with asyncio.timeout(self._deadline_s):
                return await process.wait() == 0
        except TimeoutError:
            raise Unavailable("timeout") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await asyncio.shield(process.wait())
