"""Things to lend: listing them, changing them, seeing when they are free and what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from hub.account import Actor
from hub.availability import Calendar, adapt, agreed_units
from hub.cancellation import CancellationPolicy
from hub.catalogue import CATALOGUE
from hub.category import OTHER, CategoryId, FieldValue
from hub.errors import Conflict, Invalid
from hub.ids import ItemId, MediaId, PlaceId, UserId, new_id
from hub.item import Accessory, Condition, Item, Lang, PrereqKind, Rules, Translation
from hub.period import Period
from hub.place import Place
from hub.ports import Ports
from hub.pricing import Quote, quote
from hub.tariff import Tariff
from hub.usecases._again import again
from hub.usecases._items import (
    Listing,
    blank_calendar,
    check_rev,
    listed,
    listing,
    listings,
    own_item,
    own_listings,
    shown,
)
from hub.usecases._photos import claim_photos
from hub.usecases._places import NewPlace, new_place, own_place

__all__ = ["CreateItem", "Listing", "NewPlace", "UpdateItem", "create_item", "update_item"]


@dataclass(frozen=True, slots=True)
class Content:
    """What its owner says of a thing. It is at a new ``place`` or at the one with ``place_id``."""

    title: str
    description: str
    tariff: Tariff
    place: NewPlace | None = None
    tz: str = "Europe/Berlin"
    units: int = 1
    rules: Rules = field(default_factory=Rules)
    place_id: PlaceId | None = None
    category: CategoryId = OTHER
    fields: Mapping[str, FieldValue] = field(default_factory=dict)
    lang: Lang = "de"
    translation: Translation | None = None
    condition: Condition = "good"
    accessories: tuple[Accessory, ...] = ()
    value: int = 0
    safety: str = ""
    policy: CancellationPolicy = CancellationPolicy.FLEXIBLE
    prereqs: tuple[PrereqKind, ...] = ()
    unit_labels: tuple[str, ...] = ()
    media: tuple[MediaId, ...] = ()


@dataclass(frozen=True, slots=True)
class CreateItem(Content):
    """A ``draft`` is seen by its owner alone until it is published."""

    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateItem(Content):
    """Everything anew; without a place it stays where it is. ``expected_rev`` is the one that was read."""

    item: ItemId
    expected_rev: int


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
class ListOwnItems:
    """Newest first, ``after`` the last one seen."""

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


async def create_item(ports: Ports, actor: Actor, command: CreateItem) -> Listing:
    """List a thing. Its exact place is stored apart and sealed."""
    CATALOGUE.check(command.category, command.fields)
    place = await _place(ports, actor, command)
    if place is None:
        raise Invalid("bad_item", {"field": "place"})
    item = Item(
        id=ItemId(new_id()),
        owner=actor.user,
        place=place.id,
        public=place.public,
        status="draft" if command.draft else "active",
        rev=1,
        created_at=ports.clock.now(),
        **_said(command),
    )
    await claim_photos(ports, actor.user, item.media)
    await ports.items.add(item, blank_calendar(item))
    return await listing(ports, item)


async def update_item(ports: Ports, actor: Actor, command: UpdateItem) -> Listing:
    """Change a listing, and its calendar with it. What is agreed already keeps its own terms."""
    CATALOGUE.check(command.category, command.fields)

    async def attempt() -> Item:
        before = await own_item(ports, actor, command.item)
        check_rev(before, command.expected_rev)
        place = await _place(ports, actor, command)
        said = replace(before, rev=before.rev + 1, **_said(command))
        after = replace(said, place=place.id, public=place.public) if place else said
        await claim_photos(ports, actor.user, after.media)
        await _keep(ports, before, after)
        return after

    return await listing(ports, await again(attempt))


async def get_item(ports: Ports, command: GetItem) -> Listing:
    return await shown(ports, await listed(ports, command.item))


async def list_items(ports: Ports, command: ListItems) -> Sequence[Listing]:
    return await listings(ports, await ports.items.page(command.owner, command.after, command.limit))


async def list_own_items(ports: Ports, actor: Actor, command: ListOwnItems) -> Sequence[Listing]:
    """Drafts and archived things, too."""
    return await own_listings(ports, await ports.items.own(actor.user, command.after, command.limit))


async def get_calendar(ports: Ports, command: GetCalendar) -> Calendar:
    item = await listed(ports, command.item)
    return await ports.items.calendar(item.id)


async def quote_item(ports: Ports, command: QuoteItem) -> Quote:
    """The tariff's price of a period, as it would be asked now."""
    item = await listed(ports, command.item)
    if not 1 <= command.q <= item.units:
        raise Invalid("bad_units", {"max": item.units})
    return quote(item.tariff, Period(command.start, command.end), item.tz, command.q)


def _said(content: Content) -> dict[str, Any]:
    """The fields of a thing that its owner chooses, but for the place."""
    return {
        "title": content.title,
        "description": content.description,
        "tz": content.tz,
        "tariff": content.tariff,
        "rules": content.rules,
        "units": content.units,
        "category": content.category,
        "fields": content.fields,
        "lang": content.lang,
        "translation": content.translation,
        "condition": content.condition,
        "accessories": content.accessories,
        "value": content.value,
        "safety": content.safety,
        "policy": content.policy,
        "prereqs": content.prereqs,
        "unit_labels": content.unit_labels,
        "media": content.media,
    }


async def _place(ports: Ports, actor: Actor, content: Content) -> Place | None:
    if content.place is not None and content.place_id is not None:
        raise Invalid("bad_item", {"field": "place_id"})
    if content.place is not None:
        return await new_place(ports, actor, content.place)
    return await own_place(ports, actor, content.place_id) if content.place_id else None


async def _keep(ports: Ports, before: Item, after: Item) -> None:
    """Both in one transaction: nobody may find the thing with a calendar of other units."""
    calendar = await ports.items.calendar(after.id)
    agreed = agreed_units(calendar, ports.clock.now())
    if after.units < min(agreed, before.units):
        raise Conflict("units_agreed", {"min": agreed})
    fitting = adapt(replace(calendar, tz=after.tz), cap=after.units, turnaround_min=after.rules.turnaround_min)
    async with ports.work() as tx:
        await tx.save_item(after, before.rev)
        if fitting != calendar:
            await tx.save_calendar(fitting, calendar.rev)
