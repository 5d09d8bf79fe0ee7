"""A real server on a free port with a small door: enough to try every rule of the sockets without a database."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import socketio

from api.asgi_server import HubServer, server_config
from api.sockets.connection import Connection, Registry
from api.sockets.server import HubSocketServer, SocketLimits, create_socket_server
from hub.errors import Conflict, Unauthenticated


@dataclass
class EchoDoor:
    """Admits everyone who does not say ``refuse``; its events are named after what they do."""

    registry: Registry = field(default_factory=Registry)
    log: list[tuple[str, Any]] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def on_connect(self, conn: Connection, auth: dict[str, Any]) -> dict[str, Any]:
        if auth.get("hang"):
            await asyncio.sleep(3600)
        if "break" in auth:
            raise ZeroDivisionError(auth["break"])
        if auth.get("refuse"):
            raise Unauthenticated("token_invalid", {"why": "test"})
        user = str(auth.get("user", "anna"))
        self.registry.identify(conn, user, f"s-{conn.sid}", auth.get("device"))
        self.registry.join(conn, f"room:{auth.get('room', 'lane')}")
        if auth.get("chatty"):
            conn.tell("early", {"n": 1})
        self.log.append(("connect", user))
        return {"v": 1, "user": user}

    def on_event(self, conn: Connection, name: str, payload: Any) -> Awaitable[Mapping[str, Any]]:
        self.log.append((name, payload))
        if name == "relay":
            return self._relay(conn, payload)
        handler = getattr(self, f"do_{name}")
        outcome: Awaitable[Mapping[str, Any]] = handler(conn, payload)
        return outcome

    def answer(self, name: str, outcome: Mapping[str, Any]) -> Mapping[str, Any]:
        return outcome

    def _relay(self, conn: Connection, payload: Any) -> asyncio.Future[Mapping[str, Any]]:
        self.registry.tell("room:lane", "relayed", payload, skip=conn)
        done: asyncio.Future[Mapping[str, Any]] = asyncio.get_running_loop().create_future()
        done.set_result({"ok": True})
        return done

    # ruff: noqa: ARG002 - every handler has the door's signature
    async def do_echo(self, conn: Connection, payload: Any) -> dict[str, Any]:
        return {"ok": True, "echo": payload}

    async def do_slow(self, conn: Connection, payload: Any) -> dict[str, Any]:
        await asyncio.sleep(payload["s"])
        self.log.append(("slow done", payload))
        return {"ok": True}

    async def do_gated(self, conn: Connection, payload: Any) -> dict[str, Any]:
        await self.gate.wait()
        return {"ok": True}

    async def do_stubborn(self, conn: Connection, payload: Any) -> dict[str, Any]:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await self.gate.wait()
        return {"ok": True}

    async def do_refuse(self, conn: Connection, payload: Any) -> dict[str, Any]:
        raise Conflict("slot_unavailable", {"free_from": 3}, after_ms=5)

    async def do_break(self, conn: Connection, payload: Any) -> dict[str, Any]:
        raise ValueError(payload["why"])

    async def do_unsendable(self, conn: Connection, payload: Any) -> dict[str, Any]:
        return {"ok": True, "raw": object()}

    async def do_later(self, conn: Connection, payload: Any) -> dict[str, Any]:
        await self.gate.wait()
        return {"ok": True, "n": payload["n"]}

    async def do_kick(self, conn: Connection, payload: Any) -> dict[str, Any]:
        for other in self.registry.by_user(payload["user"]):
            await other.close("revoked", {"why": "test"})
        return {"ok": True}

    def events(self) -> frozenset[str]:
        named = frozenset(name.removeprefix("do_") for name in dir(self) if name.startswith("do_"))
        return named | {"relay", "connect", "disconnect"}

    def pipelined(self) -> frozenset[str]:
        return frozenset({"relay", "later"})

    async def on_disconnect(self, conn: Connection) -> None:
        self.log.append(("disconnect", conn.user))


@dataclass
class Served:
    """What a test needs to know of a running server."""

    port: int
    door: EchoDoor
    hub: HubSocketServer
    server: HubServer


QUICK = SocketLimits(
    connect_deadline_s=0.8,
    event_deadline_s=0.6,
    ping_interval_s=2.5,
    ping_timeout_s=1.0,
    connects_per_min_ip=100_000,
    max_unauth_per_ip=100_000,
    max_per_user=100_000,
    origins=frozenset({"https://dorf.example"}),
)
"""The default bounds, but with deadlines a test can wait for."""


async def plain_app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Everything that is not a socket: says who asks and reads the whole body."""
    if scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
        return
    size = 0
    while True:
        part = await receive()
        size += len(part.get("body", b""))
        if not part.get("more_body"):
            break
    body = f"{scope['client'][0]} {size}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


async def until(condition: Callable[[], object], within: float = 5.0) -> None:
    """Wait until something is so, or fail."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - what is waited for knows no events
            await asyncio.sleep(0.01)


@asynccontextmanager
async def serving(limits: SocketLimits = QUICK, musing_s: float = 0) -> AsyncIterator[Served]:
    """A real uvicorn with the echo door on a free port, gone at the end; each request is mused over first."""
    door = EchoDoor()
    hub = create_socket_server(door, limits, door.registry)
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle's algorithm on
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = socketio.ASGIApp(hub, other_asgi_app=plain_app)

    async def musing(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await asyncio.sleep(musing_s)
        await app(scope, receive, send)

    config = server_config(musing if musing_s else app, limits)
    server = HubServer(config, hub, on_drain=lambda: door.log.append(("drain", None)), balancer_interval_s=0.05)
    task = asyncio.create_task(server._serve([listener]))  # without uvicorn's signal handlers
    await until(lambda: server.started)
    try:
        yield Served(port, door, hub, server)
    finally:
        server.should_exit = True
        await task
