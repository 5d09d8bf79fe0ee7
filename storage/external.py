"""Looks at a MongoDB and a Redis that someone else runs, before the hub relies on them."""

import time
from typing import Any
from urllib.parse import urlsplit

from pymongo import AsyncMongoClient
from pymongo.errors import ConfigurationError, PyMongoError, ServerSelectionTimeoutError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.servers import Servers, StartupError
from storage.versions import MONGO_FLOOR, REDIS_FLOOR, mongo_notes, parsed, redis_notes

PATIENCE_S = 5.0
REPLICA_SET_REMEDY = "Start mongod with `--replSet rs0` and run `rs.initiate()` in mongosh once."


async def check_external(mongodb_uri: str, redis_url: str, *, patience_s: float = PATIENCE_S) -> Servers:
    """Reach both servers and refuse what the hub cannot work with; the notes name what is known about the versions.

    Raises ``StartupError``; addresses in it never carry the password.
    """
    begun = time.monotonic()
    mongo_version = await check_mongo(mongodb_uri, patience_s=patience_s)
    between = time.monotonic()
    name, redis_version = await check_redis(redis_url, patience_s=patience_s)
    return Servers(
        mongodb_uri,
        redis_url,
        mongo_version,
        redis_version,
        took={"mongo": between - begun, "redis": time.monotonic() - between},
        notes=mongo_notes(mongo_version) + redis_notes(redis_version, valkey=name == "valkey"),
    )


async def check_mongo(uri: str, *, patience_s: float = PATIENCE_S) -> str:
    """The version of a replica set or sharded cluster at ``uri``."""
    try:
        async with AsyncMongoClient[dict[str, Any]](uri, serverSelectionTimeoutMS=int(patience_s * 1000)) as client:
            return await _mongo_version(client, _without_password(uri))
    except (ConfigurationError, ValueError) as error:
        raise _unusable("MONGODB_URI", uri, error) from error


async def check_redis(url: str, *, patience_s: float = PATIENCE_S) -> tuple[str, str]:
    """The name (``redis`` or ``valkey``) and version of the server at ``url``."""
    place = _without_password(url)
    try:
        async with Redis.from_url(url, socket_connect_timeout=patience_s, socket_timeout=patience_s) as redis:
            hello = await redis.execute_command("HELLO")  # type: ignore[no-untyped-call]  # redis-py does not type it
    except ValueError as error:
        raise _unusable("REDIS_URL", url, error) from error
    except RedisError as error:
        raise StartupError(f"Redis at {place} does not answer: {error}", "Check REDIS_URL and its password.") from error
    name, version = (_text(hello, part) for part in (b"server", b"version"))
    if parsed(version) < REDIS_FLOOR:
        raise StartupError(f"Redis at {place} is {version}", "Use Redis 6.2 or newer, or any Valkey.")
    return name, version


async def _mongo_version(client: AsyncMongoClient[dict[str, Any]], place: str) -> str:
    try:
        hello = await client.admin.command("hello")
        version = str((await client.admin.command("buildInfo"))["version"])
    except ServerSelectionTimeoutError as error:
        raise _silent(client, place) from error
    except PyMongoError as error:
        raise StartupError(f"MongoDB at {place} refuses: {error}", "Check the user in MONGODB_URI.") from error
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise StartupError(f"MongoDB at {place} is a standalone server without transactions", REPLICA_SET_REMEDY)
    if parsed(version) < MONGO_FLOOR:
        raise StartupError(f"MongoDB at {place} is {version}", "Use MongoDB 7 or newer.")
    return version


def _unusable(setting: str, uri: str, error: Exception) -> StartupError:
    """Parsers quote what they stumble over: with a password in the address nothing is quoted."""
    if "@" in uri:
        return StartupError(f"{setting} is not usable", "Percent-encode special characters in its user and password.")
    return StartupError(f"{setting} is not usable: {error}", "See `docs/settings.md`.")


def _silent(client: AsyncMongoClient[dict[str, Any]], place: str) -> StartupError:
    """No answer, or one from a member that waits to be told which set it belongs to."""
    kinds = {server.server_type_name for server in client.topology_description.server_descriptions().values()}
    if "RSGhost" in kinds:
        return StartupError(f"MongoDB at {place} waits to be initiated", "Run `rs.initiate()` in mongosh once.")
    return StartupError(f"MongoDB at {place} does not answer", "Check MONGODB_URI, the network and the firewall.")


def _text(hello: dict[bytes, Any], part: bytes) -> str:
    value = hello[part]
    return value.decode() if isinstance(value, bytes) else str(value)


def _without_password(uri: str) -> str:
    """The address alone: what stands before ``@`` and after ``?`` may hold secrets."""
    parts = urlsplit(uri)
    return parts.netloc.rpartition("@")[2] or parts.path
