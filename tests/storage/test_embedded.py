"""The embedded servers: private, usable at once, and open to the hub's own keys only."""

import os
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoPermissionError, ResponseError

from storage.embedded import StartupError, embedded_servers, running_servers
from storage.embedded.folder import socket_folder
from storage.servers import Servers
from tests.support.processes import listening_ports, pids_naming

Database = AsyncDatabase[dict[str, Any]]

DANGEROUS = (
    *("CONFIG GET *", "FLUSHALL", "FLUSHDB", "KEYS *", "SHUTDOWN", "DEBUG SLEEP 0", "ACL LIST", "MONITOR", "INFO"),
    *("REPLICAOF h 1", "MODULE LIST", "SCRIPT FLUSH", "FUNCTION LIST", "CLIENT LIST", "SAVE", "SWAPDB 0 0"),
)


@pytest.fixture(scope="module")
def run(servers_dir: Path) -> Path:
    return socket_folder(servers_dir)


@pytest.fixture(scope="module")
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url, decode_responses=True) as client:
        yield client


def folders_holding(canary: bytes, below: Path) -> set[str]:
    files = [path for path in below.rglob("*") if path.is_file()]
    return {path.relative_to(below).parts[0] for path in files if canary in path.read_bytes()}


async def test_transactions_work_from_the_first_moment(database: Database) -> None:
    async with database.client.start_session() as session, await session.start_transaction():
        await database.things.insert_one({"_id": 1}, session=session)
    assert await database.things.count_documents({}) == 1


async def test_both_servers_say_what_they_are(servers: Servers) -> None:
    assert servers.mongo_version.startswith("6.0.")
    assert servers.redis_version.startswith("9.")
    assert set(servers.took) == {"mongo", "redis"}
    assert any("CVE-2025-14847" in note for note in servers.notes)


def test_no_password_shows_in_a_repr(servers: Servers) -> None:
    assert servers.redis_url.split(":")[2].split("@")[0] not in repr(servers)


def test_nothing_listens_on_tcp(servers: Servers, run: Path) -> None:
    found = pids_naming(run)
    assert set(found) == {"mongod", "valkey-server"}
    assert [listening_ports(pid) for pid in found.values()] == [set(), set()]


def test_a_listening_port_would_be_seen() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert server.getsockname()[1] in listening_ports(pid=os.getpid())


def test_sockets_and_folders_are_for_their_owner_alone(servers: Servers, run: Path, servers_dir: Path) -> None:
    sockets = [path for path in run.iterdir() if stat.S_ISSOCK(path.lstat().st_mode)]
    assert len(sockets) == 2
    for path in (*sockets, run, servers_dir / "mongo", servers_dir / "valkey", servers_dir / "log"):
        assert path.lstat().st_mode & 0o077 == 0, path
    assert {(run / name).stat().st_mode & 0o777 for name in ("valkey.acl", "servers.json")} == {0o600}


def test_the_access_list_holds_no_password(servers: Servers, run: Path) -> None:
    password = servers.redis_url.removeprefix("unix://hub:").partition("@")[0]
    assert len(password) >= 40
    assert password not in (run / "valkey.acl").read_text()


async def test_a_stranger_on_the_socket_is_refused(run: Path) -> None:
    for url in (f"unix://{run}/valkey.sock", f"unix://hub:wrong@{run}/valkey.sock"):
        async with Redis.from_url(url) as stranger:
            with pytest.raises(RedisConnectionError, match=r"HELLO must be called|invalid username-password"):
                await stranger.get("dk:x")


@pytest.mark.parametrize("command", DANGEROUS)
async def test_dangerous_commands_are_refused(redis: Redis, command: str) -> None:
    with pytest.raises((NoPermissionError, ResponseError)):
        await redis.execute_command(*command.split())


@pytest.mark.parametrize("command", ["SET x 1", "GET socketio", "PUBLISH x 1", "SUBSCRIBE x", "PSUBSCRIBE *", "DEL x"])
async def test_other_keys_and_channels_are_refused(redis: Redis, command: str) -> None:
    with pytest.raises(NoPermissionError):
        await redis.execute_command(*command.split())


async def test_a_script_cannot_reach_other_keys(redis: Redis) -> None:
    with pytest.raises(ResponseError):
        await redis.eval("return redis.call('set', 'x', '1')", 0)


async def test_scripts_and_messages_of_the_hub_work(redis: Redis) -> None:
    script = redis.register_script("redis.call('publish', KEYS[1], ARGV[1]) return ARGV[1]")
    async with redis.pubsub() as listener:
        await listener.subscribe("dk:test:news")
        assert await listener.get_message(timeout=1)
        assert await script(keys=["dk:test:news"], args=["hello"]) == "hello"
        message = await listener.get_message(ignore_subscribe_messages=True, timeout=1)
    assert message is not None
    assert message["data"] == "hello"


async def test_no_javascript_runs_in_the_database(database: Database) -> None:
    await database.things.insert_one({"a": 1})
    with pytest.raises(OperationFailure):
        await database.things.find_one({"$where": "true"})


async def test_plain_bytes_reach_the_disk_when_asked_for(database: Database, redis: Redis, servers_dir: Path) -> None:
    """The control for every test that looks for leaked text: uncompressed, a canary is found."""
    canary = "canary-" + database.name
    await database.things.insert_one({"text": canary * 40})
    await redis.set("dk:canary", canary)
    await redis.execute_command("WAITAOF", 1, 0, 3000)
    found = folders_holding(canary.encode(), servers_dir)
    await redis.delete("dk:canary")
    assert found == {"mongo", "valkey"}


async def test_queries_stay_out_of_the_log(database: Database, servers_dir: Path) -> None:
    await database.things.find_one({"$or": [{"secret": f"canary-{i}"} for i in range(3000)]})
    assert "canary" not in (servers_dir / "log" / "mongod.log").read_text()


def test_a_command_beside_the_hub_finds_its_servers(servers: Servers, servers_dir: Path, tmp_path: Path) -> None:
    assert running_servers(servers_dir) == servers
    assert running_servers(tmp_path) is None


async def test_a_second_hub_on_the_same_folder_is_told_who_has_it(servers: Servers, servers_dir: Path) -> None:
    pid = os.getpid()
    with pytest.raises(StartupError, match=f"Another hub uses this data folder .*PID {pid}"):
        async with embedded_servers(servers_dir):
            pytest.fail("two hubs on one folder")
    assert running_servers(servers_dir) == servers
