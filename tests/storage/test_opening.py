"""All stores opened together, as a worker does it."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from crypto.fields import Keyring
from hub.ids import UserId, new_id
from hub.ports import Change
from hub.presence import PresenceChange, PresenceState
from storage.opening import Listeners, Storage, StorageKeys, open_storage
from storage.servers import Servers
from tests.storage import world
from tests.support.processes import until

KEYS = StorageKeys(Keyring({"k": bytes(range(32))}, "k"), bytes(32), world.RING)


class Doors:
    def __init__(self) -> None:
        self.stored = world.Listener()
        self.presence: list[PresenceChange] = []
        self.blobs: list[bytes] = []
        self.alarms = 0

    def alarm(self) -> None:
        self.alarms += 1

    def listeners(self) -> Listeners:
        return Listeners(self.stored, self.presence.append, self.blobs.append, self.alarm, list)


@pytest.fixture
async def name(client: AsyncMongoClient[dict[str, Any]]) -> AsyncIterator[str]:
    chosen = f"opening{secrets.token_hex(6)}"
    yield chosen
    await client.drop_database(chosen)


async def test_a_worker_opens_everything_and_hears_everything(servers: Servers, name: str):
    doors, anna = Doors(), world.user()
    async with open_storage(servers.mongodb_uri, servers.redis_url, name, KEYS, doors.listeners()) as storage:
        await storage.bus.subscribed.wait()
        await storage.users.add(anna, "hash")
        sent = world.message()
        assert (await storage.log.submit(sent)).seq == 1
        storage.bus.publish(b"blob")
        await storage.presence.beat(anna.id, "phone", PresenceState.ACTIVE)
        assert await storage.limiter.hit(new_id(), 1, 1) == 0
        await until(lambda: len(doors.blobs) == len(doors.presence) == 1)
    assert [told for told, _ in doors.stored.told] == [sent]
    assert doors.presence[0].user == anna.id
    assert doors.alarms == 1


async def test_what_was_taken_is_written_before_the_worker_ends(servers: Servers, name: str):
    room = world.rental().room
    async with open_storage(servers.mongodb_uri, servers.redis_url, name, KEYS, Doors().listeners()) as storage:
        taken = [storage.log.submit(world.message(room)) for _ in range(100)]
    assert [(await one).seq for one in taken] == list(range(1, 101))


async def test_two_workers_drop_what_the_other_changed(servers: Servers, name: str):
    async with (
        open_storage(servers.mongodb_uri, servers.redis_url, name, KEYS, Doors().listeners()) as one,
        open_storage(servers.mongodb_uri, servers.redis_url, name, KEYS, Doors().listeners()) as two,
    ):
        account = UserId(new_id())
        assert await two.devices.newest(account) is None
        seen: list[Change] = []
        following = asyncio.create_task(_follow(two, seen))
        listed = world.device_list(account)
        await one.devices.publish(listed, None)
        await until(lambda: Change("devices", account) in seen, within_s=2)
        assert await two.devices.newest(account) == listed
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_a_worker_opens_and_works_without_redis(servers: Servers, name: str):
    async with open_storage(
        servers.mongodb_uri, "unix:///nowhere/valkey.sock", name, KEYS, Doors().listeners()
    ) as storage:
        assert (await storage.log.submit(world.message())).seq == 1
        assert await storage.limiter.hit("k", 1, 1) == 0
        anna = UserId(new_id())
        assert await storage.presence.of([anna]) == {anna: PresenceState.UNKNOWN}


async def _follow(storage: Storage, seen: list[Change]) -> None:
    async for change in storage.follow():
        seen.append(change)  # noqa: PERF401 - it never ends, and each is wanted when it comes
