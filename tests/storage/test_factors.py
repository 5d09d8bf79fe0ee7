"""Second factors at rest: sealed with the person's key, spent by compare-and-swap."""

import asyncio

import pytest

from crypto.fields import Keyring, new_key
from hub.ids import UserId, new_id
from storage.mongo.factors import MongoFactors
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
SPARE = [bytes([n]) * 32 for n in range(10)]


@pytest.fixture
async def user(store: Database, personal: PersonalFields) -> UserId:
    user = UserId(new_id())
    async with store.client.start_session() as session:
        await personal.create(user, session)
    return user


@pytest.fixture
def personal(store: Database) -> PersonalFields:
    return PersonalFields(store, Keyring({"k1": new_key()}, "k1"), new_key())


@pytest.fixture
def factors(store: Database, personal: PersonalFields) -> MongoFactors:
    return MongoFactors(store, personal)


async def test_a_secret_is_not_stored_in_the_clear(store: Database, factors: MongoFactors, user: UserId) -> None:
    assert await factors.propose(user, SECRET)
    found = await factors.get(user)
    assert found is not None
    assert (found.secret, found.active) == (SECRET, False)
    assert SECRET not in str(await store.credentials.find_one({"user": user}))


async def test_a_new_proposal_takes_the_place_of_the_last(factors: MongoFactors, user: UserId) -> None:
    assert await factors.propose(user, "A" * 32)
    assert await factors.propose(user, SECRET)
    assert await factors.activate(user, 7, SPARE)
    assert not await factors.propose(user, "B" * 32)
    assert not await factors.activate(user, 8, SPARE)
    found = await factors.get(user)
    assert found is not None
    assert (found.secret, found.active, found.spare) == (SECRET, True, 10)


async def test_each_step_is_spent_once_and_only_forwards(factors: MongoFactors, user: UserId) -> None:
    assert not await factors.spend_step(user, 7)
    await factors.propose(user, SECRET)
    assert not await factors.spend_step(user, 7)
    await factors.activate(user, 7, SPARE)
    spent = await asyncio.gather(*(factors.spend_step(user, 8) for _ in range(20)))
    assert sum(spent) == 1
    assert not await factors.spend_step(user, 7)


async def test_each_spare_code_is_spent_once(factors: MongoFactors, user: UserId) -> None:
    await factors.propose(user, SECRET)
    await factors.activate(user, 7, SPARE)
    spent = await asyncio.gather(*(factors.spend_spare(user, SPARE[3]) for _ in range(20)))
    assert sum(spent) == 1
    await factors.replace_spare(user, [b"n" * 32])
    assert not await factors.spend_spare(user, SPARE[4])
    assert await factors.spend_spare(user, b"n" * 32)


async def test_a_removed_factor_lets_nothing_through(factors: MongoFactors, user: UserId) -> None:
    await factors.propose(user, SECRET)
    await factors.activate(user, 7, SPARE)
    await factors.remove(user)
    assert await factors.get(user) is None
    assert not await factors.spend_spare(user, SPARE[0])
