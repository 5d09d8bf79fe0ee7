"""Runs code that reads strangers' files in a process that can do nothing else, and not for long."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import api
from hub.errors import Unavailable

HOUSE: Final = Path(api.__file__).parents[1]


async def run_confined(program: Sequence[str], given: BinaryIO, answer: BinaryIO, deadline_s: float) -> bool:
    """Whether it came to its end by itself; it never outlives this call. ``Unavailable("timeout")``.

    It gets ``given`` as its input and ``answer`` as its output, no environment, no socket and no other open file; its
    own limits it sets itself (``api.darkroom.child.confine``) before it reads anything.
    """
    process = await asyncio.create_subprocess_exec(
        *program,
        stdin=given,
        stdout=answer,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=HOUSE,
        env={},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(deadline_s):
            return await process.wait() == 0
    except TimeoutError:
        raise Unavailable("timeout") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await asyncio.shield(process.wait())
