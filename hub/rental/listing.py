"""What a rental does to the listing: a thing all of whose units are lost is missing until one is found."""

from dataclasses import replace

from hub.availability import Calendar
from hub.item import Item
from hub.rental.record import Rental
from hub.rental.state import State


def listed_after(item: Item, calendar: Calendar, before: Rental, after: Rental) -> Item:
    """The item as it is to be listed from now on; ``calendar`` as it is after the command.

    What was found is lent again once its owner says so; what was settled stays missing.
    """
    if after.state is State.LOST and before.state is not State.LOST:
        lost = sum(busy.q for busy in calendar.busy if busy.st == State.LOST)
        gone = lost >= item.units and item.status in {"active", "paused"}
        return replace(item, status="missing", rev=item.rev + 1) if gone else item
    found = before.state is State.LOST and after.state is State.RETURNED and item.status == "missing"
    return replace(item, status="paused", rev=item.rev + 1) if found else item
