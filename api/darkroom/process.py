"""The hub's darkroom: starts a limited process for each upload, waits not too long, and lets only a few in at once."""

import asyncio
import json
import sys
import tempfile
from typing import BinaryIO, Final, cast

from api.confined import run_confined
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


class ProcessDarkroom:
    """``hub.ports.Darkroom`` with ``at_once`` processes."""

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
            if not await run_confined((*PROGRAM, self._job()), upload, cast("BinaryIO", answer), self._deadline_s):
                raise refusal("it crashed or used up its limits")
            return read_answer(cast("BinaryIO", answer))

    def _job(self) -> str:
        """The alarm goes off a little later than the hub's own deadline."""
        job = {"sizes": SIZES, "max_pixels": MAX_PIXELS, "limits": LIMITS, "deadline_s": self._deadline_s + 5}
        return json.dumps(job)
