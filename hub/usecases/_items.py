"""What the acts about things share: finding one, and seeing that it is one's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.account import Actor, User
from hub.authority import LIST_ITEM, authorize
from hub.availability import Calendar, adapt
from hub.errors import Conflict, NotFound
from hub.ids import ItemId, MediaId
from hub.item import Item
from hub.photo import Photo
from hub.ports import Ports


@dataclass(frozen=True, slots=True)
class Listing:
    """A thing with what its card shows: whose it is, and its photos in their order."""

    item: Item
    owner: User
    photos: tuple[Photo, ...] = ()


async def listed(ports: Ports, item_id: ItemId) -> Item:
    """What anybody may look at. NotFound("item_not_found") for drafts and what was deleted."""
    item = await ports.items.get(item_id)
    if item is None or not item.listed:
        raise NotFound("item_not_found")
    return item


async def own_item(ports: Ports, actor: Actor, item_id: ItemId) -> Item:
    """One's own thing. Forbidden("not_your_item"); NotFound("item_not_found") where others must not know of it."""
    return authorize(actor, LIST_ITEM, await ports.items.get(item_id))


def check_rev(item: Item, expected_rev: int | None) -> None:
    """Conflict("item_changed") unless the thing stands where the caller saw it."""
    if expected_rev not in (None, item.rev):
        raise Conflict("item_changed", {"rev": item.rev})


async def shown(ports: Ports, item: Item) -> Listing:
    """A thing for anybody to look at; NotFound("item_not_found") where its owner keeps to themselves."""
    found = await listings(ports, [item])
    if not found:
        raise NotFound("item_not_found")
    return found[0]


async def listings(ports: Ports, items: Sequence[Item]) -> list[Listing]:
    """Things for anybody to look at: less those of owners who keep to themselves or are gone."""
    return [each for each in await own_listings(ports, items) if each.owner.restricted_at is None]


async def listing(ports: Ports, item: Item) -> Listing:
    """One of one's own."""
    (only,) = await own_listings(ports, [item])
    return only


async def own_listings(ports: Ports, items: Sequence[Item]) -> list[Listing]:
    """One's own things; all owners are asked for at once, and all photos."""
    owners = await ports.users.several({item.owner for item in items}) if items else {}
    photos = await ports.media.several({media for item in items for media in item.media})
    return [Listing(item, owners[item.owner], _shown(item, photos)) for item in items if item.owner in owners]


def _shown(item: Item, photos: Mapping[MediaId, Photo]) -> tuple[Photo, ...]:
    return tuple(photos[media] for media in item.media if media in photos)


def blank_calendar(item: Item) -> Calendar:
    """The calendar of a thing that nobody has asked for yet."""
    blank = Calendar(item.id, rev=1, tz=item.tz, cap=item.units, turnaround_min=item.rules.turnaround_min)
    return adapt(blank, cap=item.units, turnaround_min=item.rules.turnaround_min)
