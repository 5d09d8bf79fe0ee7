"""A private mongod and Valkey for one machine, as one async context manager."""

import secrets
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storage.embedded import mongod, valkey
from storage.embedded.binary import Binaries, find_binaries
from storage.embedded.folder import MIN_FREE, check_disk, home_folder, owned, private_folder, run_folder
from storage.embedded.note import leave_note, running_servers
from storage.embedded.process import ServerProcess
from storage.servers import Servers, StartupError
from storage.versions import mongo_notes, redis_notes

__all__ = ["Binaries", "Servers", "StartupError", "embedded_servers", "find_binaries", "running_servers"]


@dataclass(frozen=True)
class _Place:
    """Where the two servers keep their data, logs and sockets, and how they are to run."""

    data_dir: Path
    run: Path
    lock: int
    binaries: Binaries
    compression: bool

    def folder(self, name: str) -> Path:
        return private_folder(self.data_dir / name)

    def output(self, name: str) -> Path:
        return self.folder("log") / f"{name}.log"


@asynccontextmanager
async def embedded_servers(
    data_dir: Path, *, binaries: Binaries | None = None, compression: bool = True, min_free: int = MIN_FREE
) -> AsyncIterator[Servers]:
    """Run both servers below ``data_dir`` until the block ends; a server that crashes comes back on the same socket.

    Enter it from the main thread. ``compression=False`` keeps plain bytes on disk, for tests that look for leaks;
    ``min_free`` is the bytes the disk must have left. Raises ``StartupError``.
    """
    programs = binaries or find_binaries()
    home = home_folder(data_dir)
    check_disk(home, min_free)
    async with owned(home) as lock, AsyncExitStack() as stack:
        run = run_folder(home)
        stack.callback(shutil.rmtree, run, ignore_errors=True)
        place = _Place(home, run, lock, programs, compression)
        redis_url, redis_took = await _start_valkey(place, stack)
        mongo_took = await _start_mongod(place, stack)
        servers = await _described(run, redis_url, {"mongo": mongo_took, "redis": redis_took})
        leave_note(run, servers)
        yield servers


async def _described(run: Path, redis_url: str, took: Mapping[str, float]) -> Servers:
    mongo_version = await mongod.version(run)
    redis_version = await valkey.version(redis_url)
    notes = mongo_notes(mongo_version) + redis_notes(redis_version, valkey=True)
    return Servers(mongod.uri(run), redis_url, mongo_version, redis_version, took, notes)


async def _start_valkey(place: _Place, stack: AsyncExitStack) -> tuple[str, float]:
    password = secrets.token_urlsafe(32)
    users = valkey.write_users(place.run, password)
    data = place.folder("valkey")
    argv = valkey.arguments(place.binaries.valkey, data, place.run, users, compression=place.compression)
    server = ServerProcess("Valkey", argv, place.output("valkey"), place.lock)
    stack.push_async_callback(server.stop)
    url = valkey.url(place.run, password)
    return url, await server.start(partial(valkey.until_ready, url))


async def _start_mongod(place: _Place, stack: AsyncExitStack) -> float:
    data = place.folder("mongo")
    argv = mongod.arguments(place.binaries.mongod, data, place.run, compression=place.compression)
    server = ServerProcess("mongod", argv, place.output("mongod"), place.lock)
    stack.push_async_callback(server.stop)
    return await server.start(partial(mongod.until_primary, place.run))
