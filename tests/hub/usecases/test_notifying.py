"""What happens to a rental waits for those it concerns: kept with its event, told once, read when they like."""

import asyncio
from dataclasses import replace

import pytest

from hub.errors import NotFound
from hub.ids import NotificationId, new_id
from hub.usecases import booking
from hub.usecases.notifying import (
    ListNotifications,
    NotificationPage,
    ReadNotification,
    list_notifications,
    read_notification,
)
from tests.support.world import Neighbour, World, cmd_id


async def listed(world: World, person: Neighbour, **how: object) -> NotificationPage:
    return await list_notifications(world.ports, person.actor, replace(ListNotifications(), **how))


async def types(world: World, person: Neighbour) -> list[str]:
    return [one.type for one in (await listed(world, person)).notifications]


async def test_each_side_finds_what_the_other_did(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    await world.accept(anna, asked)
    cancel = booking.CancelRental(cmd_id(), asked.sheet.rental.id, "illness")
    await booking.cancel_rental(world.ports, bernd.actor, cancel)
    assert sorted(await types(world, anna)) == ["rental_cancelled", "rental_requested", "review_possible"]
    assert sorted(await types(world, bernd)) == ["offer_accepted", "review_possible"]


async def test_time_tells_both(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await world.request(bernd, anna, await world.item(anna))
    world.clock.moved = world.days(2, 3)[0] - world.clock.real()
    await world.fire_due()
    assert (await types(world, anna))[0] == (await types(world, bernd))[0] == "offer_expired"


async def test_a_command_sent_five_times_notifies_once(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    command = booking.AcceptOffer(cmd_id(), asked.sheet.rental.id, 1)
    await asyncio.gather(*(booking.accept_offer(world.ports, anna.actor, command) for _ in range(5)))
    assert await types(world, bernd) == ["offer_accepted"]
    told = [payload for who, event, payload in world.ear.heard if event == "notice" and who[1] == bernd.user.id]
    assert [payload["code"] for payload in told] == ["offer_accepted"]


async def test_a_refused_command_notifies_nobody(world: World) -> None:
    anna, bernd, carla = [await world.person() for _ in range(3)]
    item = await world.item(anna)
    one, two = await world.request(bernd, anna, item), await world.request(carla, anna, item)
    outcomes = await asyncio.gather(*(world.accept(anna, asked) for asked in (one, two)), return_exceptions=True)
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    accepted = [await types(world, person) for person in (bernd, carla)]
    assert sorted(accepted) == [[], ["offer_accepted"]]


async def test_pages_go_back_without_gap_or_repeat(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    for _ in range(3):
        asked = await world.request(bernd, anna, item)
        withdraw = booking.WithdrawRental(cmd_id(), asked.sheet.rental.id, "other_plans")
        await booking.withdraw_rental(world.ports, bernd.actor, withdraw)
    everything = (await listed(world, anna)).notifications
    assert len(everything) == 6
    paged, after = [], None
    while page := (await listed(world, anna, limit=2, after=after)).notifications:
        paged += page
        after = page[-1].id
    assert paged == everything


async def test_reading_one_leaves_the_others_unread(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    for _ in range(3):
        await world.request(bernd, anna, item)
    newest, middle, _ = (await listed(world, anna)).notifications
    assert await read_notification(world.ports, anna.actor, ReadNotification(middle.id)) == 2
    assert await read_notification(world.ports, anna.actor, ReadNotification(middle.id, older=True)) == 1
    left = await listed(world, anna)
    assert ([one.read_at is None for one in left.notifications], left.unread) == ([True, False, False], 1)
    assert await read_notification(world.ports, anna.actor, ReadNotification(newest.id, older=True)) == 0


async def test_what_is_anothers_and_what_is_not_there_look_the_same(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await world.request(bernd, anna, await world.item(anna))
    (one,) = (await listed(world, anna)).notifications
    for notification in (one.id, NotificationId(new_id())):
        with pytest.raises(NotFound, match="notification_not_found"):
            await read_notification(world.ports, bernd.actor, ReadNotification(notification))
    assert (await listed(world, anna)).unread == 1
    assert (await listed(world, bernd, after=one.id)).notifications == []


async def test_messages_and_looks_at_the_place_make_none(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    await world.accept(anna, asked)
    await booking.read_place(world.ports, bernd.actor, booking.ReadPlace(asked.sheet.rental.id))
    assert await types(world, anna) == ["rental_requested"]
