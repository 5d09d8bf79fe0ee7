"""Time as a door: what is due is claimed by lease, judged by the rules and done, on any worker and without a leader."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final

from hub.errors import HubError
from hub.ports import DueTimer, Ports
from hub.usecases import deadlines, reviewing

PERIOD_S: Final = 1.7
"""Odd, and with jitter, so that workers do not march in step."""
LONGEST_BREAK_S: Final = 30.0
AGAIN_AFTER: Final = timedelta(seconds=1)
"""What could not be done just now comes back; anything else that fails waits for the end of its lease."""

log = logging.getLogger("dorfkiste.timers")


_FIRE: Final[Mapping[str, Callable[[Ports, DueTimer], Awaitable[None]]]] = {
    reviewing.REVIEWS_CLOSE: reviewing.close_reviews,
}
"""Timers that are not a rental's own, by kind."""


async def fire_timer(ports: Ports, timer: DueTimer) -> None:
    """Do what is due, where its kind belongs."""
    await _FIRE.get(timer.kind, deadlines.fire_timer)(ports, timer)


async def keep_time(ports: Ports, wake: asyncio.Event) -> None:
    """Fire timers until cancelled; ``wake`` shortens the wait. One that fails stays leased and comes again later."""
    pause = PERIOD_S
    while True:
        try:
            timer = await ports.timers.claim(ports.clock.now())
            if timer is not None:
                await _fire(ports, timer)
            pause = PERIOD_S
        except HubError as error:
            log.warning("timers cannot be read: %s", error.code)
            timer, pause = None, min(pause * 2, LONGEST_BREAK_S)
        if timer is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause * random.uniform(0.8, 1.2)):
                    await wake.wait()
            wake.clear()


async def _fire(ports: Ports, timer: DueTimer) -> None:
    try:
        await fire_timer(ports, timer)
    except HubError as error:
        log.warning("timer %s not fired: %s", timer.kind, error.code)
        if error.retry:  # who lost every race, say; nobody waits for the end of a lease because of that
            with suppress(HubError):
                await ports.timers.postpone(timer, AGAIN_AFTER)
    except Exception:
        log.exception("timer %s failed", timer.kind)
    else:
        await ports.timers.done(timer)
