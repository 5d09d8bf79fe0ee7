"""Calendars that go out: of a thing for everybody, and of a person under an address that only they know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crypto.tokens import new_slip, slip_hash
from hub.account import Actor, User
from hub.errors import NotFound
from hub.feed import CANCELLED_FOR, KEPT, Feed, FeedEvent, stretches
from hub.ids import ItemId, UserId
from hub.ports import Ports
from hub.rental import CLOSED, Rental, State
from hub.usecases._items import shown
from hub.usecases._people import all_named

MOST: Final = 500


@dataclass(frozen=True, slots=True)
class GetFeed:
    pass


@dataclass(frozen=True, slots=True)
class RenewFeed:
    """A new address for one's calendar; the old one stops working."""


@dataclass(frozen=True, slots=True)
class RevokeFeed:
    pass


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """``url`` is told once, when it is made."""

    since: datetime | None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFeed:
    secret: str


@dataclass(frozen=True, slots=True)
class ReadItemFeed:
    item: ItemId
    lang: str | None = None


async def get_feed(ports: Ports, actor: Actor, command: GetFeed) -> FeedAddress:  # noqa: ARG001 - has no fields
    return FeedAddress(await ports.feeds.since(actor.user))


async def renew_feed(ports: Ports, actor: Actor, command: RenewFeed) -> FeedAddress:  # noqa: ARG001 - has no fields
    """Its address, shown now and never again: whoever has it reads when one lends and borrows what."""
    secret, now = new_slip(), ports.clock.real()
    await ports.feeds.put(actor.user, slip_hash(secret), now)
    return FeedAddress(now, f"{ports.policy.origin}/feeds/{secret}.ics")


async def revoke_feed(ports: Ports, actor: Actor, command: RevokeFeed) -> FeedAddress:  # noqa: ARG001 - has no fields
    await ports.feeds.remove(actor.user)
    return FeedAddress(None)


async def read_feed(ports: Ports, command: ReadFeed) -> Feed:
    """What the person behind the secret lends and borrows. NotFound("feed_not_found")."""
    user = await ports.feeds.reader(slip_hash(command.secret))
    person = await ports.users.get(user) if user else None
    if person is None or person.suspended:
        raise NotFound("feed_not_found")
    now = ports.clock.now()
    rentals = await ports.rentals.dated(person.id, now - KEPT, MOST)
    told = [rental for rental in rentals if not _over_for_long(rental, now)]
    people = await all_named(ports, {_other(rental, person.id) for rental in told})
    events = tuple(_event(rental, person, people[_other(rental, person.id)]) for rental in told)
    tz = told[0].tz if told else "UTC"
    return Feed(ports.policy.village, person.locale, tz, events)


async def read_item_feed(ports: Ports, command: ReadItemFeed) -> Feed:
    """When a thing cannot be had. NotFound("item_not_found")."""
    found = await ports.items.page_of(command.item)
    if found is None or not found[0].listed:
        raise NotFound("item_not_found")
    item, calendar = found
    await shown(ports, item)
    return Feed(item.title, command.lang or item.lang, item.tz, stretches(item, calendar, ports.clock.now()))


def _over_for_long(rental: Rental, now: datetime) -> bool:
    return _called_off(rental) and rental.updated_at < now - CANCELLED_FOR


def _called_off(rental: Rental) -> bool:
    return rental.state in CLOSED and rental.state is not State.COMPLETED


def _other(rental: Rental, user: UserId) -> UserId:
    return rental.renter if rental.owner == user else rental.owner


def _event(rental: Rental, reader: User, other: User) -> FeedEvent:
    terms = rental.live.terms
    return FeedEvent(
        rental.id,
        rental.rev,
        terms.start,
        terms.end,
        rental.updated_at,
        "lent" if rental.owner == reader.id else "borrowed",
        rental.snapshot.title,
        other.display_name,
        _called_off(rental),
    )
