"""One's places, and the dates one keeps a thing for oneself."""

import asyncio
from dataclasses import replace

import pytest

from hub.errors import Conflict, Invalid, NotFound
from hub.ids import BlockId, ItemId, new_id
from hub.place import SpecialDay, Window
from hub.usecases.calendar_blocks import BlockItem, UnblockItem, block_item, unblock_item
from hub.usecases.places import (
    CreatePlace,
    DeletePlace,
    ListPlaces,
    UpdatePlace,
    create_place,
    delete_place,
    list_places,
    update_place,
)
from tests.support.world import World

HOME = CreatePlace("Hof", "Geheimweg 7", 52.520008, 13.404954)
TOLD = {"label": "Neu", "address": "Geheimweg 7", "lat": 52.520008, "lon": 13.404954}


async def test_the_same_address_is_one_place_and_always_in_the_same_cell(world: World) -> None:
    anna = await world.person(device=False)
    first, again = [await create_place(world.ports, anna.actor, HOME) for _ in range(2)]
    assert first == again
    assert await list_places(world.ports, anna.actor, ListPlaces()) == [first]
    edited = await update_place(world.ports, anna.actor, UpdatePlace(**TOLD, place=first.id, expected_rev=1))
    assert (edited.public, edited.rev) == (first.public, 2)
    await delete_place(world.ports, anna.actor, DeletePlace(first.id))
    assert (await create_place(world.ports, anna.actor, HOME)).public == first.public
    with pytest.raises(NotFound, match="place_not_found"):
        await update_place(world.ports, anna.actor, UpdatePlace(**TOLD, place=first.id, expected_rev=2))


async def test_a_place_changed_meanwhile_is_not_overwritten(world: World) -> None:
    anna = await world.person(device=False)
    place = await create_place(world.ports, anna.actor, HOME)
    with pytest.raises(Conflict, match="place_changed"):
        await update_place(world.ports, anna.actor, UpdatePlace(**TOLD, place=place.id, expected_rev=7))


async def test_nobody_has_places_without_end(world: World) -> None:
    anna = await world.person(device=False)
    for n in range(world.ports.policy.max_places):
        await create_place(world.ports, anna.actor, replace(HOME, label=f"Hof {n}"))
    with pytest.raises(Conflict, match="too_many_places"):
        await create_place(world.ports, anna.actor, replace(HOME, label="noch einer"))


@pytest.mark.parametrize(
    "changes",
    [
        {"label": " "},
        {"address": ""},
        {"windows": (Window(8, "10:00", "11:00"),)},
        {"windows": (Window(1, "11:00", "10:00"),)},
        {"windows": (Window(1, "1:00", "10:00"),)},
        {"exceptions": (SpecialDay("2026-02-30"),)},
        {"exceptions": (SpecialDay("2026-02-01", "10:00"),)},
        {"exceptions": (SpecialDay("2026-02-01"), SpecialDay("2026-02-01"))},
    ],
)
async def test_a_place_that_is_not_sound_is_refused(world: World, changes: dict[str, object]) -> None:
    anna = await world.person(device=False)
    with pytest.raises(Invalid, match="bad_place"):
        await create_place(world.ports, anna.actor, replace(HOME, **changes))
    assert not await list_places(world.ports, anna.actor, ListPlaces())


async def test_blocked_dates_cannot_be_had_until_they_are_let_go(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    start, end = world.days(2, 3)
    block = BlockItem(item.id, BlockId(new_id()), start, end, note="Urlaub")
    asked = await world.request(bernd, anna, item)
    for _ in range(2):
        assert len((await block_item(world.ports, anna.actor, block)).blocks) == 1
    with pytest.raises(Conflict, match="slot_unavailable"):
        await world.accept(anna, asked)
    assert "rivals" in await world.fire_due()
    await unblock_item(world.ports, anna.actor, UnblockItem(item.id, block.block))
    await world.accept(anna, await world.request(bernd, anna, item))


async def test_blocks_and_agreements_at_once_never_lose_each_other(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna, units=2)
    asked = await world.request(bernd, anna, item)
    start, end = world.days(5, 6)
    blocks = [BlockItem(item.id, BlockId(new_id()), start, end, q=1) for _ in range(6)]
    await asyncio.gather(world.accept(anna, asked), *(block_item(world.ports, anna.actor, each) for each in blocks))
    calendar = await world.ports.items.calendar(item.id)
    assert (len(calendar.blocks), len(calendar.busy)) == (6, 1)
    with pytest.raises(Invalid, match="bad_units"):
        await block_item(world.ports, anna.actor, replace(blocks[0], q=3))
    with pytest.raises(NotFound, match="item_not_found"):
        await block_item(world.ports, anna.actor, replace(blocks[0], item=ItemId(new_id())))
