"""Places: silent about where people live, and the same for everything that is there."""

import asyncio
from dataclasses import replace

import bson
import pytest

from crypto.fields import Keyring
from hub.ids import PlaceId, UserId, new_id
from hub.place import Place, Point, SpecialDay, Window
from hub.ports import StaleWrite
from hub.rental import State
from storage.mongo.items import MongoItems
from storage.mongo.personal import PersonalFields
from storage.mongo.places import MongoPlaces
from storage.mongo.rental_document import rental_document
from storage.mongo.store import Database
from storage.mongo.transaction import transaction
from tests.storage import world


@pytest.fixture
def places(store: Database, personal: PersonalFields) -> MongoPlaces:
    return MongoPlaces(store, personal)


@pytest.fixture
def items(store: Database) -> MongoItems:
    return MongoItems(store)


@pytest.fixture
async def owner(store: Database, personal: PersonalFields) -> UserId:
    """A person with a key."""
    person = UserId(new_id())

    async def decided() -> bool:
        return await store.data_keys.find_one({"_id": person}) is not None

    async with transaction(store, decided) as session:
        await personal.create(person, session)
    return person


def full(owner: UserId) -> Place:
    return replace(
        world.place(owner),
        kind="workshop",
        windows=(Window(5, "17:00", "19:00"), Window(6, "09:00", "24:00")),
        exceptions=(SpecialDay("2026-12-25"), SpecialDay("2026-12-31", "10:00", "12:00")),
        instructions="Der Schlüssel liegt unter dem blauen Topf.",
    )


async def test_a_place_comes_back_with_all_that_was_said(places: MongoPlaces, owner: UserId):
    first, second = full(owner), world.place(owner)
    await places.add(first)
    await places.add(second)
    assert await places.get(first.id) == first
    assert await places.of(owner) == [first, second]
    assert await places.get(PlaceId(new_id())) is None
    assert await places.of(UserId(new_id())) == []


async def test_the_database_shows_no_address_and_no_instructions(places: MongoPlaces, owner: UserId, store: Database):
    place = full(owner)
    await places.add(place)
    for name in await store.list_collection_names():
        async for document in store[name].find():
            raw = bson.encode(document)
            assert place.address.encode() not in raw
            assert b"blauen Topf" not in raw
            assert bson.encode({"": place.exact.lat})[6:14] not in raw
            assert b"13.404954" not in raw


async def test_an_erased_person_has_no_readable_place(
    places: MongoPlaces, owner: UserId, store: Database, keyring: Keyring, index_key: bytes
):
    place = world.place(owner)
    await places.add(place)
    await store.data_keys.delete_one({"_id": owner})
    with pytest.raises(LookupError):
        await MongoPlaces(store, PersonalFields(store, keyring, index_key)).get(place.id)


async def test_what_is_there_moves_with_its_place(places: MongoPlaces, items: MongoItems, owner: UserId):
    place = world.place(owner)
    await places.add(place)
    here, elsewhere = world.item(owner, place), world.item(owner, world.place(owner))
    for item in (here, elsewhere):
        await items.add(item, world.calendar(item.id))
    moved = replace(place, public=Point(48.13825, 11.573234), rev=2)
    await places.save(moved, 1)
    assert await places.get(place.id) == moved
    assert await items.get(here.id) == replace(here, public=moved.public)
    assert await items.get(elsewhere.id) == elsewhere


async def test_a_place_changed_meanwhile_is_not_overwritten(places: MongoPlaces, owner: UserId):
    place = world.place(owner)
    await places.add(place)
    renames = [places.save(replace(place, label=f"Hof {n}", rev=2), 1) for n in range(8)]
    outcomes = await asyncio.gather(*renames, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleWrite) for outcome in outcomes)


@pytest.mark.parametrize(
    "case",
    [
        (False, None, True),
        (True, None, False),
        (True, State.NEGOTIATING, False),
        (True, State.CONFIRMED, True),
        (True, State.CANCELLED, False),
    ],
)
async def test_a_place_is_needed_while_anything_is_lent_there(
    owner: UserId, store: Database, places: MongoPlaces, case: tuple[bool, State | None, bool]
):
    deleted, state, needed = case
    place = world.place(owner)
    item = world.item(owner, place, status="archived", deleted_at=world.NOW if deleted else None)
    await MongoItems(store).add(item, world.calendar(item.id))
    if state:
        await store.rentals.insert_one(rental_document(world.rental(item=item.id, state=state)))
    assert await places.in_use(place.id) is needed


async def test_a_place_that_was_deleted_is_gone(places: MongoPlaces, owner: UserId):
    place = world.place(owner)
    await places.add(place)
    await places.delete(place.id)
    assert await places.get(place.id) is None
