"""Things to lend: listing them, finding them, seeing when they are free and what they cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.account import Actor, User
from hub.availability import Calendar, adapt
from hub.errors import Invalid, NotFound
from hub.ids import ItemId, PlaceId, UserId, new_id
from hub.item import Item, Rules
from hub.period import Period
from hub.place import Point, public_point
from hub.ports import Place, Ports
from hub.pricing import Quote, quote
from hub.tariff import Tariff
from hub.usecases._people import existing


@dataclass(frozen=True, slots=True)
class NewPlace:
    """Where the thing is: degrees WGS 84. Only the centre of the grid cell is ever shown before a rental is agreed."""

    label: str
    address: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class CreateItem:
    title: str
    description: str
    tariff: Tariff
    place: NewPlace
    tz: str = "Europe/Berlin"
    units: int = 1
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True, slots=True)
class GetItem:
    item: ItemId


@dataclass(frozen=True, slots=True)
class ListItems:
    """Newest first, ``after`` the last one seen; with ``owner`` only that person's."""

    owner: UserId | None = None
    after: ItemId | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class GetCalendar:
    item: ItemId


@dataclass(frozen=True, slots=True)
class QuoteItem:
    item: ItemId
    start: datetime
    end: datetime
    q: int = 1


@dataclass(frozen=True, slots=True)
class Listing:
    item: Item
    owner: User


async def create_item(ports: Ports, actor: Actor, command: CreateItem) -> Listing:
    """List a thing. Its exact place is stored apart and encrypted."""
    owner = await existing(ports, actor.user)
    exact = Point(command.place.lat, command.place.lon)
    place = Place(PlaceId(new_id()), actor.user, command.place.label, command.place.address, exact, public_point(exact))
    item = Item(
        id=ItemId(new_id()),
        owner=actor.user,
        title=command.title,
        description=command.description,
        tz=command.tz,
        tariff=command.tariff,
        rules=command.rules,
        units=command.units,
        place=place.id,
        public=place.public,
        status="active",
        rev=1,
        created_at=ports.clock.now(),
    )
    await ports.items.add(item, place, _empty_calendar(item))
    return Listing(item, owner)


async def get_item(ports: Ports, command: GetItem) -> Listing:
    item = await _listed(ports, command.item)
    return Listing(item, await existing(ports, item.owner))


async def list_items(ports: Ports, command: ListItems) -> Sequence[Listing]:
    items = await ports.items.page(command.owner, command.after, command.limit)
    owners = {item.owner: await existing(ports, item.owner) for item in items}
    return [Listing(item, owners[item.owner]) for item in items]


async def get_calendar(ports: Ports, command: GetCalendar) -> Calendar:
    item = await _listed(ports, command.item)
    return await ports.items.calendar(item.id)


async def quote_item(ports: Ports, command: QuoteItem) -> Quote:
    """The tariff's price of a period, as it would be asked now."""
    item = await _listed(ports, command.item)
    if not 1 <= command.q <= item.units:
        raise Invalid("bad_units", {"max": item.units})
    return quote(item.tariff, Period(command.start, command.end), item.tz, command.q)


async def _listed(ports: Ports, item_id: ItemId) -> Item:
    item = await ports.items.get(item_id)
    if item is None:
        raise NotFound("item_not_found")
    return item


def _empty_calendar(item: Item) -> Calendar:
    blank = Calendar(item.id, rev=1, tz=item.tz, cap=item.units, turnaround_min=item.rules.turnaround_min)
    return adapt(blank, cap=item.units, turnaround_min=item.rules.turnaround_min)
