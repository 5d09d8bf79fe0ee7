"""A hub served for real inside the test: both doors behind uvicorn, on the run's servers and a database of its own."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from pymongo import AsyncMongoClient

from api.app import Hub, create_hub
from api.asgi_server import HubServer, server_config
from api.settings import Settings
from storage.mongo.store import Database
from storage.servers import Servers
from tests.support.echo_hub import until
from tests.support.raw_socket import RawSocket
from tests.support.servers import Document
from tests.support.world import ORIGIN, Ear, MovableClock, Neighbour, World

GENEROUS = 1_000.0
"""Times the limits of the table: what is refused here is refused for other reasons."""


@dataclass
class Worker:
    """One worker and a client of its HTTP door."""

    hub: Hub
    port: int
    http: httpx2.AsyncClient
    world: World

    def token(self, person: Neighbour, *, device: bool = True, ttl_s: int | None = None) -> str:
        """An access token for the person's session; ``ttl_s`` seconds long, where a test cannot wait."""
        actor = person.actor
        if ttl_s is None:
            named = actor.device if device else None
            return self.hub.ports.tokens.issue_access(actor.user, actor.session, named, frozenset()).token
        signer: Any = self.hub.ports.tokens
        now = int(self.hub.ports.clock.real().timestamp())
        return str(signer._signer.issue(actor.user, actor.session, actor.device, ttl_s=ttl_s, now=now))

    def auth(self, person: Neighbour, **how: Any) -> dict[str, Any]:
        """What a client says at CONNECT."""
        return {"v": 1, "token": self.token(person, **how)}

    def live(self, person: Neighbour, **how: Any) -> Any:
        """A socket of the person, after its ``hello``."""
        return RawSocket.connected(self.port, self.auth(person, **how))

    async def ask(self, method: str, path: str, person: Neighbour | None = None, **more: Any) -> httpx2.Response:
        """One request, signed in as ``person`` or by ``token``."""
        device, token = more.pop("device", True), more.pop("token", None)
        headers = dict(more.pop("headers", {}))
        if person is not None:
            token = self.token(person, device=device)
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return await self.http.request(method, path, headers=headers, **more)


@asynccontextmanager
async def worker(servers: Servers, database: Database, folder: Path, **settings: Any) -> AsyncIterator[Worker]:
    """A worker on this database; all workers of one ``folder`` share their secrets, as on one machine."""
    chosen = {"environment": "test", "base_url": ORIGIN, "rate_limit_factor": GENEROUS, **settings}
    found = Settings(data_dir=folder, mongodb_database=database.name, **chosen)
    async with (
        create_hub(found, servers, timers=False) as hub,
        _served(hub, settings.get("port", 0)) as port,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as http,
    ):
        yield Worker(hub, port, http, World(hub.ports, MovableClock(), Ear(), [], database))


@asynccontextmanager
async def hub_at(
    servers: Servers, mongo: AsyncMongoClient[Document], folder: Path, host: str = "localhost", **settings: Any
) -> AsyncIterator[Worker]:
    """A hub on a database of its own, reached at the address that it names; browsers hold ``localhost`` for secure."""
    database = mongo[f"hub{uuid4().hex}"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    async with worker(servers, database, folder, port=port, base_url=f"http://{host}:{port}", **settings) as running:
        yield running
    await mongo.drop_database(database.name)


@asynccontextmanager
async def _served(hub: Hub, port: int) -> AsyncIterator[int]:
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle's algorithm on
    listener.bind(("127.0.0.1", port))
    config = server_config(hub.asgi, hub.limits)
    server = HubServer(config, hub.sockets, on_drain=hub.drain, balancer_interval_s=0, drain_s=1)
    task = asyncio.create_task(server._serve([listener]))  # without uvicorn's signal handlers
    await until(lambda: server.started)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def fingerprint(database: Database) -> dict[str, str]:
    """What every collection holds, as hashes: equal before and after means that nothing was stored."""
    found: dict[str, str] = (await database.command("dbHash"))["collections"]
    return found
