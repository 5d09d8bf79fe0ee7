"""Several who want one thing: who is in whose way, when somebody is in, and keeping several things back at once."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.errors import Conflict, Forbidden, HubError, Invalid
from hub.ids import BlockId, new_id
from hub.item import Item, Rules
from hub.period import local_to_utc, on_the_wall
from hub.place import Window
from hub.tariff import Tariff
from hub.usecases.booking import CounterOffer, ReviseOffer, counter_offer, revise_offer
from hub.usecases.calendar_blocks import (
    BlockItem,
    BlockItems,
    ListItemBlocks,
    UnblockItems,
    block_item,
    block_items,
    list_item_blocks,
    unblock_items,
)
from hub.usecases.items import CreateItem, NewPlace, create_item
from hub.usecases.requests import ListRequests, list_requests
from tests.support.world import Neighbour, World, cmd_id


async def test_the_owner_sees_who_is_in_whose_way_and_what_still_fits(world: World) -> None:
    anna, people = await world.person(), [await world.person() for _ in range(3)]
    item = await world.item(anna)
    asked = []
    for person, (start, end) in zip(people, ((2, 3), (2.5, 3.5), (5, 6)), strict=True):
        s, e = (world.clock.now().replace(second=0, microsecond=0) + timedelta(days=day) for day in (start, end))
        applied = await world.request(person, anna, item, start=s, end=e)
        asked.append(applied.sheet.rental.id)
    first, second, third = await list_requests(world.ports, anna.actor, ListRequests(item.id))
    assert [each.rental.id for each in (first, second, third)] == asked
    assert (first.rivals, second.rivals, third.rivals) == ((asked[1],), (asked[0],), ())
    assert [each.renter.id for each in (first, second, third)] == [person.user.id for person in people]
    start, end = world.days(5, 6)
    await block_item(world.ports, anna.actor, BlockItem(item.id, BlockId(new_id()), start, end))
    assert [each.fits for each in await list_requests(world.ports, anna.actor, ListRequests(item.id))] == [
        True, True, False,
    ]  # fmt: skip
    with pytest.raises(Forbidden, match="not_your_item"):
        await list_requests(world.ports, people[0].actor, ListRequests(item.id))


async def open_on(world: World, owner: Neighbour, **rules: Any) -> tuple[Item, datetime, datetime]:
    """A thing whose owner is in from 9 to 12, every day but the one after tomorrow; with a stretch within the hours."""
    day = on_the_wall(world.clock.now(), "Europe/Berlin").date() + timedelta(days=3)
    closed = (day - timedelta(days=1)).isoweekday()
    windows = tuple(Window(dow, "09:00", "12:00") for dow in range(1, 8) if dow != closed)
    place = NewPlace("Hof", "Geheimweg 8", 52.5, 13.4, windows=windows)
    command = CreateItem("Säge", "Scharf.", Tariff(day=1000), place, rules=Rules(**rules))
    item = (await create_item(world.ports, owner.actor, command)).item
    start, end = (datetime(day.year, day.month, day.day, hour) for hour in (9, 12))  # noqa: DTZ001 - wall times
    return item, local_to_utc(start, item.tz)[0], local_to_utc(end, item.tz)[0]


async def refusal(world: World, renter: Neighbour, owner: Neighbour, item: Item, **changes: Any) -> str:
    with pytest.raises(HubError) as refused:
        await world.request(renter, owner, item, **changes)
    return refused.value.code


async def test_who_asks_keeps_to_the_hours_and_the_owner_may_offer_others(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item, start, end = await open_on(world, anna)
    hour = timedelta(hours=1)
    for s, e in ((start - hour, end), (start, end + hour), (start - timedelta(days=1), end)):
        assert await refusal(world, bernd, anna, item, start=s, end=e) == "outside_hours"
    rental = (await world.request(bernd, anna, item, start=start, end=end)).sheet.rental.id
    late = {"start": start, "end": end + 2 * hour, "negotiated": True}
    with pytest.raises(Invalid, match="outside_hours"):
        await revise_offer(world.ports, bernd.actor, ReviseOffer(cmd_id(), rental, 1, price=700, **late))
    await counter_offer(world.ports, anna.actor, CounterOffer(cmd_id(), rental, 1, price=900, **late))
    taken_up = CounterOffer(cmd_id(), rental, 2, price=800, **late)
    assert (await counter_offer(world.ports, bernd.actor, taken_up)).sheet.rental.live.terms.price == 800


async def test_start_and_end_fit_the_steps(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item, start, end = await open_on(world, anna, step_min=60)
    odd = timedelta(minutes=30)
    assert await refusal(world, bernd, anna, item, start=start + odd, end=end) == "off_step"
    assert await refusal(world, bernd, anna, item, start=start, end=end - odd) == "off_step"
    await world.request(bernd, anna, item, start=start, end=end, price=1000)


async def test_one_person_has_it_no_more_often_than_its_owner_says(world: World) -> None:
    anna, bernd, carla = [await world.person() for _ in range(3)]
    item = await world.item(anna, units=3, rules=Rules(per_person=1))
    first = await world.request(bernd, anna, item)
    assert await refusal(world, bernd, anna, item) == "quota_exceeded"
    await world.accept(anna, first)
    assert await refusal(world, bernd, anna, item) == "quota_exceeded"
    await world.request(carla, anna, item)


async def test_several_things_are_kept_back_together_or_not_at_all(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    ports, block = world.ports, BlockId(new_id())
    things = [await world.item(anna) for _ in range(3)]
    start, end = world.days(10, 12)

    async def kept() -> list[int]:
        return [len((await list_item_blocks(ports, anna.actor, ListItemBlocks(thing.id))).blocks) for thing in things]

    both = BlockItems(block, (things[0].id, things[1].id), start, end, "Urlaub")
    assert await block_items(ports, anna.actor, both) == both.items
    assert await block_items(ports, anna.actor, both) == both.items
    assert await kept() == [1, 1, 0]
    await block_items(ports, anna.actor, replace(both, items=(things[1].id, things[2].id)))
    assert await kept() == [0, 1, 1]
    theirs = await world.item(bernd)
    with pytest.raises(Forbidden, match="not_your_item"):
        await block_items(ports, anna.actor, replace(both, items=(things[0].id, theirs.id)))
    assert await kept() == [0, 1, 1]
    assert await unblock_items(ports, bernd.actor, UnblockItems(block)) == []
    assert await kept() == [0, 1, 1]
    assert set(await unblock_items(ports, anna.actor, UnblockItems(block))) == {things[1].id, things[2].id}
    assert await kept() == [0, 0, 0]


async def test_a_thing_with_too_many_blocks_stops_them_all(world: World) -> None:
    anna = await world.person()
    crowded, other = await world.item(anna), await world.item(anna)
    start, end = world.days(10, 12)
    blocks = [{"id": f"{n:032x}", "s": start, "e": end, "src": "owner", "note": "", "q": None} for n in range(200)]
    await world.database.calendars.update_one({"_id": crowded.id}, {"$set": {"blocks": blocks}})
    wanted = BlockItems(BlockId("f" * 32), (other.id, crowded.id), start, end)
    with pytest.raises(Conflict, match="too_many_blocks"):
        await block_items(world.ports, anna.actor, wanted)
    assert (await world.ports.items.calendar(other.id)).blocks == ()
