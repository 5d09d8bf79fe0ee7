"""Looking into other calendars: what is due is claimed by lease, on any worker; one that hangs holds nobody up."""

import asyncio
import logging
import random
from typing import Final

from hub.errors import HubError
from hub.ports import HeldSubscription, Ports, StaleWrite
from hub.usecases.subscribing import look_into
from storage.ending import together

PERIOD_S: Final = 3.1
LONGEST_BREAK_S: Final = 30.0
AT_ONCE: Final = 4

log = logging.getLogger("dorfkiste.calendars")


async def follow_calendars(ports: Ports) -> None:
    """Look until cancelled."""
    await together(_follow(ports) for _ in range(AT_ONCE))


async def _follow(ports: Ports) -> None:
    pause = PERIOD_S
    while True:
        held = None
        try:
            held = await ports.subscriptions.claim(ports.clock.real())
            pause = PERIOD_S
        except HubError as error:
            log.warning("calendars cannot be looked into: %s", error.code)
            pause = min(pause * 2, LONGEST_BREAK_S)
        if held is None:
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))
        else:
            await look_once(ports, held)


async def look_once(ports: Ports, held: HeldSubscription) -> None:
    """One look. What goes wrong here, and not with the other calendar, comes again when the lease ends."""
    try:
        await look_into(ports, held)
    except (HubError, StaleWrite) as error:
        log.warning("calendar %s not looked into: %s", held.subscription.id, getattr(error, "code", "raced"))
    except Exception:
        log.exception("looking into calendar %s failed", held.subscription.id)
