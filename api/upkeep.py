"""Housekeeping as a door: what nobody asks for is done now and then, on any worker; twice does no harm."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from hub.errors import HubError
from hub.ports import Ports
from hub.usecases.erasing import resume_erasures
from hub.usecases.exporting import make_exports, sweep_exports
from hub.usecases.files import sweep_files
from hub.usecases.photos import sweep_photos
from hub.usecases.retention import end_terms

PERIOD_S: Final = 3600.0
EXPORTS_S: Final = 3.0

Chore = Callable[[], Awaitable[Any]]
"""Answers what it did; what is false was nothing."""

log = logging.getLogger("dorfkiste.upkeep")


async def keep_house(ports: Ports, also: Mapping[str, Chore], period_s: float = PERIOD_S) -> None:
    """Do every chore until cancelled, with jitter, so that workers do not march in step."""
    while True:
        await asyncio.sleep(period_s * random.uniform(0.5, 1.5))
        await do_chores(ports, also)


async def keep_exports(ports: Ports, period_s: float = EXPORTS_S) -> None:
    """Make the copies that people ask for until cancelled."""
    while True:
        await asyncio.sleep(period_s * random.uniform(0.5, 1.5))
        await _do("copies made", lambda: make_exports(ports))


async def do_chores(ports: Ports, also: Mapping[str, Chore]) -> None:
    """One round; what goes wrong is logged and comes again with the next."""
    chores: dict[str, Chore] = {
        "photos removed that nothing shows": lambda: sweep_photos(ports),
        "files removed that no message needs": lambda: sweep_files(ports),
        "copies expired": lambda: sweep_exports(ports),
        "erasures finished": lambda: resume_erasures(ports),
        "terms ended": lambda: end_terms(ports),
        **also,
    }
    for name, chore in chores.items():
        await _do(name, chore)


async def _do(name: str, chore: Chore) -> None:
    try:
        done = await chore()
    except HubError as error:
        log.warning("%s: not now, %s", name, error.code)
    except Exception:
        log.exception("%s: failed", name)
    else:
        if done:
            log.info("%s: %s", name, done)
