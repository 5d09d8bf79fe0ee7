"""Several workers are one hub: hints cross over, and who is shut out is shut out everywhere, Redis or not."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from bson import ObjectId

from api.sockets import rhythm
from crypto.dkx.roster import Roster
from hub.account import UserRole
from hub.ids import RoomId
from hub.ports import Note
from storage.servers import Servers
from tests.support.live_hub import LiveHub, Village, live_hub, settle
from tests.support.processes import until
from tests.support.raw_socket import RawSocket
from tests.support.world import Pen

WITHIN_S = 2.0
REDIS = {"with Redis": True, "without Redis": False}


@asynccontextmanager
async def two_workers(servers: Servers, folder: Path, *, redis: bool) -> AsyncIterator[tuple[LiveHub, LiveHub]]:
    found = servers if redis else replace(servers, redis_url="unix:///nowhere.sock")
    name = f"t{uuid4().hex}"
    async with live_hub(found, folder, name) as here, live_hub(found, folder, name) as there:
        yield here, there


async def sent_away(raw: RawSocket, within: float) -> str:
    code = await raw.heard("bye", within)
    await raw.until_closed()
    return str(code["code"])


@pytest.mark.parametrize("redis", REDIS.values(), ids=REDIS)
async def test_a_revoked_session_is_gone_on_every_worker(redis: bool, servers: Servers, tmp_path: Path) -> None:
    async with two_workers(servers, tmp_path, redis=redis) as (here, there):
        person = await here.world.person(device=False)
        other = (await here.world.session(person.user)).id
        elsewhere = replace(person.actor, session=other)
        async with here.socket(elsewhere) as near, there.socket(elsewhere) as far, there.socket(person.actor) as mine:
            begun = time.monotonic()
            assert (await here.call("DELETE", f"/v1/sessions/{other}", person.actor)).status_code == 200
            codes = await asyncio.gather(sent_away(near, 4), sent_away(far, 4))
            assert time.monotonic() - begun < WITHIN_S
            assert codes == ["session_revoked", "session_revoked"]
            assert (await mine.call("me:get", {}))["ok"]
            for worker in (here, there):
                assert (await worker.call("GET", "/v1/me", elsewhere)).status_code == 401


@pytest.mark.parametrize("redis", REDIS.values(), ids=REDIS)
async def test_a_suspended_neighbour_is_gone_on_every_worker(redis: bool, servers: Servers, tmp_path: Path) -> None:
    async with two_workers(servers, tmp_path, redis=redis) as (here, there):
        person = await here.world.person(device=False)
        async with here.socket(person.actor) as near, there.socket(person.actor) as far:
            begun = time.monotonic()
            await here.world.database.users.update_one({"_id": person.user.id}, {"$set": {"suspended": True}})
            await announce(here, "user", person.user.id)
            assert await asyncio.gather(sent_away(near, 4), sent_away(far, 4)) == ["session_revoked"] * 2
            assert time.monotonic() - begun < WITHIN_S


async def test_a_neighbour_whose_roles_change_stays(servers: Servers, tmp_path: Path) -> None:
    async with two_workers(servers, tmp_path, redis=True) as (here, there):
        person = await here.world.person(device=False)
        async with there.socket(person.actor) as raw:
            await here.hub.ports.users.set_roles(
                person.user.id, frozenset({UserRole.MODERATOR}), Note("role_granted", None)
            )
            await asyncio.sleep(1.5)
            assert (await raw.call("me:get", {}))["roles"] == ["moderator"]


async def test_who_is_no_longer_in_the_roster_hears_nothing_more(servers: Servers, tmp_path: Path) -> None:
    async with two_workers(servers, tmp_path, redis=False) as (here, there):
        village = await settle(here.world)
        async with there.socket(village.owner.actor) as raw:
            left = {"$pull": {"members": {"user": village.owner.user.id}}}
            await here.world.database.rooms.update_one({"_id": village.ids["room"]}, left)
            await announce(here, "room", village.ids["room"])
            name = f"room:{village.ids['room']}"
            await until(lambda: not there.hub.sockets.registry.in_room(name))
            answer = await raw.call("room:get", {"room": village.ids["room"]})
            assert answer["error"]["code"] == "room_not_found"


async def test_a_message_is_told_on_the_other_worker(servers: Servers, tmp_path: Path) -> None:
    async with two_workers(servers, tmp_path, redis=True) as (here, there):
        village = await settle(here.world)
        async with there.socket(village.owner.actor) as owner, here.socket(village.renter.actor) as renter:
            await write(here, village)
            assert (await owner.heard("message:new"))["seq"] == 2
            assert (await renter.heard("message:new"))["seq"] == 2
            told = [event for event, _ in owner.told]
            assert told.count("key:new") == 1


async def test_without_redis_the_head_tells_that_something_was_missed(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rhythm, "HEADS_S", 0.3)
    async with two_workers(servers, tmp_path, redis=False) as (here, there):
        village = await settle(here.world)
        room = village.ids["room"]
        async with there.socket(village.owner.actor) as owner:
            await write(here, village)
            while (await owner.heard("room:head"))["head"] < 2:
                pass
            synced = await owner.call("room:sync", {"cursors": {room: 1}})
            assert [item["seq"] for item in synced["rooms"][room]["items"]] == [2]
            assert synced["presence"][village.renter.user.id] == "unknown"


async def write(hub: LiveHub, village: Village) -> None:
    room = RoomId(village.ids["room"])
    found = await hub.hub.ports.rooms.get(room)
    assert found
    writer = Pen(hub.world, village.renter, [village.renter, village.owner], room, Roster.parse(found.roster))
    await writer.send(writer.write())


async def announce(hub: LiveHub, kind: str, who: str) -> None:
    """As a store does after such a change."""
    update = {"$set": {"kind": kind, "id": who}, "$currentDate": {"at": True}}
    await hub.world.database.changes.update_one({"_id": ObjectId()}, update, upsert=True)
