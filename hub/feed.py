"""Calendars that come in and go out: what is known of another calendar, and what ours tells others."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from hub.availability import Block, Calendar, Interval, clashes, prune, put_feed
from hub.errors import Invalid
from hub.ids import ItemId, RentalId, SubscriptionId, UserId, derived_id
from hub.item import Item
from hub.period import EARLIEST, LATEST

MAX_URL: Final = 2048
MAX_EVENTS: Final = 500
MAX_SUBSCRIPTIONS: Final = 5
"""Of one thing."""
PERIOD: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(minutes=60)
"""How often another calendar is looked into, and how often at least where it does not answer."""
TELL_AFTER: Final = 4
"""Failures in a row until the owner is told: before that it may be a night's maintenance."""

FEED_ERRORS: Final = frozenset({
    "bad_url", "unknown_host", "not_public", "no_answer", "too_slow", "too_large", "compressed", "refused",
    "redirected", "not_calendar", "too_many_events",
})  # fmt: skip
"""Why a calendar could not be read, as its owner is told."""


CANCELLED_FOR: Final = timedelta(days=30)
"""How long a calendar that goes out says that something does not take place."""
KEPT: Final = timedelta(days=90)
"""How long it tells what is over."""

Told = Literal["busy", "lent", "borrowed"]


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event of a calendar that goes out; ``title`` and ``other`` only where its reader is a party.

    ``uid`` stays and ``sequence`` grows for as long as there is such an event (RFC 5545, 3.8.7.4). Never a place.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    touched_at: datetime
    kind: Told = "busy"
    title: str = ""
    other: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar that goes out; its events' days are those of ``tz``."""

    name: str
    lang: str
    tz: str
    events: tuple[FeedEvent, ...]


def stretches(item: Item, calendar: Calendar, now: datetime) -> tuple[FeedEvent, ...]:
    """When no unit is free, as everybody may know it: not who has it, nor how many rentals that is."""
    events = []
    for full in calendar.full:
        start = full.s if full.s == EARLIEST else full.s + calendar.turnaround
        if start < full.e and full.e > now - KEPT:
            uid = derived_id("stretch", item.id, start.isoformat())
            events.append(FeedEvent(uid, calendar.rev, start, full.e, item.created_at))
    return tuple(events)


def feed_host(origin: str) -> str:
    """What follows the ``@`` in the UIDs of a hub's events."""
    return urlsplit(origin).hostname or "localhost"


def feed_url(text: str) -> str:
    """The https address of a calendar; ``webcal`` is how calendars write it. ``Invalid("bad_feed_url")``."""
    url = text.strip()
    if url.lower().startswith("webcal://"):
        url = "https://" + url[len("webcal://") :]
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Invalid("bad_feed_url") from None
    sound = parts.scheme in {"https", "http"} and parts.hostname and not parts.username and port != 0
    if not sound or len(url) > MAX_URL or any(char.isspace() or not char.isprintable() for char in url):
        raise Invalid("bad_feed_url")
    return url


@dataclass(frozen=True, slots=True)
class Seen:
    """How the last looks into another calendar went. ``day`` is the one whose horizon was read, ``YYYY-MM-DD``.

    ``error`` is one of ``FEED_ERRORS``, ``unread`` events could not be understood, and ``clashes`` are rentals that
    collide with what it keeps back.
    """

    etag: str = ""
    digest: str = ""
    day: str = ""
    checked_at: datetime | None = None
    read_at: datetime | None = None
    events: int = 0
    unread: int = 0
    error: str | None = None
    failures: int = 0
    clashes: tuple[RentalId, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """Another calendar whose events keep units of a thing back; ``q`` None: all of them. ``url`` is a secret."""

    id: SubscriptionId
    item: ItemId
    owner: UserId
    url: str
    q: int | None = None
    seen: Seen = field(default_factory=Seen)

    @property
    def host(self) -> str:
        """What may be shown of the address: the rest of it opens the calendar."""
        return urlsplit(self.url).hostname or ""


def imported(subscription: Subscription, calendar: Calendar, events: Iterable[Interval], now: datetime) -> Calendar:
    """The calendar with exactly these events of the subscription in it."""
    kept = _united(events) if subscription.q is None else sorted(events, key=lambda each: (each.s, each.e))
    blocks = [_block(subscription, number, each) for number, each in enumerate(kept)]
    return put_feed(prune(calendar, now), subscription.id, blocks)


def collisions(subscription: Subscription, calendar: Calendar, now: datetime) -> tuple[RentalId, ...]:
    """Rentals that this subscription leaves without their units, in order."""
    return tuple(sorted(set(clashes(calendar, subscription.id, now))))


def _block(subscription: Subscription, number: int, each: Interval) -> Block:
    id_ = derived_id("imported", subscription.id, str(number), each.s.isoformat(), each.e.isoformat())
    return Block(id_, max(each.s, EARLIEST), min(each.e, LATEST), "ical", "", subscription.q, subscription.id)


def _united(events: Iterable[Interval]) -> list[Interval]:
    """The same time, each moment once."""
    merged: list[Interval] = []
    for each in sorted(events, key=lambda one: (one.s, one.e)):
        if merged and each.s <= merged[-1].e:
            merged[-1] = Interval(merged[-1].s, max(merged[-1].e, each.e))
        else:
            merged.append(each)
    return merged
