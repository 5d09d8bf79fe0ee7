"""Ending what has been kept long enough: things nobody needs any more, messages, old rentals and old audit entries."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.ids import ItemId
from hub.ports import Ports
from hub.usecases._evidence import still_needed

CHAT: Final = timedelta(days=365)
AUDIT: Final = timedelta(days=3 * 365 + 1)
CLAIM_YEARS: Final = 3
"""Claims lapse three years after the year they arose in (§§ 195, 199 BGB)."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How many of each reached the end of their term."""

    things: int
    messages: int
    rentals: int
    entries: int

    def __bool__(self) -> bool:
        return any((self.things, self.messages, self.rentals, self.entries))


async def end_terms(ports: Ports) -> Ended:
    """One round; it may run on several workers and be interrupted."""
    now, things = ports.clock.now(), 0
    async for item in ports.items.deleted():
        things += await remove_if_unneeded(ports, item)
    messages = await ports.retention.empty_messages(now - CHAT)
    rentals = await ports.retention.remove_rentals(claims_end(now))
    return Ended(things, messages, rentals, await ports.retention.forget_entries(now - AUDIT))


async def remove_if_unneeded(ports: Ports, item: ItemId) -> bool:
    """Delete for good a thing that its owner deleted and that no rental of the last seven months was about.

    Not while the owner's data is restricted: then no term ends.
    """
    found = await ports.items.get(item)
    owner = await ports.users.get(found.owner) if found else None
    if (owner and owner.restricted_at) or await still_needed(ports, item):
        return False
    await ports.items.remove(item)
    return True


def claims_end(now: datetime) -> datetime:
    """Rentals that ended before this may be forgotten."""
    return datetime(now.year - CLAIM_YEARS, 1, 1, tzinfo=UTC)
