"""Things to lend, and where they are."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from hub.availability import Calendar
from hub.ids import BlockId, ItemId, PlaceId, UserId
from hub.item import Item
from hub.place import Place


class Items(Protocol):
    async def add(self, item: Item, calendar: Calendar) -> None: ...
    async def get(self, item: ItemId) -> Item | None:
        """Whatever its status, deleted ones included: rentals need them."""

    async def page_of(self, item: ItemId) -> tuple[Item, Calendar] | None:
        """A thing with its calendar, read together."""

    async def page(self, owner: UserId | None, after: ItemId | None, limit: int) -> Sequence[Item]:
        """Newest first: active things; with ``owner`` also the paused ones of that person."""

    async def own(self, owner: UserId, after: ItemId | None, limit: int) -> Sequence[Item]:
        """Everything that person has and has not deleted, newest first."""

    async def save(self, item: Item, expected_rev: int) -> None: ...
    def every(self) -> AsyncIterator[ItemId]:
        """All items there are, for upkeep."""

    def of_owner(self, owner: UserId) -> AsyncIterator[ItemId]:
        """All that somebody has, deleted ones included."""

    def deleted(self) -> AsyncIterator[ItemId]:
        """All that were deleted and not removed for good."""

    async def remove(self, item: ItemId) -> None:
        """For good, with its calendar."""

    async def calendar(self, item: ItemId) -> Calendar: ...
    async def with_block(self, block: BlockId) -> Sequence[ItemId]:
        """Things whose calendars hold a block of that id, whoever put it there."""


class Places(Protocol):
    async def add(self, place: Place) -> None: ...
    async def get(self, place: PlaceId) -> Place | None: ...
    async def of(self, owner: UserId) -> Sequence[Place]:
        """The oldest first."""

    async def save(self, place: Place, expected_rev: int) -> None:
        """With the public point of every thing that is there. StaleWrite."""

    async def delete(self, place: PlaceId) -> None: ...
    async def in_use(self, place: PlaceId) -> bool:
        """Whether a thing is there that is not deleted, or one that was deleted and is still being lent."""
