"""Housekeeping as a door: what nobody asks for is done now and then, on any worker; twice does no harm."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from hub.errors import HubError
from hub.ports import Ports
from hub.usecases.files import sweep_files
from hub.usecases.photos import sweep_photos

PERIOD_S: Final = 3600.0

SWEEPS: Final = ((sweep_photos, "photos"), (sweep_files, "files"))

log = logging.getLogger("dorfkiste.upkeep")


async def keep_house(ports: Ports, period_s: float = PERIOD_S) -> None:
    """Sweep until cancelled, with jitter, so that workers do not march in step."""
    while True:
        await asyncio.sleep(period_s * random.uniform(0.5, 1.5))
        await sweep_once(ports)


async def sweep_once(ports: Ports) -> None:
    """One round; what goes wrong is logged and comes again with the next."""
    for sweep, what in SWEEPS:
        await _sweep(ports, sweep, what)


async def _sweep(ports: Ports, sweep: Callable[[Ports], Awaitable[int]], what: str) -> None:
    try:
        removed = await sweep(ports)
    except HubError as error:
        log.warning("%s not swept: %s", what, error.code)
    except Exception:
        log.exception("sweeping %s failed", what)
    else:
        if removed:
            log.info("%d %s removed that nothing needs", removed, what)
