"""How long a thing and its photos may still be argued about after it was lent."""

from datetime import datetime, timedelta
from typing import Final

from hub.ids import ItemId
from hub.ports import Ports
from hub.rental import CLOSED, Rental, State

EVIDENCE: Final = timedelta(days=213)
"""Seven months: damage claims lapse six months after the return (§ 548 BGB)."""
NEVER_AGREED: Final = frozenset({State.DECLINED, State.WITHDRAWN, State.EXPIRED})


async def still_needed(ports: Ports, item: ItemId) -> bool:
    """Whether a rental of it goes on, has an open case, or ended within the last seven months."""
    return any(arguable(rental, ports.clock.now()) for rental in await ports.rentals.of_item(item))


def arguable(rental: Rental, now: datetime) -> bool:
    """Whether a rental goes on, has an open case, or ended within the last seven months."""
    if rental.state in NEVER_AGREED:
        return False
    unresolved = any(case.unresolved for case in rental.cases)
    return rental.state not in CLOSED or unresolved or rental.updated_at > now - EVIDENCE
