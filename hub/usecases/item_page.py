"""The page of a thing: everything on it in one answer."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.availability import Calendar
from hub.errors import NotFound
from hub.ids import ItemId
from hub.period import EARLIEST, LATEST, local_to_utc
from hub.place import Place
from hub.ports import Ports
from hub.usecases._items import Listing, shown


@dataclass(frozen=True, slots=True)
class GetItemPage:
    """``in_month`` is ``YYYY-MM``, on the thing's own wall clock."""

    item: ItemId
    in_month: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """``calendar`` holds what touches the month; ``place`` is shown by its hours alone."""

    listing: Listing
    calendar: Calendar
    place: Place | None


async def get_item_page(ports: Ports, command: GetItemPage) -> ItemPage:
    found = await ports.items.page_of(command.item)
    if found is None or not found[0].listed:
        raise NotFound("item_not_found")
    item, calendar = found
    first, end = _month(command.in_month, item.tz)
    full = tuple(stretch for stretch in calendar.full if stretch.s < end and stretch.e > first)
    return ItemPage(await shown(ports, item), replace(calendar, full=full), await ports.places.get(item.place))


def _month(month: str, tz: str) -> tuple[datetime, datetime]:
    """Begin and end of a month there; ``Invalid("bad_period")`` far outside of our time."""
    first = datetime(int(month[:4]) or 1, int(month[5:]), 1)  # noqa: DTZ001 - a wall time; its zone comes next
    after = (first + timedelta(days=31)).replace(day=1) if first.year < LATEST.year else first
    begin, end = local_to_utc(first, tz)[0], local_to_utc(after, tz)[0]
    return max(begin, EARLIEST), min(end, LATEST)
