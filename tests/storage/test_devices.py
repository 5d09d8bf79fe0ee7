"""Device lists: appended one after another, never two after one; prekeys only get newer."""

import asyncio

import pytest

from hub.errors import Conflict
from hub.ids import DeviceId, UserId, new_id
from hub.ports import OneTime, StaleWrite
from hub.room import DeviceList
from storage.mongo.changes import MongoChanges
from storage.mongo.devices import MongoDevices
from storage.mongo.store import Database


def published(account: UserId, stamp: tuple[int, int] = (1, 1), *devices: DeviceId) -> DeviceList:
    mark = bytes(stamp) * 16
    listed = devices or (DeviceId(new_id()),)
    return DeviceList(account, b"a" * 32, *stamp, listed, b"cert" + mark, b"list" + mark, mark)


@pytest.fixture
def devices(store: Database, changes: MongoChanges) -> MongoDevices:
    return MongoDevices(store, changes)


@pytest.fixture
def account() -> UserId:
    return UserId(new_id())


async def test_a_list_comes_back_as_published(devices: MongoDevices, account: UserId):
    first = published(account)
    await devices.publish(first, None)
    assert await devices.newest(account) == first
    assert await devices.newest_of([account, UserId(new_id())]) == {account: first}


async def test_every_version_is_kept_in_order(devices: MongoDevices, account: UserId):
    one, two, three = published(account), published(account, (1, 2)), published(account, (2, 1))
    await devices.publish(one, None)
    await devices.publish(two, (1, 1))
    await devices.publish(three, (1, 2))
    assert await devices.history(account, (0, 0)) == [one, two, three]
    assert await devices.history(account, (1, 1)) == [two, three]
    assert await devices.history(account, (2, 1)) == []
    assert await devices.newest(account) == three


async def test_a_list_that_follows_an_older_one_is_stale(devices: MongoDevices, account: UserId):
    await devices.publish(published(account), None)
    await devices.publish(published(account, (1, 2)), (1, 1))
    with pytest.raises(StaleWrite):
        await devices.publish(published(account, (1, 3)), (1, 1))
    with pytest.raises(StaleWrite):
        await devices.publish(published(account, (2, 1)), None)


async def test_of_many_lists_published_at_once_one_stays(
    store: Database, changes: MongoChanges, devices: MongoDevices, account: UserId
):
    await devices.publish(published(account), None)
    workers = [MongoDevices(store, changes) for _ in range(8)]
    rivals = [published(account, (1 + n % 2, 2 + n)) for n in range(8)]
    tried = [worker.publish(rival, (1, 1)) for worker, rival in zip(workers, rivals, strict=True)]
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert all(outcome is None or isinstance(outcome, StaleWrite) for outcome in outcomes)
    assert len(await devices.history(account, (0, 0))) == 2


async def test_a_device_of_another_account_is_refused_and_leaves_nothing(
    devices: MongoDevices, account: UserId, store: Database
):
    taken, thief = DeviceId(new_id()), UserId(new_id())
    await devices.publish(published(account, (1, 1), taken), None)
    with pytest.raises(Conflict) as refusal:
        await devices.publish(published(thief, (1, 1), DeviceId(new_id()), taken), None)
    assert refusal.value.code == "device_taken"
    assert await devices.newest(thief) is None
    assert await store.devices.count_documents({}) == 1


async def test_a_removed_device_stays_with_its_account(devices: MongoDevices, account: UserId):
    gone = DeviceId(new_id())
    await devices.publish(published(account, (1, 1), gone), None)
    await devices.publish(published(account, (1, 2)), (1, 1))
    with pytest.raises(Conflict):
        await devices.publish(published(UserId(new_id()), (1, 1), gone), None)
    await devices.publish(published(account, (1, 3), gone), (1, 2))


async def test_of_two_accounts_that_claim_a_device_at_once_one_gets_it(devices: MongoDevices, store: Database):
    device = DeviceId(new_id())
    claims = [devices.publish(published(UserId(new_id()), (1, 1), device), None) for _ in range(6)]
    outcomes = await asyncio.gather(*claims, return_exceptions=True)
    assert sum(outcome is None for outcome in outcomes) == 1
    assert await store.device_lists.count_documents({}) == 1


async def test_what_is_cached_costs_no_query(devices: MongoDevices, account: UserId, store: Database):
    first = published(account)
    await devices.publish(first, None)
    await devices.newest_of([account])
    await store.device_lists.delete_many({})
    assert await devices.newest_of([account]) == {account: first}


async def test_another_worker_sees_a_new_list_once_told(
    store: Database, changes: MongoChanges, devices: MongoDevices, account: UserId
):
    other = MongoDevices(store, changes)
    assert await other.newest(account) is None
    first = published(account)
    await devices.publish(first, None)
    assert await store.changes.count_documents({"kind": "devices", "id": account}) == 1
    other.drop(account)
    assert await other.newest(account) == first


async def test_a_prekey_is_replaced_by_a_newer_one_only(devices: MongoDevices, account: UserId):
    device = DeviceId(new_id())
    await devices.put_prekey(account, device, b"one", 1)
    await devices.put_prekey(account, device, b"two", 2)
    with pytest.raises(Conflict) as refusal:
        await devices.put_prekey(account, device, b"one", 1)
    assert refusal.value.code == "prekey_rollback"
    assert await devices.prekeys([device, DeviceId(new_id())]) == {device: b"two"}


async def test_of_one_time_prekeys_taken_at_once_each_is_given_once(devices: MongoDevices, account: UserId):
    device = DeviceId(new_id())
    await devices.put_prekey(account, device, b"one", 1)
    stock = await devices.add_one_time(account, device, [OneTime(n, bytes([n]) * 32) for n in range(1, 26)], 100)
    assert stock == (25, 26)
    takers = [devices.take_one_time([device]) for _ in range(20)]
    given = [taken[device] for taken in await asyncio.gather(*takers)]
    assert sorted(each.id for each in given) == list(range(1, 21))
    assert await devices.count_one_time(device, 100) == 5


async def test_one_time_prekeys_published_at_once_are_kept_once(devices: MongoDevices, account: UserId):
    device = DeviceId(new_id())
    await devices.put_prekey(account, device, b"one", 1)
    batch = [OneTime(n, bytes(32)) for n in range(1, 11)]
    await asyncio.gather(*(devices.add_one_time(account, device, batch, 100) for _ in range(4)))
    assert await devices.count_one_time(device, 100) == 10


async def test_without_a_signed_prekey_there_are_no_one_time_ones(devices: MongoDevices, account: UserId):
    assert await devices.add_one_time(account, DeviceId(new_id()), [OneTime(1, bytes(32))], 100) == (0, 1)
