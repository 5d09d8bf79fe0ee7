"""Calendars that come in: an owner's other calendar keeps a thing back, looked into again and again."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from hub.account import Actor
from hub.availability import Calendar, put_feed
from hub.errors import Conflict, Invalid
from hub.feed import (
    LONGEST,
    MAX_SUBSCRIPTIONS,
    PERIOD,
    TELL_AFTER,
    Seen,
    Subscription,
    collisions,
    feed_url,
    imported,
)
from hub.ids import ItemId, RentalId, SubscriptionId
from hub.item import Item
from hub.notice import Notification, clash_notice, failing_notice
from hub.period import DAY, LATEST, on_the_wall
from hub.ports import HeldSubscription, Looked, LookInto, Ports, StaleWrite, Unread
from hub.rental import Rental
from hub.usecases._again import again
from hub.usecases._items import own_item
from hub.usecases._move import RIVALS
from hub.usecases.telling import tell_notices

SPREAD: Final = 0.25
"""Looks are spread by a quarter either way, so that they do not come all at once."""


@dataclass(frozen=True, slots=True)
class SubscribeItem:
    """``subscription`` is chosen by the client: sent again, it changes that. Each event keeps ``q`` units (None: all).

    ``url`` is a secret of the other calendar and is never shown again.
    """

    item: ItemId
    subscription: SubscriptionId
    url: str
    q: int | None = None


@dataclass(frozen=True, slots=True)
class UnsubscribeItem:
    item: ItemId
    subscription: SubscriptionId


@dataclass(frozen=True, slots=True)
class ListSubscriptions:
    item: ItemId


async def subscribe_item(ports: Ports, actor: Actor, command: SubscribeItem) -> Sequence[Subscription]:
    """Keep a thing back by another calendar, looked into from now on. ``too_many_subscriptions``."""
    url = feed_url(command.url)
    item = await own_item(ports, actor, command.item)
    if command.q is not None and not 1 <= command.q <= item.units:
        raise Invalid("bad_units", {"max": item.units})
    others = [each for each in await ports.subscriptions.of(item.id) if each.id != command.subscription]
    if len(others) >= MAX_SUBSCRIPTIONS:
        raise Conflict("too_many_subscriptions", {"max": MAX_SUBSCRIPTIONS})
    subscription = Subscription(command.subscription, item.id, actor.user, url, command.q)
    try:
        async with ports.work() as tx:
            await tx.save_subscription(subscription, ports.clock.real(), None)
    except StaleWrite:
        raise Conflict("subscription_taken") from None
    return await ports.subscriptions.of(item.id)


async def unsubscribe_item(ports: Ports, actor: Actor, command: UnsubscribeItem) -> Sequence[Subscription]:
    """Let the other calendar go, and with it everything that it kept back."""

    async def attempt() -> None:
        item = await own_item(ports, actor, command.item)
        before = await ports.items.calendar(item.id)
        known = await ports.subscriptions.of(item.id)
        if all(each.id != command.subscription for each in known):
            return
        async with ports.work() as tx:
            await tx.save_calendar(put_feed(before, command.subscription, ()), before.rev)
            await tx.drop_subscription(command.subscription)

    await again(attempt)
    return await ports.subscriptions.of(command.item)


async def list_subscriptions(ports: Ports, actor: Actor, command: ListSubscriptions) -> Sequence[Subscription]:
    """The other calendars of one's own thing, and how the last look into each went."""
    item = await own_item(ports, actor, command.item)
    return await ports.subscriptions.of(item.id)


async def look_into(ports: Ports, held: HeldSubscription) -> None:
    """Look into a calendar that is due, and keep back what it says. What was known stays where it cannot be read."""
    item = await ports.items.get(held.subscription.item)
    if item is None or item.deleted_at is not None:
        async with ports.work() as tx:
            await tx.drop_subscription(held.subscription.id)
        return
    try:
        looked = await ports.calendars.look(_question(ports, held.subscription, item))
    except Unread as error:
        await _keep_failure(ports, held, item, error.reason)
        return
    await again(lambda: _keep(ports, held, looked))


def _question(ports: Ports, known: Subscription, item: Item) -> LookInto:
    """The whole horizon; what did not change is skipped until the next day moves the horizon on."""
    now, seen = ports.clock.now(), known.seen
    end = min(now + timedelta(days=item.rules.horizon_days) + DAY, LATEST)
    same = seen.error is None and seen.day == _day(now, item)
    return LookInto(known.url, now, end, item.tz, seen.etag if same else "", seen.digest if same else "")


async def _keep(ports: Ports, held: HeldSubscription, looked: Looked | None) -> None:
    """In the calendar's own transaction, like the owner's blocks: all that the other calendar says, or nothing."""
    known, now = held.subscription, ports.clock.now()
    item, before = await ports.items.page_of(known.item) or (None, None)
    if item is None or before is None or not await ports.subscriptions.held(held):
        return
    after = imported(known, before, looked.busy, now) if looked else before
    against = collisions(known, after, now)
    seen = replace(_seen(known.seen, looked, _day(now, item)), checked_at=now, read_at=now, clashes=against)
    new = [rental for rental in await _rentals(ports, against) if rental.id not in known.seen.clashes]
    notices = [clash_notice(rental, known.id, now) for rental in new]
    await _save(ports, held, seen, notices, (before, after))
    tell_notices(ports, notices)


async def _save(
    ports: Ports,
    held: HeldSubscription,
    seen: Seen,
    notices: Sequence[Notification],
    calendars: tuple[Calendar, Calendar] | None = None,
) -> None:
    async with ports.work() as tx:
        if calendars and calendars[0].blocks != calendars[1].blocks:
            before, after = calendars
            await tx.save_calendar(after, before.rev)
            await tx.set_timer(before.item, RIVALS, ports.clock.now())
        await tx.save_subscription(replace(held.subscription, seen=seen), _next(ports, seen.failures), held.lease)
        await tx.notify(notices)


async def _keep_failure(ports: Ports, held: HeldSubscription, item: Item, reason: str) -> None:
    now, seen = ports.clock.now(), held.subscription.seen
    failed = replace(seen, checked_at=now, error=reason, failures=seen.failures + 1)
    notices = [failing_notice(item, held.subscription.id, now)] if failed.failures == TELL_AFTER else []
    if await ports.subscriptions.held(held):
        await _save(ports, held, failed, notices)
        tell_notices(ports, notices)


def _seen(before: Seen, looked: Looked | None, day: str) -> Seen:
    if looked is None:
        return replace(before, error=None, failures=0)
    return Seen(looked.etag, looked.digest, day, events=len(looked.busy), unread=looked.unread)


async def _rentals(ports: Ports, ids: Sequence[RentalId]) -> list[Rental]:
    return [rental for id_ in ids if (rental := await ports.rentals.get(id_, None)) is not None]


def _next(ports: Ports, failures: int) -> datetime:
    pause = min(LONGEST, PERIOD * (2 if failures else 1)) * random.uniform(1 - SPREAD, 1)
    return ports.clock.real() + pause


def _day(at: datetime, item: Item) -> str:
    return on_the_wall(at, item.tz).date().isoformat()
