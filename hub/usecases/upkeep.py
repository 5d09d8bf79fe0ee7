"""What the operator has looked after: that what is stored says the same in both places where it is said."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from hub.availability import Calendar, full_intervals
from hub.ids import ItemId
from hub.ports import Ports
from hub.rental import occupied


@dataclass(frozen=True, slots=True)
class CalendarDifference:
    """A thing whose calendar does not follow from its rentals: ``kept`` is stored, ``due`` is what they come to."""

    item: ItemId
    kept: Calendar
    due: Calendar

    def __str__(self) -> str:
        kept, due = ({busy.rental for busy in calendar.busy} for calendar in (self.kept, self.due))
        return f"{self.item}: {len(kept - due)} too many, {len(due - kept)} missing, rev {self.kept.rev}"


async def compare_calendars(ports: Ports) -> AsyncIterator[CalendarDifference]:
    """Compare each calendar with its rentals. A hub at work may go on: what moved meanwhile is looked at again."""
    async for item in ports.items.every():
        found = await _difference(ports, item)
        if found is not None:
            yield found


async def _difference(ports: Ports, item: ItemId) -> CalendarDifference | None:
    while True:
        kept = await ports.items.calendar(item)
        due = await _due(ports, item, kept)
        if (set(kept.busy), kept.full) == (set(due.busy), due.full):
            return None
        if (await ports.items.calendar(item)).rev == kept.rev:
            return CalendarDifference(item, kept, due)


async def _due(ports: Ports, item: ItemId, kept: Calendar) -> Calendar:
    due = replace(kept, busy=())
    for rental in await ports.rentals.of_item(item):
        due = occupied(due, rental)
    return replace(due, full=full_intervals(due))
