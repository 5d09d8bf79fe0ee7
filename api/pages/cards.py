"""Things as cards and kinds as links: what lists of them need, in the reader's language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pages.speech import Speech
from hub.catalogue import CATALOGUE
from hub.category import Category, CategoryId
from hub.item import Item
from hub.photo import Photo
from hub.place import Point
from hub.usecases._items import Listing

UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
MAX_SLUG: Final = 60


@dataclass(frozen=True, slots=True)
class Card:
    """``cell`` names the grid cell that the thing is in, for the map; ``price`` is amount and unit."""

    id: str
    url: str
    title: str
    lang: str
    owner: str
    price: tuple[str, str]
    distance: str
    icon: str
    cell: str
    point: Point
    cover: Photo | None
    paused: bool


@dataclass(frozen=True, slots=True)
class Kind:
    id: str
    url: str
    name: str
    icon: str


def card(speech: Speech, listing: Listing, distance_m: int | None = None) -> Card:
    item = listing.item
    told = speech.of(item)
    return Card(
        id=item.id,
        url=item_url(item),
        title=told.title,
        lang=told.lang,
        owner=listing.owner.display_name,
        price=speech.price(item.tariff),
        distance="" if distance_m is None else speech.distance(distance_m),
        icon=CATALOGUE.categories[item.category].icon if item.category in CATALOGUE.categories else "box",
        cell=cell_of(item.public),
        point=item.public,
        cover=listing.photos[0] if listing.photos else None,
        paused=item.status != "active",
    )


def cell_of(point: Point) -> str:
    """A name for a grid cell that can stand in HTML."""
    return f"{point.lat}_{point.lon}"


def item_url(item: Item) -> str:
    """The one address of a thing: its id, and its title for whoever reads addresses."""
    slug = re.sub(r"[^a-z0-9]+", "-", item.title.casefold().translate(UMLAUTS)).strip("-")[:MAX_SLUG].strip("-")
    return f"/i/{item.id}-{slug}" if slug else f"/i/{item.id}"


def top_kinds(language: str) -> list[Kind]:
    """The roots of the catalogue that things may be of."""
    return [
        _kind(each, language)
        for each in CATALOGUE.categories.values()
        if len(each.path) == 1 and "prohibited" not in each.flags
    ]


def kinds_below(category: CategoryId, language: str) -> list[Kind]:
    """The kinds right below one, or beside it where there are none below."""
    path = CATALOGUE.categories[category].path[:1]
    return [_kind(each, language) for each in CATALOGUE.categories.values() if each.path[:-1] == path]


def name_of(category: CategoryId, language: str) -> str:
    found = CATALOGUE.categories.get(category)
    return str(getattr(found.names, language)) if found else category


def path_of(item: Item, language: str) -> Sequence[Kind]:
    """From the root to the thing's kind."""
    found = CATALOGUE.categories.get(item.category)
    return [_kind(CATALOGUE.categories[id_], language) for id_ in found.path] if found else []


def _kind(found: Category, language: str) -> Kind:
    return Kind(found.id, f"/s?cat={found.id}", str(getattr(found.names, language)), found.icon)
