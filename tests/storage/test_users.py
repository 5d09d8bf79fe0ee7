"""Neighbours: kept, found, and not readable by who looks into the database."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import bson
import pytest

from crypto.fields import FieldError, Keyring
from hub.account import User, UserRole
from hub.errors import Conflict
from hub.ids import UserId, new_id
from hub.ports import Note
from storage.mongo.audit import MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database
from storage.mongo.users import MongoUsers

NOW = datetime(2026, 7, 4, 8, tzinfo=UTC)


def neighbour(handle="anna", email="anna@dorf.example") -> User:
    return User(UserId(new_id()), handle, "Anna Ä.", email, "de", NOW)


def another(store: Database, personal: PersonalFields) -> MongoUsers:
    """As another worker has it, which knows nothing yet."""
    return MongoUsers(store, personal, MongoChanges(store, NOW), MongoAudit(store, personal))


@pytest.fixture
def users(store: Database, personal: PersonalFields, changes: MongoChanges) -> MongoUsers:
    return MongoUsers(store, personal, changes, MongoAudit(store, personal))


async def test_a_neighbour_comes_back_as_stored(users: MongoUsers):
    anna = neighbour()
    assert await users.add(anna, "hash")
    assert await users.get(anna.id) == anna
    assert await users.by_handle("anna") == anna
    assert await users.credentials("anna@dorf.example") == (anna, "hash")


async def test_several_neighbours_come_at_once(users: MongoUsers, store: Database, keyring: Keyring, index_key: bytes):
    anna, bernd = neighbour(), neighbour("bernd", "bernd@dorf.example")
    for each in (anna, bernd):
        await users.add(each, "hash")
    fresh = another(store, PersonalFields(store, keyring, index_key))
    for known in (users, fresh):
        assert await known.several([anna.id, bernd.id, UserId(new_id())]) == {anna.id: anna, bernd.id: bernd}
    assert await users.several([]) == {}


async def test_nobody_is_found_under_what_was_never_stored(users: MongoUsers):
    assert await users.get(UserId(new_id())) is None
    assert await users.by_handle("nobody") is None
    assert await users.credentials("nobody@dorf.example") is None


async def test_a_known_email_adds_nobody(users: MongoUsers):
    await users.add(neighbour(), "hash")
    assert not await users.add(neighbour(handle="other"), "other hash")
    assert await users.by_handle("other") is None


async def test_a_taken_handle_is_told(users: MongoUsers):
    await users.add(neighbour(), "hash")
    with pytest.raises(Conflict) as refusal:
        await users.add(neighbour(email="berta@dorf.example"), "hash")
    assert refusal.value.code == "handle_taken"


async def test_of_two_who_join_with_one_email_at_once_one_does(users: MongoUsers, store: Database):
    added = await asyncio.gather(*(users.add(neighbour(f"anna{n}"), "hash") for n in range(8)))
    assert sum(added) == 1
    for left in (store.users, store.credentials, store.data_keys):
        assert await left.count_documents({}) == 1


async def test_the_database_shows_no_email_and_no_name(users: MongoUsers, store: Database):
    await users.add(replace(neighbour("canary", "canary@dorf.example"), display_name="canary"), "hash")
    for name in await store.list_collection_names():
        async for document in store[name].find():
            assert b"canary" not in bson.encode(document)


async def test_an_email_moved_to_another_neighbour_does_not_open(users: MongoUsers, store: Database):
    anna, berta = neighbour(), neighbour("berta", "berta@dorf.example")
    await users.add(anna, "hash")
    await users.add(berta, "hash")
    stolen = await store.users.find_one({"_id": anna.id})
    assert stolen is not None
    await store.users.update_one({"_id": berta.id}, {"$set": {"email": stolen["email"]}})
    with pytest.raises(FieldError):
        await users.get(berta.id)


async def test_another_worker_with_the_same_keys_reads_them(
    users: MongoUsers, store: Database, keyring: Keyring, index_key: bytes
):
    anna = neighbour()
    await users.add(anna, "hash")
    other = another(store, PersonalFields(store, keyring, index_key))
    assert await other.credentials(anna.email) == (anna, "hash")


async def test_a_password_can_be_hashed_anew(users: MongoUsers):
    anna = neighbour()
    await users.add(anna, "hash")
    await users.set_password_hash(anna.id, "stronger")
    assert await users.credentials(anna.email) == (anna, "stronger")


async def test_a_role_is_given_and_every_worker_hears_of_it(users: MongoUsers, store: Database):
    anna = neighbour()
    await users.add(anna, "hash")
    note = Note("role_granted", None, (anna.id,), detail="admin")
    await users.set_roles(anna.id, frozenset({UserRole.ADMIN}), note)
    assert await users.get(anna.id) == replace(anna, roles=frozenset({UserRole.ADMIN}))
    assert await store.changes.count_documents({"kind": "user", "id": anna.id}) == 1
    assert await store.audit_log.count_documents({"act": "role_granted", "detail": "admin", "actor": ""}) == 1


async def test_a_taken_handle_is_told_whether_or_not_the_email_is_known(users: MongoUsers):
    await users.add(neighbour(), "hash")
    for email in ("anna@dorf.example", "fresh@dorf.example"):
        with pytest.raises(Conflict, match="handle_taken"):
            await users.add(neighbour(email=email), "hash")


async def test_a_person_whose_key_is_destroyed_cannot_be_read(
    users: MongoUsers, store: Database, keyring: Keyring, index_key: bytes
):
    anna = neighbour()
    await users.add(anna, "hash")
    await store.data_keys.delete_one({"_id": anna.id})
    later = another(store, PersonalFields(store, keyring, index_key))
    assert await later.get(anna.id) is None
    assert await later.several([anna.id]) == {}
    assert await later.by_handle(anna.handle) is None
