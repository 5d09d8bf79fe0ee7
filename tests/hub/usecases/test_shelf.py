"""The life of a listing: who sees it, who changes it, and what rentals make of that."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hub.category import CategoryId
from hub.errors import Conflict, Forbidden, HubError, NotFound
from hub.ids import MediaId, PlaceId
from hub.item import Rules
from hub.tariff import Tariff
from hub.usecases import calendar_blocks, items, places, shelf
from hub.usecases.items import CreateItem, NewPlace, UpdateItem, create_item, update_item
from tests.support.world import World

HOME = NewPlace("Hof", "Geheimweg 7", 52.520008, 13.404954)
MOVES = {
    "publish": (shelf.publish_item, shelf.PublishItem),
    "pause": (shelf.pause_item, shelf.PauseItem),
    "resume": (shelf.resume_item, shelf.ResumeItem),
    "archive": (shelf.archive_item, shelf.ArchiveItem),
    "restore": (shelf.restore_item, shelf.RestoreItem),
}
LEADS = {
    ("draft", "publish"): "active",
    ("active", "pause"): "paused",
    ("paused", "resume"): "active",
    ("draft", "archive"): "archived",
    ("active", "archive"): "archived",
    ("paused", "archive"): "archived",
    ("archived", "restore"): "paused",
    ("active", "publish"): "active",
    ("paused", "pause"): "paused",
    ("active", "resume"): "active",
    ("archived", "archive"): "archived",
    ("paused", "restore"): "paused",
}
"""The moves that there are, and those that were made already."""


def said(**changes: Any) -> dict[str, Any]:
    return {"title": "Säge", "description": "", "tariff": Tariff(day=500), **changes}


@pytest.mark.parametrize("status", ["draft", "active", "paused", "archived"])
@pytest.mark.parametrize("move", MOVES)
async def test_a_listing_moves_only_as_the_table_says(world: World, status: Any, move: str) -> None:
    anna, (act, command) = await world.person(device=False), MOVES[move]
    item = replace(await world.item(anna), status=status, rev=2)
    await world.ports.items.save(item, 1)
    if (status, move) in LEADS:
        assert (await act(world.ports, anna.actor, command(item.id))).item.status == LEADS[status, move]
    else:
        with pytest.raises(Conflict, match="item_status"):
            await act(world.ports, anna.actor, command(item.id))


async def test_a_draft_is_its_owners_alone(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    draft = (await create_item(world.ports, anna.actor, CreateItem(**said(place=HOME), draft=True))).item
    with pytest.raises(NotFound, match="item_not_found"):
        await items.get_item(world.ports, items.GetItem(draft.id))
    with pytest.raises(NotFound, match="item_not_found"):
        await shelf.pause_item(world.ports, bernd.actor, shelf.PauseItem(draft.id))
    assert not await items.list_items(world.ports, items.ListItems(anna.user.id))
    (own,) = await items.list_own_items(world.ports, anna.actor, items.ListOwnItems())
    assert own.item.id == draft.id


async def test_others_change_nothing(world: World) -> None:
    anna, bernd = await world.person(device=False), await world.person(device=False)
    item = await world.item(anna)
    for act in (
        update_item(world.ports, bernd.actor, UpdateItem(**said(), item=item.id, expected_rev=1)),
        shelf.delete_item(world.ports, bernd.actor, shelf.DeleteItem(item.id)),
        shelf.duplicate_item(world.ports, bernd.actor, shelf.DuplicateItem(item.id)),
        calendar_blocks.list_item_blocks(world.ports, bernd.actor, calendar_blocks.ListItemBlocks(item.id)),
    ):
        with pytest.raises(Forbidden, match="not_your_item"):
            await act
    with pytest.raises(NotFound, match="place_not_found"):
        await places.delete_place(world.ports, bernd.actor, places.DeletePlace(item.place))
    with pytest.raises(NotFound, match="place_not_found"):
        await create_item(world.ports, bernd.actor, CreateItem(**said(place_id=item.place)))


async def test_an_update_says_everything_anew_and_fits_the_calendar(world: World) -> None:
    anna = await world.person(device=False)
    item = await world.item(anna)
    kind = {"category": CategoryId("hand-tools"), "fields": {"brand": "Alt"}}
    ask = UpdateItem(**said(units=3, rules=Rules(turnaround_min=90), **kind), item=item.id, expected_rev=1)
    after = (await update_item(world.ports, anna.actor, ask)).item
    assert (after.title, after.units, after.rev, after.place) == ("Säge", 3, 2, item.place)
    assert after == await world.ports.items.get(item.id)
    calendar = await world.ports.items.calendar(item.id)
    assert (calendar.cap, calendar.turnaround_min) == (3, 90)
    with pytest.raises(Conflict, match="item_changed"):
        await update_item(world.ports, anna.actor, ask)


async def test_of_many_updates_at_once_one_holds(world: World) -> None:
    anna = await world.person(device=False)
    item = await world.item(anna)
    asked = [UpdateItem(**said(title=f"Säge {n}"), item=item.id, expected_rev=1) for n in range(6)]
    updates = (update_item(world.ports, anna.actor, each) for each in asked)
    outcomes = await asyncio.gather(*updates, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, HubError)]
    assert len(refused) == 5
    assert {refusal.code for refusal in refused} == {"item_changed"}


async def test_units_that_are_promised_stay(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna, units=3)
    asked = await world.request(bernd, anna, item, q=2, price=2 * (item.tariff.day or 0))
    await world.accept(anna, asked)
    fewer = UpdateItem(**said(units=1), item=item.id, expected_rev=1)
    with pytest.raises(Conflict, match="units_agreed") as refusal:
        await update_item(world.ports, anna.actor, fewer)
    assert refusal.value.data == {"min": 2}
    await update_item(world.ports, anna.actor, replace(fewer, units=2))


async def test_a_deleted_thing_is_hidden_from_everybody_and_kept_for_its_rentals(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    await world.accept(anna, await world.request(bernd, anna, item))
    await shelf.delete_item(world.ports, anna.actor, shelf.DeleteItem(item.id))
    with pytest.raises(NotFound, match="item_not_found"):
        await items.get_item(world.ports, items.GetItem(item.id))
    assert not await items.list_own_items(world.ports, anna.actor, items.ListOwnItems())
    (rental,) = await world.ports.rentals.of_item(item.id)
    assert await world.ports.items.get(rental.item)
    with pytest.raises(Conflict, match="place_in_use"):
        await places.delete_place(world.ports, anna.actor, places.DeletePlace(item.place))
    with pytest.raises(NotFound, match="item_not_found"):
        await shelf.delete_item(world.ports, anna.actor, shelf.DeleteItem(item.id))


@pytest.mark.parametrize(
    ("status", "code"), [("paused", "item_unavailable"), ("archived", "item_unavailable"), ("draft", "item_not_found")]
)
async def test_what_is_not_lent_takes_no_requests(world: World, status: Any, code: str) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    await world.ports.items.save(replace(item, status=status, rev=2), 1)
    with pytest.raises(HubError, match=f"^{code}$"):
        await world.request(bernd, anna, item)


async def test_an_archived_thing_is_not_agreed_on_any_more(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    item = await world.item(anna)
    asked = await world.request(bernd, anna, item)
    await shelf.archive_item(world.ports, anna.actor, shelf.ArchiveItem(item.id))
    with pytest.raises(Conflict, match="item_unavailable"):
        await world.accept(anna, asked)


async def test_a_copy_is_a_draft_with_a_calendar_of_its_own(world: World) -> None:
    anna = await world.person(device=False)
    item = (await create_item(world.ports, anna.actor, CreateItem(**said(place=HOME, unit_labels=("rot",))))).item
    copy = (await shelf.duplicate_item(world.ports, anna.actor, shelf.DuplicateItem(item.id))).item
    assert (copy.status, copy.unit_labels, copy.place, copy.rev) == ("draft", (), item.place, 1)
    assert (await world.ports.items.calendar(copy.id)).cap == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"place": None}, "bad_item"),
        ({"place_id": PlaceId("0" * 32)}, "bad_item"),
        ({"place": None, "place_id": PlaceId("0" * 32)}, "place_not_found"),
        ({"place": replace(HOME, label="x", lat=91)}, "bad_point"),
        ({"category": CategoryId("weapons")}, "category_prohibited"),
        ({"fields": {"colour": "red"}}, "bad_fields"),
        ({"unit_labels": ("a", "b")}, "bad_item"),
        ({"media": (MediaId("0" * 32),)}, "photo_not_found"),
    ],
)
async def test_a_listing_that_is_not_sound_is_refused(world: World, changes: dict[str, Any], code: str) -> None:
    anna = await world.person(device=False)
    with pytest.raises(HubError, match=code):
        await create_item(world.ports, anna.actor, CreateItem(**said(place=HOME) | changes))
    assert not await world.database.items.find_one({})
