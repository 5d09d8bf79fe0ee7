"""Things and places: found in order, saved over what was read only, and silent about where people live."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import bson
import pytest

from crypto.fields import Keyring
from hub.errors import NotFound
from hub.ids import ItemId, PlaceId, RentalId, UserId, new_id
from hub.item import Item, Rules, Tariff
from hub.ports import Place, StaleWrite
from storage.mongo.items import MongoItems
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database
from storage.mongo.transaction import transaction
from tests.storage import world


@pytest.fixture
def items(store: Database, personal: PersonalFields) -> MongoItems:
    return MongoItems(store, personal)


@pytest.fixture
async def owner(store: Database, personal: PersonalFields) -> UserId:
    """A person with a key."""
    person = UserId(new_id())

    async def decided() -> bool:
        return await store.data_keys.find_one({"_id": person}) is not None

    async with transaction(store, decided) as session:
        await personal.create(person, session)
    return person


async def listed(items: MongoItems, owner: UserId, **fields: object) -> tuple[Item, Place]:
    place = world.place(owner)
    item = world.item(owner, place, **fields)
    await items.add(item, place, world.calendar(item.id))
    return item, place


async def test_a_thing_comes_back_with_its_place_and_calendar(items: MongoItems, owner: UserId):
    place = world.place(owner)
    item = world.item(owner, place)
    calendar = world.calendar(item.id)
    await items.add(item, place, calendar)
    assert await items.get(item.id) == item
    assert await items.place(place.id) == place
    assert await items.calendar(item.id) == calendar


async def test_every_rule_and_price_comes_back(items: MongoItems, owner: UserId):
    rules = Rules(60, 90, 120, 14, 45, 240, pending_blocks=True)
    item, _ = await listed(items, owner, rules=rules, tariff=Tariff(0, 0, "CHF"), units=7, status="paused")
    assert await items.get(item.id) == item


async def test_what_was_never_listed_is_not_found(items: MongoItems):
    assert await items.get(ItemId(new_id())) is None
    assert await items.place(PlaceId(new_id())) is None
    with pytest.raises(NotFound):
        await items.calendar(ItemId(new_id()))


async def test_the_database_shows_no_address(items: MongoItems, owner: UserId, store: Database):
    _, place = await listed(items, owner)
    for name in await store.list_collection_names():
        async for document in store[name].find():
            raw = bson.encode(document)
            assert place.address.encode() not in raw
            assert bson.encode({"": place.exact.lat})[6:14] not in raw
            assert b"13.404954" not in raw


async def test_an_erased_person_has_no_readable_place(
    items: MongoItems, owner: UserId, store: Database, keyring: Keyring, index_key: bytes
):
    _, place = await listed(items, owner)
    await store.data_keys.delete_one({"_id": owner})
    with pytest.raises(LookupError):
        await MongoItems(store, PersonalFields(store, keyring, index_key)).place(place.id)


async def test_pages_run_from_the_newest_to_the_oldest(items: MongoItems, owner: UserId):
    made = [(await listed(items, owner, created_at=world.NOW + timedelta(minutes=n // 2)))[0] for n in range(7)]
    expected = sorted(made, key=lambda item: (item.created_at, item.id), reverse=True)
    first = await items.page(None, None, 3)
    second = await items.page(None, first[-1].id, 3)
    third = await items.page(None, second[-1].id, 3)
    assert [*first, *second, *third] == expected


async def test_only_active_things_are_listed_but_owners_see_all_of_theirs(items: MongoItems, owner: UserId):
    active, _ = await listed(items, owner)
    archived, _ = await listed(items, owner, status="archived", created_at=world.NOW - timedelta(days=1))
    assert await items.page(None, None, 10) == [active]
    assert await items.page(owner, None, 10) == [active, archived]
    assert await items.page(UserId(new_id()), None, 10) == []


async def test_a_thing_changed_meanwhile_is_not_overwritten(items: MongoItems, owner: UserId):
    item, _ = await listed(items, owner)
    renames = [items.save(replace(item, title=f"Säge {n}", rev=2), expected_rev=1) for n in range(8)]
    outcomes = await asyncio.gather(*renames, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleWrite) for outcome in outcomes)
    saved = await items.get(item.id)
    assert saved is not None
    assert saved.rev == 2


async def test_who_read_an_exact_place_is_kept(items: MongoItems, store: Database):
    place, rental, reader = PlaceId(new_id()), RentalId(new_id()), UserId(new_id())
    await items.note_place_read(place, rental, reader, world.NOW)
    (noted,) = await store.place_reads.find({}, {"_id": 0}).to_list()
    assert noted == {"place": place, "rental": rental, "reader": reader, "at": world.NOW}
