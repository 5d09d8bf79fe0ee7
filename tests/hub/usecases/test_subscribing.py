"""An owner's other calendar keeps a thing back: in the calendar's own transaction, all of it or nothing."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.errors import Conflict, Forbidden, HubError, Invalid
from hub.feed import MAX_SUBSCRIPTIONS, TELL_AFTER, Subscription
from hub.ids import SubscriptionId, new_id
from hub.item import Item
from hub.usecases.booking import AcceptOffer, accept_offer
from hub.usecases.items import GetCalendar, get_calendar
from hub.usecases.shelf import DeleteItem, delete_item
from hub.usecases.subscribing import (
    ListSubscriptions,
    SubscribeItem,
    UnsubscribeItem,
    list_subscriptions,
    look_into,
    subscribe_item,
    unsubscribe_item,
)
from hub.usecases.upkeep import compare_calendars
from tests.api.calendars.test_reader import written
from tests.support.far_server import FarServer, far_server
from tests.support.world import Neighbour, World, cmd_id


@dataclass
class Shop:
    """Anna lends one drill and keeps her dates in another calendar."""

    world: World
    anna: Neighbour
    item: Item
    far: FarServer
    id: SubscriptionId

    def keeps(self, *days: tuple[float, float]) -> None:
        self.far.says(written(*(event(n, *map(self.at, span)) for n, span in enumerate(days))))

    def at(self, days: float) -> datetime:
        return self.world.clock.now().replace(second=0, microsecond=0) + timedelta(days=days)

    async def subscribe(self, **changes: Any) -> None:
        asked = {"item": self.item.id, "subscription": self.id, "url": f"{self.far.url}/geheim.ics"} | changes
        await subscribe_item(self.world.ports, self.anna.actor, SubscribeItem(**asked))

    async def look(self) -> None:
        """The next look, now."""
        await self.world.database.subscriptions.update_many({}, {"$set": {"due_at": self.world.clock.real()}})
        held = await self.world.ports.subscriptions.claim(self.world.clock.real())
        assert held is not None
        await look_into(self.world.ports, held)

    async def known(self) -> Subscription:
        (only,) = await list_subscriptions(self.world.ports, self.anna.actor, ListSubscriptions(self.item.id))
        return only

    async def full(self) -> list[tuple[datetime, datetime]]:
        calendar = await get_calendar(self.world.ports, GetCalendar(self.item.id))
        return [(each.s, each.e) for each in calendar.full]


def event(n: int, start: datetime, end: datetime) -> str:
    return f"UID:{n}\nDTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{end:%Y%m%dT%H%M%SZ}"


@pytest.fixture
async def shop(world: World) -> AsyncIterator[Shop]:
    anna = await world.person()
    async with far_server() as far:
        yield Shop(world, anna, await world.item(anna), far, SubscriptionId(new_id()))


async def test_its_events_keep_the_thing_back_and_go_when_they_go(shop: Shop) -> None:
    shop.keeps((1, 2), (1.5, 3), (5, 6))
    await shop.subscribe()
    await shop.look()
    assert await shop.full() == [(shop.at(1), shop.at(3)), (shop.at(5), shop.at(6))]
    known = await shop.known()
    assert (known.seen.events, known.seen.error, known.host) == (3, None, "localhost")
    shop.keeps((8, 9))
    await shop.look()
    assert await shop.full() == [(shop.at(8), shop.at(9))]


async def test_units_that_each_event_keeps_add_up(world: World, shop: Shop) -> None:
    shop.item = await world.item(shop.anna, units=3)
    shop.keeps((1, 2), (1, 2), (5, 6))
    await shop.subscribe(q=1)
    await shop.look()
    calendar = await world.ports.items.calendar(shop.item.id)
    assert [block.q for block in calendar.blocks] == [1, 1, 1]
    assert calendar.full == ()


async def test_a_request_for_dates_that_it_takes_hears_so(world: World, shop: Shop) -> None:
    bernd = await world.person()
    asked = await world.request(bernd, shop.anna, shop.item)
    shop.keeps((2, 3))
    await shop.subscribe()
    await shop.look()
    await world.fire_due()
    rental = await world.ports.rentals.get(asked.sheet.rental.id, None)
    assert rental is not None
    assert (rental.state.value, rental.closed_reason) == ("expired", "taken")


async def test_what_is_agreed_stays_and_its_owner_is_told_of_the_clash_once(world: World, shop: Shop) -> None:
    bernd = await world.person()
    agreed = await world.accept(shop.anna, await world.request(bernd, shop.anna, shop.item))
    rental = agreed.sheet.rental
    shop.keeps((2, 2.5))
    await shop.subscribe()
    await shop.look()
    await shop.look()
    assert (await shop.known()).seen.clashes == (rental.id,)
    notices = await world.ports.notifications.page(shop.anna.user.id, None, 50)
    assert [each.ref for each in notices if each.type == "calendar_clash"] == [rental.id]
    assert "calendar_clash" in [told["code"] for told in world.ear.of("notice")]
    shop.keeps((3, 4))
    await shop.look()
    assert (await shop.known()).seen.clashes == ()
    assert [each async for each in compare_calendars(world.ports)] == []


async def test_where_it_cannot_be_read_what_was_known_stays_and_the_owner_sees_why(world: World, shop: Shop) -> None:
    shop.keeps((1, 2))
    await shop.subscribe()
    await shop.look()
    shop.far.says(b"", status="404 Not Found")
    for _ in range(TELL_AFTER + 1):
        await shop.look()
    seen = (await shop.known()).seen
    assert (seen.error, seen.failures, len(await shop.full())) == ("refused", TELL_AFTER + 1, 1)
    notices = [each.type for each in await world.ports.notifications.page(shop.anna.user.id, None, 50)]
    assert notices.count("calendar_failing") == 1
    shop.keeps((1, 2))
    await shop.look()
    assert (await shop.known()).seen.error is None


async def test_a_calendar_of_many_years_is_read_anew_as_the_days_pass(world: World, shop: Shop) -> None:
    weekly = f"UID:1\nDTSTART:{shop.at(1):%Y%m%dT%H%M%SZ}\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    shop.far.says(written(weekly))
    await shop.subscribe()
    await shop.look()
    before = (await shop.full())[-1]
    world.clock.moved += timedelta(days=14)
    await shop.look()
    assert (await shop.full())[-1] > before


async def test_letting_it_go_lets_go_what_it_kept(world: World, shop: Shop) -> None:
    shop.keeps((1, 2))
    await shop.subscribe()
    await shop.look()
    left = await unsubscribe_item(world.ports, shop.anna.actor, UnsubscribeItem(shop.item.id, shop.id))
    assert (left, await shop.full()) == ([], [])


async def test_what_is_let_go_during_a_look_does_not_come_back(world: World, shop: Shop) -> None:
    shop.keeps((1, 2))
    shop.far.pause_s = 0.3
    await shop.subscribe()
    looking = asyncio.create_task(shop.look())
    await asyncio.sleep(0.1)
    await unsubscribe_item(world.ports, shop.anna.actor, UnsubscribeItem(shop.item.id, shop.id))
    await looking
    assert await shop.full() == []
    assert await world.database.subscriptions.count_documents({}) == 0


async def test_looks_and_agreements_at_once_never_take_what_is_gone(world: World, shop: Shop) -> None:
    shop.keeps((2, 3))
    await shop.subscribe()
    renters = [await world.person() for _ in range(4)]
    asked = [(await world.request(renter, shop.anna, shop.item)).sheet.rental for renter in renters]

    async def accept(rental: Any) -> bool:
        try:
            await accept_offer(world.ports, shop.anna.actor, AcceptOffer(cmd_id(), rental.id, rental.live.rev))
        except HubError:
            return False
        return True

    _, *agreed = await asyncio.gather(shop.look(), *(accept(rental) for rental in asked))
    calendar = await world.ports.items.calendar(shop.item.id)
    assert sum(agreed) == len(calendar.busy) <= 1
    assert len(calendar.blocks) == 1
    assert len((await shop.known()).seen.clashes) == len(calendar.busy)
    assert [each async for each in compare_calendars(world.ports)] == []


async def test_the_calendar_of_a_deleted_thing_is_forgotten(world: World, shop: Shop) -> None:
    await shop.subscribe()
    await delete_item(world.ports, shop.anna.actor, DeleteItem(shop.item.id))
    await shop.look()
    assert await world.database.subscriptions.count_documents({}) == 0


async def test_the_address_is_sealed_and_never_logged(
    world: World, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await shop.subscribe(url="webcal://kalender.example/geheim-4711.ics")
    (stored,) = await world.database.subscriptions.find().to_list()
    assert "geheim-4711" not in repr(stored)
    await shop.look()
    assert "geheim-4711" not in caplog.text
    assert (await shop.known()).url == "https://kalender.example/geheim-4711.ics"


@pytest.mark.parametrize("url", ["ftp://x.example/a", "https://", "https://a:b@x.example/", "kalender", "https://x y/"])
async def test_what_is_no_address_is_refused(shop: Shop, url: str) -> None:
    with pytest.raises(Invalid, match="bad_feed_url"):
        await shop.subscribe(url=url)


async def test_others_can_neither_read_nor_take_over_ones_calendars(world: World, shop: Shop) -> None:
    await shop.subscribe()
    bernd = await world.person()
    with pytest.raises(Forbidden, match="not_your_item"):
        await list_subscriptions(world.ports, bernd.actor, ListSubscriptions(shop.item.id))
    with pytest.raises(Forbidden, match="not_your_item"):
        await unsubscribe_item(world.ports, bernd.actor, UnsubscribeItem(shop.item.id, shop.id))
    theirs = await world.item(bernd)
    with pytest.raises(Conflict, match="subscription_taken"):
        await subscribe_item(world.ports, bernd.actor, SubscribeItem(theirs.id, shop.id, "https://x.example/"))


async def test_there_are_not_endlessly_many(shop: Shop) -> None:
    for _ in range(MAX_SUBSCRIPTIONS):
        await shop.subscribe(subscription=SubscriptionId(new_id()))
    with pytest.raises(Conflict, match="too_many_subscriptions"):
        await shop.subscribe()
    with pytest.raises(Invalid, match="bad_units"):
        await shop.subscribe(q=2)
