"""Servers that someone else runs: looked at before the hub relies on them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storage.embedded import find_binaries, mongod, valkey
from storage.embedded.folder import private_folder
from storage.external import check_external, check_mongo, check_redis
from storage.servers import Servers, StartupError


@asynccontextmanager
async def running_mongod(tmp_path: Path, *flags: str) -> AsyncIterator[str]:
    """A mongod as an operator may have left it; gives its URI."""
    run = private_folder(tmp_path / "run")
    private_folder(tmp_path / "db")
    argv = [find_binaries().mongod, "--dbpath", tmp_path / "db", "--bind_ip", mongod.socket_path(run)]
    process = await asyncio.create_subprocess_exec(
        *map(str, argv), "--unixSocketPrefix", str(run), *flags, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(10):
            await _until_listening(run)
        yield mongod.uri(run).partition("?")[0]
    finally:
        process.kill()
        await process.wait()


async def _until_listening(run: Path) -> None:
    while True:
        try:
            await mongod.command(mongod.socket_path(run), {"ping": 1})
        except mongod.CANNOT_YET:
            await asyncio.sleep(0.02)
        else:
            return


async def test_a_good_pair_is_described(servers: Servers) -> None:
    found = await check_external(servers.mongodb_uri, servers.redis_url)
    assert (found.mongo_version, found.redis_version) == (servers.mongo_version, servers.redis_version)
    assert found.notes == servers.notes
    assert set(found.took) == {"mongo", "redis"}


async def test_a_standalone_mongod_is_refused_with_the_way_out(tmp_path: Path) -> None:
    async with running_mongod(tmp_path) as uri:
        with pytest.raises(StartupError, match="standalone") as refused:
            await check_mongo(uri)
    assert "--replSet rs0" in refused.value.remedy
    assert "rs.initiate()" in refused.value.remedy


async def test_a_replica_set_that_waits_to_be_initiated_is_told_apart(tmp_path: Path) -> None:
    async with running_mongod(tmp_path, "--replSet", "rs0") as uri:
        with pytest.raises(StartupError, match="waits to be initiated"):
            await check_mongo(uri, patience_s=0.5)


async def test_a_silent_mongod_is_named_without_its_password() -> None:
    with pytest.raises(StartupError, match=r"MongoDB at 127\.0\.0\.1:1 does not answer") as refused:
        await check_mongo("mongodb://u:hunter2@127.0.0.1:1/?authSource=admin", patience_s=0.2)
    assert "hunter2" not in str(refused.value)


async def test_a_silent_redis_is_named_without_its_password() -> None:
    with pytest.raises(StartupError, match=r"Redis at 127\.0\.0\.1:1 does not answer") as refused:
        await check_redis("redis://u:hunter2@127.0.0.1:1/0", patience_s=0.2)
    assert "hunter2" not in str(refused.value)


async def test_a_wrong_password_is_a_refusal_not_a_crash(servers: Servers) -> None:
    with pytest.raises(StartupError, match="does not answer"):
        await check_redis(valkey.url(Path(servers.redis_url.partition("@")[2]).parent, "wrong"))


@pytest.mark.parametrize("uri", ["http://h", "mongodb://", "mongodb://h:99999"])
async def test_an_unusable_mongodb_uri_is_refused(uri: str) -> None:
    with pytest.raises(StartupError, match="MONGODB_URI is not usable"):
        await check_mongo(uri, patience_s=0.2)


async def test_an_unusable_redis_url_is_refused() -> None:
    with pytest.raises(StartupError, match="REDIS_URL is not usable"):
        await check_redis("http://h")


async def test_a_password_that_breaks_the_address_is_not_quoted() -> None:
    for check in (check_mongo("mongodb://u:hunter2/x@h:y"), check_redis("redis://u:hunter2/x@h")):
        with pytest.raises(StartupError, match="is not usable") as refused:
            await check
        assert "hunter2" not in str(refused.value)
        assert "Percent-encode" in refused.value.remedy


async def test_an_old_redis_is_refused() -> None:
    """Redis 6.0, by its own words: no such program is at hand, but its answer is one line."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (await reader.read(4096)) != b"":
            writer.write(b"%2\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$6\r\n6.0.16\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(StartupError, match=r"is 6\.0\.16") as refused:
            await check_redis(f"redis://127.0.0.1:{port}", patience_s=1)
    assert "6.2" in refused.value.remedy
