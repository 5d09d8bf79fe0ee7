"""Calendars that come in and go out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hub.availability import Interval
from hub.feed import Subscription
from hub.ids import ItemId, UserId


class Unread(Exception):
    """A calendar could not be read; ``reason`` is one of ``hub.feed.FEED_ERRORS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class LookInto:
    """What is asked of another calendar: its events in [start, end); times without a zone are of ``tz``.

    ``etag`` and ``digest`` are of the last look, or empty to read it anew.
    """

    url: str
    start: datetime
    end: datetime
    tz: str
    etag: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What it says: the stretches it keeps busy, and how many of its events cannot be understood."""

    etag: str
    digest: str
    busy: tuple[Interval, ...]
    unread: int = 0


class Calendars(Protocol):
    async def look(self, asked: LookInto) -> Looked | None:
        """None when it says the same as at the last look. ``Unread``."""


@dataclass(frozen=True, slots=True)
class HeldSubscription:
    """One that is due, held by a lease."""

    subscription: Subscription
    lease: str


class Subscriptions(Protocol):
    """Other calendars of things; their addresses are sealed."""

    async def of(self, item: ItemId) -> Sequence[Subscription]: ...
    async def claim(self, now: datetime) -> HeldSubscription | None:
        """The one that is due longest. Whoever dies with it leaves it to another after a while."""

    async def held(self, held: HeldSubscription) -> bool:
        """Whether it still is ours: neither removed nor given another address meanwhile."""


class Feeds(Protocol):
    """The secret address of each person's own calendar, by the secret's hash."""

    async def put(self, user: UserId, secret: bytes, at: datetime) -> None:
        """In place of an earlier one, which stops working."""

    async def since(self, user: UserId) -> datetime | None: ...
    async def remove(self, user: UserId) -> None: ...
    async def reader(self, secret: bytes) -> UserId | None: ...
