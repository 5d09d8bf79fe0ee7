"""What several people ask of one thing at the same time, as its owner has to choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.account import Actor, User
from hub.availability import Calendar, free_units
from hub.ids import ItemId, RentalId
from hub.ports import Ports
from hub.rental import Rental, State
from hub.usecases._items import own_item
from hub.usecases._people import all_named


@dataclass(frozen=True, slots=True)
class ListRequests:
    item: ItemId


@dataclass(frozen=True, slots=True)
class Request:
    """An open offer. ``fits``: it can still be agreed on; ``rivals`` want units in the same time."""

    rental: Rental
    renter: User
    fits: bool
    rivals: tuple[RentalId, ...]


async def list_requests(ports: Ports, actor: Actor, command: ListRequests) -> Sequence[Request]:
    """Offers on one's own thing that nobody has answered for good, by their start."""
    item = await own_item(ports, actor, command.item)
    found = await ports.rentals.of_item_in(item.id, frozenset({State.NEGOTIATING}))
    rentals = sorted(found, key=lambda rental: (rental.live.terms.start, rental.created_at, rental.id))
    calendar = await ports.items.calendar(item.id)
    people = await all_named(ports, {rental.renter for rental in rentals})
    return [
        Request(rental, people[rental.renter], _fits(calendar, rental), _rivals(calendar, rental, rentals))
        for rental in rentals
    ]


def _span(calendar: Calendar, rental: Rental) -> tuple[datetime, datetime]:
    terms = rental.live.terms
    return terms.start, terms.end + calendar.turnaround


def _fits(calendar: Calendar, rental: Rental) -> bool:
    return free_units(calendar, *_span(calendar, rental), exclude=rental.id) >= rental.live.terms.q


def _rivals(calendar: Calendar, rental: Rental, others: Sequence[Rental]) -> tuple[RentalId, ...]:
    start, end = _span(calendar, rental)
    spans = ((other.id, *_span(calendar, other)) for other in others if other.id != rental.id)
    return tuple(id_ for id_, s, e in spans if s < end and e > start)
