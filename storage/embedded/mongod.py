"""A mongod on a Unix socket as a replica set of one, because transactions and change streams need a replica set."""

import asyncio
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import bson

SET_NAME = "rs0"
PORT = 27017
"""No port is opened: mongod only forms the socket's name from it."""
NOT_YET = 0.01
OP_MSG = 2013
ENGINE = (
    "log=(prealloc=false,file_max=16MB)",
    "eviction_dirty_target=50",
    "eviction_dirty_trigger=80",
    "eviction_updates_target=40",
    "eviction_updates_trigger=60",
)
"""WiredTiger for a small cache. Its own shares of what may wait to be written (5 and 20 % of the cache) are thought for
gigabytes: of 256 MB they are so little that every message helps to write pages that the next ones change again. A
journal file takes all of its ``file_max`` on disk from the start, so longer ones would cost each quiet village that."""
CANNOT_YET = (ConnectionError, FileNotFoundError, asyncio.IncompleteReadError)


def socket_path(folder: Path) -> Path:
    """The form of name that mongod demands."""
    return folder / f"mongodb-{PORT}.sock"


def uri(folder: Path) -> str:
    """What ``AsyncMongoClient`` takes."""
    return f"mongodb://{quote(str(socket_path(folder)), safe='')}/?directConnection=true"


def arguments(program: Path, data: Path, run: Path, *, compression: bool) -> Sequence[str]:
    """Flags of a mongod that is private, small on disk (19 MB instead of 302 MB) and writes no queries to its log.

    Compressors are off because of CVE-2025-14847, server-side JavaScript because nothing here needs it.
    """
    options = {
        "dbpath": data,
        "port": PORT,
        "bind_ip": socket_path(run),
        "unixSocketPrefix": run,
        "filePermissions": "0700",
        "replSet": SET_NAME,
        "wiredTigerCacheSizeGB": 0.25,
        "oplogSize": 128,
        "networkMessageCompressors": "disabled",
        "slowOpSampleRate": 0,
        "wiredTigerEngineConfigString": ",".join(ENGINE),
    }
    if not compression:
        options |= {"wiredTigerCollectionBlockCompressor": "none", "wiredTigerJournalCompressor": "none"}
        options |= {"wiredTigerIndexPrefixCompression": "false"}
    # A hub killed in the middle of a command leaves its transaction open: no rental waits longer than this for it.
    parameters = {"diagnosticDataCollectionEnabled": "false", "transactionLifetimeLimitSeconds": 10}
    flags = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    flags += [word for name, value in parameters.items() for word in ("--setParameter", f"{name}={value}")]
    return [str(program), *flags, "--noscripting", "--quiet"]


async def until_primary(run: Path) -> None:
    """Wait until mongod takes writes, making it a replica set first and healing one whose folder has moved."""
    while True:
        try:
            hello = await command(socket_path(run), {"hello": 1})
            if hello.get("isWritablePrimary") and "setName" in hello:
                return
            if "setName" not in hello:
                await _form_set(socket_path(run))
        except CANNOT_YET:
            pass
        await asyncio.sleep(NOT_YET)


async def version(run: Path) -> str:
    """For example ``6.0.5``."""
    return str((await command(socket_path(run), {"buildInfo": 1}))["version"])


async def command(socket: Path, body: dict[str, Any], database: str = "admin") -> dict[str, Any]:
    """One command in one OP_MSG over a connection of its own; gives the reply, also when it says ``ok: 0``.

    Not the driver: a client opened before ``replSetInitiate`` remembers a standalone for ever, and its heartbeat
    of 500 ms would make each start a second long. Format: MongoDB wire protocol, OP_MSG.
    """
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        message = struct.pack("<Ib", 0, 0) + bson.encode({**body, "$db": database})
        writer.write(struct.pack("<iiii", 16 + len(message), 1, 0, OP_MSG) + message)
        (length,) = struct.unpack("<i", await reader.readexactly(4))
        reply = await reader.readexactly(length - 4)
        return bson.decode(reply[17:])
    finally:
        writer.close()
        await asyncio.gather(writer.wait_closed(), return_exceptions=True)


async def _form_set(socket: Path) -> None:
    """Initiate, or point the only member at where its socket is now; refusals mean 'not yet' and are tried again."""
    config = await _stored_config(socket)
    if config is None:
        members = [{"_id": 0, "host": str(socket)}]
        await command(socket, {"replSetInitiate": {"_id": SET_NAME, "members": members}})
    elif config["members"][0]["host"] != str(socket):
        config["members"][0]["host"] = str(socket)
        config["version"] += 1
        await command(socket, {"replSetReconfig": config, "force": True})


async def _stored_config(socket: Path) -> dict[str, Any] | None:
    find = {"find": "system.replset", "limit": 1, "$readPreference": {"mode": "primaryPreferred"}}
    reply = await command(socket, find, "local")
    batch: list[dict[str, Any]] = reply.get("cursor", {}).get("firstBatch", [])
    return batch[0] if batch else None
