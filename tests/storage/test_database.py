"""Bringing a database to this version's schema, by one worker or by many."""

import asyncio

import pytest
from pymongo.errors import DuplicateKeyError, WriteError

from storage.mongo.database import migrate
from storage.mongo.schema import SHAPES
from storage.mongo.store import Database


async def test_every_collection_stands_after_migrating(bare: Database):
    await migrate(bare)
    assert set(SHAPES) <= set(await bare.list_collection_names())


async def test_migrating_twice_changes_nothing(store: Database):
    before = {name: await store[name].index_information() for name in SHAPES}
    await store.meta.delete_many({})
    await migrate(store)
    assert {name: await store[name].index_information() for name in SHAPES} == before


async def test_many_workers_may_migrate_at_once(bare: Database):
    await asyncio.gather(*(migrate(bare) for _ in range(8)))
    assert set(SHAPES) <= set(await bare.list_collection_names())
    assert "k_1" in await bare.entries.index_information()


async def test_an_older_database_gets_what_is_new(bare: Database):
    await bare.users.insert_one({"_id": "a", "handle": "anna"})
    await migrate(bare)
    assert await bare.users.find_one({"_id": "a"}) is not None
    assert "handle_index_1" in await bare.users.index_information()


async def test_a_document_of_another_shape_is_refused(store: Database):
    with pytest.raises(WriteError):
        await store.calendars.insert_one({"_id": "a", "rev": "one"})


async def test_the_log_takes_a_key_once(store: Database):
    await store.entries.insert_one({"_id": b"a" * 24, "k": b"k"})
    with pytest.raises(DuplicateKeyError):
        await store.entries.insert_one({"_id": b"b" * 24, "k": b"k"})


async def test_writes_are_journaled_by_the_majority(store: Database):
    assert store.write_concern.document == {"w": "majority", "j": True}
    assert store.read_concern.level == "majority"
