"""A whole hub with both doors on a free port, in this process: neighbours on it, HTTP calls and raw sockets to it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from api.app import Hub, create_hub
from api.asgi_server import HubServer, server_config
from api.startup import load_settings
from hub.account import Actor
from storage.mongo.database import open_client
from storage.servers import Servers
from tests.support.processes import until
from tests.support.raw_socket import RawSocket
from tests.support.world import ORIGIN, Ear, MovableClock, Neighbour, World


@dataclass
class LiveHub:
    """``world`` makes neighbours and rentals without going through a door."""

    hub: Hub
    server: HubServer
    port: int
    world: World
    http: httpx2.AsyncClient

    def token(self, actor: Actor) -> str:
        return self.hub.ports.tokens.issue_access(actor.user, actor.session, actor.device, actor.roles).token

    async def call(self, method: str, path: str, by: Actor | None = None, **options: Any) -> httpx2.Response:
        headers = {**({"Authorization": f"Bearer {self.token(by)}"} if by else {}), **options.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **options)

    def socket(self, by: Actor, **auth: Any) -> AbstractAsyncContextManager[RawSocket]:
        """A live socket that has heard ``hello``."""
        return RawSocket.connected(self.port, {"v": 1, "token": self.token(by), **auth})


@asynccontextmanager
async def live_hub(servers: Servers, data_dir: Path, database: str, **settings: Any) -> AsyncIterator[LiveHub]:
    """One worker; several on one ``database`` and ``data_dir`` are a hub of several workers."""
    chosen = {"environment": "test", "base_url": ORIGIN, "rate_limit_factor": 1000, "balancer_interval_s": 0.05}
    chosen |= {"mongodb_uri": servers.mongodb_uri, "redis_url": servers.redis_url, "mongodb_database": database}
    loaded = load_settings(**{**chosen, "data_dir": data_dir, **settings})
    async with (
        create_hub(loaded, servers, timers=False) as hub,
        _serving(hub) as (server, port),
        open_client(servers.mongodb_uri) as client,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        yield LiveHub(hub, server, port, World(hub.ports, MovableClock(), Ear(), [], client[database]), http)


@asynccontextmanager
async def _serving(hub: Hub) -> AsyncIterator[tuple[HubServer, int]]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    options = {"on_drain": hub.drain, "balancer_interval_s": hub.settings.balancer_interval_s, "drain_s": 1.0}
    server = HubServer(server_config(hub.asgi, hub.limits), hub.sockets, **options)
    task = asyncio.create_task(server._serve([listener]))  # without uvicorn's signal handlers
    await until(lambda: server.started)
    try:
        yield server, port
    finally:
        server.should_exit = True
        await task


@dataclass
class Village:
    """Two parties of a rental, and a stranger who is nobody to them."""

    owner: Neighbour
    renter: Neighbour
    stranger: Neighbour
    visitor: Neighbour
    ids: Mapping[str, str]


async def settle(world: World) -> Village:
    """``ids`` are what example ids of the table stand for here; ``visitor`` has no device."""
    owner, renter, stranger = [await world.person() for _ in range(3)]
    item = await world.item(owner)
    rental = (await world.request(renter, owner, item)).sheet.rental
    ids = {"item": item.id, "rental": rental.id, "room": rental.room, "user": owner.user.id}
    return Village(owner, renter, stranger, await world.person(device=False), ids)
