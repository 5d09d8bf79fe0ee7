"""What the whole internet sees of a thing and of a neighbour."""

from datetime import timedelta
from typing import Any

import pytest

from hub.errors import NotFound
from hub.ids import ItemId, new_id
from hub.item import Rules
from hub.usecases.shelf import DeleteItem, PauseItem, delete_item, pause_item
from hub.usecases.showing import ShowItem, ShowPerson, show_item, show_person, was_shown
from tests.support.world import World


async def prospect(world: World, item: Any, first: int, last: int, q: int = 1) -> Any:
    today = world.clock.now().date()
    command = ShowItem(item.id, today.isoformat()[:7], today + timedelta(first), today + timedelta(last), q)
    return (await show_item(world.ports, command)).prospect


async def test_a_thing_comes_with_its_price_for_whole_days(world: World) -> None:
    item = await world.item(await world.person(device=False))
    found = await prospect(world, item, 3, 5)
    assert (found.quote.price, found.quote.days, found.obstacle) == (3000, 3, "")


async def test_several_units_cost_more_and_must_all_be_free(world: World) -> None:
    owner, renter = await world.person(), await world.person()
    item = await world.item(owner, units=3)
    found = await prospect(world, item, 2, 2, q=2)
    assert (found.quote.price, found.quote.deposit, found.obstacle, found.q) == (2000, 10000, "", 2)
    assert (await prospect(world, item, 2, 2, q=9)).q == 3
    await world.accept(owner, await world.request(renter, owner, item, q=2, price=2000))
    assert (await prospect(world, item, 2, 2, q=2)).obstacle == "slot_unavailable"
    assert (await prospect(world, item, 2, 2, q=1)).obstacle == ""


async def test_what_stands_in_the_way_is_the_refusal_that_a_request_would_meet(world: World) -> None:
    owner = await world.person()
    item = await world.item(owner, rules=Rules(lead_min=2 * 24 * 60, horizon_days=60, max_days=7))
    assert (await prospect(world, item, 0, 0)).obstacle == "outside_window"
    assert (await prospect(world, item, 50, 70)).obstacle == "outside_window"
    assert (await prospect(world, item, 5, 15)).obstacle == "too_long"
    assert (await prospect(world, item, 5, 500)).quote is None
    await pause_item(world.ports, owner.actor, PauseItem(item.id, None))
    assert (await prospect(world, item, 5, 6)).obstacle == "item_unavailable"


async def test_taken_days_are_said_to_be_taken_and_not_by_whom(world: World) -> None:
    owner, renter = await world.person(), await world.person()
    item = await world.item(owner)
    await world.accept(owner, await world.request(renter, owner, item))
    assert (await prospect(world, item, 1, 4)).obstacle == "slot_unavailable"
    assert (await prospect(world, item, 10, 11)).obstacle == ""


async def test_only_what_was_listed_can_have_been_taken_away(world: World) -> None:
    owner = await world.person(device=False)
    item = await world.item(owner)
    assert not await was_shown(world.ports, item.id)
    await delete_item(world.ports, owner.actor, DeleteItem(item.id, None))
    assert await was_shown(world.ports, item.id)
    assert not await was_shown(world.ports, ItemId(new_id()))
    with pytest.raises(NotFound):
        await show_item(world.ports, ShowItem(item.id, "2027-01"))


async def test_a_neighbour_is_shown_with_things_and_a_suspended_one_is_not(world: World) -> None:
    owner = await world.person("marta", device=False)
    item = await world.item(owner)
    shown = await show_person(world.ports, ShowPerson("marta"))
    assert [listing.item.id for listing in shown.things] == [item.id]
    await world.database["users"].update_one({"_id": owner.user.id}, {"$set": {"suspended": True}})
    with pytest.raises(NotFound):
        await show_person(world.ports, ShowPerson("marta"))
