"""A Valkey on a Unix socket whose only user is the hub, and only for the hub's own keys and channels."""

import asyncio
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

PREFIX = "dk:"
"""Every key and channel of the hub begins with this; Valkey refuses all others."""
NOT_YET = 0.005
RULES = (
    f"~{PREFIX}* &{PREFIX}* +@all -@dangerous -@admin -@scripting +eval +evalsha +eval_ro +evalsha_ro +script|load "
    "+script|exists"
)


def socket_path(folder: Path) -> Path:
    """Where Valkey listens."""
    return folder / "valkey.sock"


def url(folder: Path, password: str) -> str:
    """What ``redis.asyncio.from_url`` takes."""
    return f"unix://hub:{password}@{socket_path(folder)}?db=0"


def write_users(folder: Path, password: str) -> Path:
    """Write the access list: nobody but ``hub``, known by the password's hash; gives the file's path."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    path = folder / "valkey.acl"
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"user default off\nuser hub on #{digest} {RULES}\n")
    return path


def arguments(program: Path, data: Path, run: Path, users: Path, *, compression: bool) -> Sequence[str]:
    """Flags of a Valkey without TCP that keeps what it has acknowledged but for the last second of a power cut."""
    options = {
        "port": 0,
        "unixsocket": socket_path(run),
        "unixsocketperm": 700,
        "dir": data,
        "aclfile": users,
        "databases": 1,
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    if not compression:
        options |= {"rdbcompression": "no", "aof-use-rdb-preamble": "no"}
    return [str(program), *(word for name, value in options.items() for word in (f"--{name}", str(value)))]


async def until_ready(redis_url: str) -> None:
    """Wait until Valkey has loaded its log and answers the hub's user."""
    redis = Redis.from_url(redis_url)
    try:
        while True:
            try:
                await redis.ping()
            except RedisConnectionError:
                await asyncio.sleep(NOT_YET)
            else:
                return
    finally:
        await redis.aclose()


async def version(redis_url: str) -> str:
    """For example ``9.1.2``; from HELLO, because INFO is not for the hub's user and names 7.2.4."""
    async with Redis.from_url(redis_url) as redis:
        hello: dict[bytes, bytes] = await redis.execute_command("HELLO")  # type: ignore[no-untyped-call]  # redis-py does not type it
    return hello[b"version"].decode()
