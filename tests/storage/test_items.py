"""Things: found in order, and saved over what was read only."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.cancellation import CancellationPolicy
from hub.category import CategoryId
from hub.errors import NotFound
from hub.ids import ItemId, MediaId, UserId, new_id
from hub.item import Accessory, Item, Rules, Tariff, Translation
from hub.ports import StaleWrite
from storage.mongo.items import MongoItems
from storage.mongo.store import Database
from tests.storage import world


@pytest.fixture
def items(store: Database) -> MongoItems:
    return MongoItems(store)


@pytest.fixture
def owner() -> UserId:
    return UserId(new_id())


async def listed(items: MongoItems, owner: UserId, **fields: object) -> Item:
    item = world.item(owner, world.place(owner), **fields)
    await items.add(item, world.calendar(item.id))
    return item


async def test_a_thing_comes_back_with_its_calendar(items: MongoItems, owner: UserId):
    item = world.item(owner, world.place(owner))
    calendar = world.calendar(item.id)
    await items.add(item, calendar)
    assert await items.get(item.id) == item
    assert await items.calendar(item.id) == calendar


async def test_everything_said_of_a_thing_comes_back(items: MongoItems, owner: UserId):
    said = {
        "category": CategoryId("power-tools"),
        "fields": {"power_w": 850, "drive": "mains"},
        "lang": "en",
        "translation": Translation("de", "Bohrmaschine", "Mit Koffer."),
        "condition": "worn",
        "accessories": (Accessory("Bohrer", 12, 90), Accessory("Koffer")),
        "value": 18_000,
        "safety": "Schutzbrille tragen.",
        "policy": CancellationPolicy.STRICT,
        "unit_labels": ("rot", "blau"),
        "media": (MediaId(new_id()), MediaId(new_id())),
        "deleted_at": world.NOW,
    }
    item = await listed(items, owner, **said)
    assert await items.get(item.id) == item


async def test_every_rule_and_price_comes_back(items: MongoItems, owner: UserId):
    rules = Rules(60, 90, 120, 14, 45, 240, pending_blocks=True)
    item = await listed(items, owner, rules=rules, tariff=world.WHOLE_TARIFF, units=7, status="paused")
    assert await items.get(item.id) == item


async def test_a_tariff_of_days_alone_is_still_read(items: MongoItems, store: Database, owner: UserId):
    item = await listed(items, owner)
    first = {"day": 1200, "deposit": 5000, "cur": "CHF"}
    await store.items.update_one({"_id": item.id}, {"$set": {"tariff": first}})
    kept = await items.get(item.id)
    assert kept.tariff == Tariff(day=1200, deposit=5000, cur="CHF")


async def test_what_was_never_listed_is_not_found(items: MongoItems):
    assert await items.get(ItemId(new_id())) is None
    with pytest.raises(NotFound):
        await items.calendar(ItemId(new_id()))


async def test_pages_run_from_the_newest_to_the_oldest(items: MongoItems, owner: UserId):
    made = [await listed(items, owner, created_at=world.NOW + timedelta(minutes=n // 2)) for n in range(7)]
    expected = sorted(made, key=lambda item: (item.created_at, item.id), reverse=True)
    first = await items.page(None, None, 3)
    second = await items.page(None, first[-1].id, 3)
    third = await items.page(None, second[-1].id, 3)
    assert [*first, *second, *third] == expected


async def test_others_find_what_is_lent_and_owners_all_they_have(items: MongoItems, owner: UserId):
    active, paused, archived, draft = [
        await listed(items, owner, status=status, created_at=world.NOW - timedelta(days=n))
        for n, status in enumerate(("active", "paused", "archived", "draft"))
    ]
    deleted = await listed(items, owner, status="archived", deleted_at=world.NOW)
    assert await items.page(None, None, 10) == [active]
    assert await items.page(owner, None, 10) == [active, paused]
    assert await items.own(owner, None, 10) == [active, paused, archived, draft]
    assert await items.page(UserId(new_id()), None, 10) == []
    assert await items.get(deleted.id) == deleted


async def test_a_thing_changed_meanwhile_is_not_overwritten(items: MongoItems, owner: UserId):
    item = await listed(items, owner)
    renames = [items.save(replace(item, title=f"Säge {n}", rev=2), expected_rev=1) for n in range(8)]
    outcomes = await asyncio.gather(*renames, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleWrite) for outcome in outcomes)
    saved = await items.get(item.id)
    assert saved is not None
    assert saved.rev == 2
