"""Finding things: what the store can say quickly; how it is ranked is decided by ``hub.search``."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal, Protocol

from hub.ids import ItemId
from hub.item import Item
from hub.place import Point
from hub.search import Candidate, Filter, Key
from hub.text import Lexicon


class Search(Protocol):
    """Sees what is lent: active things that are not deleted."""

    async def lexicon(self) -> Lexicon:
        """All words that things are known by, or were."""

    async def known_by(self, words: Collection[str], wanted: Filter, most: int) -> Sequence[Candidate]:
        """Things known by one of these words, in no order; of distances ``wanted`` tells only roughly."""

    async def ordered(
        self, by: Literal["newest", "price"], wanted: Filter, after: Key | None, limit: int
    ) -> Sequence[Candidate]:
        """The next things in that order; ``wanted`` as far as the store can tell, distances only roughly."""

    async def within(self, corners: tuple[Point, Point], wanted: Filter, most: int) -> Sequence[Candidate]:
        """Things whose public point is between the corners, in no order."""

    async def free(self, items: Collection[ItemId], start: datetime, end: datetime, q: int) -> Collection[ItemId]:
        """Those of them that have ``q`` units free during all of [start, end), and the turnaround after it."""

    async def several(self, items: Collection[ItemId]) -> Mapping[ItemId, Item]: ...
