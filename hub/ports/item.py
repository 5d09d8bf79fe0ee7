"""Things to lend, and where they are."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.availability import Calendar
from hub.ids import ItemId, PlaceId, UserId
from hub.item import Item
from hub.place import Point


@dataclass(frozen=True, slots=True)
class Place:
    """An address. ``exact`` and ``address`` are stored encrypted and shown only as the rental allows."""

    id: PlaceId
    owner: UserId
    label: str
    address: str
    exact: Point
    public: Point


class Items(Protocol):
    async def add(self, item: Item, place: Place, calendar: Calendar) -> None: ...
    async def get(self, item: ItemId) -> Item | None: ...
    async def place(self, place: PlaceId) -> Place | None: ...
    async def page(self, owner: UserId | None, after: ItemId | None, limit: int) -> Sequence[Item]:
        """Active items, newest first; with ``owner`` that person's, whatever their status."""

    async def save(self, item: Item, expected_rev: int) -> None: ...
    def every(self) -> AsyncIterator[ItemId]:
        """All items there are, for upkeep."""

    async def calendar(self, item: ItemId) -> Calendar: ...
