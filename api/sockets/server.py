"""The Socket.IO server of the hub: python-socketio with its hazards countered, one reason per override.

What stays python-socketio's: the ASGI mounting, the protocol and its options, the server-side API (``emit``,
``enter_room``, ``disconnect`` …). What is ours, and why (realtime.md §2, all measured on 5.18):

- events go to one ``Door`` through an allow-list: there, a client could run ``connect`` and ``disconnect`` handlers;
- every event ends in exactly one ack: there, a handler that raised acked nothing and an unknown event acked success;
- one client's events keep their order under a deadline, see ``calls``;
- CONNECT has a deadline, comes once and to one namespace, see ``engine``;
- binary packets are refused at their first frame: there, their header alone could pin half a gigabyte;
- emitting encodes once and writes to each transport: there, it made a task and a queue entry per recipient.
"""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any, Final, Protocol

import socketio

from api.errors import describe
from api.sockets.calls import Calls, failed
from api.sockets.connection import Connection, Registry, Stage
from api.sockets.engine import HubEngine
from api.sockets.limits import SocketLimits
from api.sockets.manager import RegistryManager
from api.sockets.packets import (
    NAMESPACE,
    BadPacket,
    encode_bad,
    encode_connected,
    encode_event,
    encode_refused,
    read_connect,
    read_event,
)
from hub.errors import HubError

__all__ = ["Door", "HubSocketServer", "SocketLimits", "create_socket_server"]

RESERVED: Final = frozenset(
    {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}
)

CONNECT, DISCONNECT, EVENT = b"012"
BINARY: Final = frozenset(b"56")

log = logging.getLogger("dorfkiste.sockets")


class Door(Protocol):
    """Who stands behind the sockets: decides who comes in and what each event does."""

    async def on_connect(self, conn: Connection, auth: dict[str, Any]) -> dict[str, Any]:
        """Admit: set ``conn.session``, ``Registry.identify`` and join; return the ``hello`` payload.

        A ``HubError`` refuses: the client gets CONNECT_ERROR with its code, and the socket closes.
        """

    def on_event(self, conn: Connection, name: str, payload: Any) -> Awaitable[Any]:
        """Handle one event; the awaitable resolves to its outcome. A ``HubError`` becomes ``{ok: false, error}``."""

    def answer(self, name: str, outcome: Any) -> Mapping[str, Any]:
        """The ack that tells the outcome of an event."""

    def events(self) -> frozenset[str]:
        """The names that exist."""

    def pipelined(self) -> frozenset[str]:
        """Events whose ``on_event`` has done its ordering part when it returns: the next one does not wait for it."""

    async def on_disconnect(self, conn: Connection) -> None:
        """Someone who was connected is gone; the registry has already forgotten them."""


class HubSocketServer(socketio.AsyncServer):
    """The server: reads packets, admits connections, hands events to ``Calls``."""

    eio: HubEngine

    def __init__(self, door: Door, limits: SocketLimits, registry: Registry) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # untyped library
            client_manager=RegistryManager(registry),
            namespaces=[NAMESPACE],
            async_handlers=False,
            logger=log,
            engineio_logger=log,
            limits=limits,
        )
        registry.max_per_user = limits.max_per_user
        self.registry = registry
        self.limits = limits
        self.counts = self.eio.counts
        self._door = door
        self._events = door.events() - RESERVED
        self._calls = Calls(door, limits.event_deadline_s, limits.max_owed)
        self._farewells: set[asyncio.Task[None]] = set()
        self.eio.on_message = self._message
        self.eio.on_lost = self._lost
        self.eio.on_tick = self._tick

    def _engineio_server_class(self) -> type[HubEngine]:
        return HubEngine

    def on(self, event: str, handler: Any = None, namespace: str | None = None) -> Any:
        """Refuse handlers beside the door: they would never run."""
        del handler, namespace
        raise TypeError(f"{event!r} belongs to the door's events()")

    def register_namespace(self, namespace_handler: Any) -> None:
        """Refuse namespace classes, for the same reason."""
        raise TypeError(f"{namespace_handler!r}: the door is the only handler")

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:
        """Close a connection, saying ``bye``."""
        del namespace, ignore_queue
        conn = self.registry.by_sid(sid)
        if conn is not None:
            await conn.close("disconnected")

    def _message(self, conn: Connection, packet: bytes) -> None:
        kind = packet[1] if len(packet) > 1 else 0
        try:
            if kind == EVENT:
                self._event(conn, packet)
            elif kind == CONNECT:
                self._connect(conn, packet)
            elif packet == b"41/hub,":
                conn.hang_up()
            elif kind in BINARY:
                self.eio.binary(conn)
            else:
                self.eio.bad_frame(conn, "unknown_packet")
        except BadPacket as bad:
            self._bad(conn, bad)

    def _event(self, conn: Connection, packet: bytes) -> None:
        if not packet.startswith(b"42/hub,"):
            raise BadPacket("unknown_namespace")
        ack_id, name, payload = read_event(packet, self.limits.max_depth)
        if conn.stage is not Stage.CONNECTED:
            raise BadPacket("not_connected")
        if name in self._events:
            self._calls.submit(conn, ack_id, name, payload, len(packet))
        else:
            self._unknown(conn, ack_id)

    def _unknown(self, conn: Connection, ack_id: bytes) -> None:
        self.counts["unknown_event"] += 1
        if ack_id:
            conn.send(encode_bad(ack_id, "unknown_event"))
        else:
            self.eio.bad_frame(conn, "unknown_event")

    def _bad(self, conn: Connection, bad: BadPacket) -> None:
        """Answer what can be answered; what cannot counts against the socket."""
        if bad.ack_id and conn.stage is Stage.CONNECTED:
            conn.send(encode_bad(bad.ack_id, bad.code))
        else:
            self.eio.bad_frame(conn, bad.code)

    def _connect(self, conn: Connection, packet: bytes) -> None:
        if conn.stage is not Stage.OPENED:
            raise BadPacket("second_connect")
        namespace, auth = read_connect(packet)
        if namespace != NAMESPACE:
            conn.protocol.write_frame(encode_refused(namespace, "unknown_namespace", {}))
            raise BadPacket("unknown_namespace")
        conn.stage = Stage.CONNECTING
        conn.running = asyncio.create_task(self._admit(conn, auth))

    async def _admit(self, conn: Connection, auth: dict[str, Any]) -> None:
        """Let the door decide; whoever left meanwhile was here all the same, and is seen off."""
        try:
            hello = await self._door.on_connect(conn, auth)
            opening = encode_connected(conn.sid), encode_event("hello", hello)
        except HubError as refusal:
            self._turn_away(conn, describe(refusal))
        except Exception as error:  # noqa: BLE001 - the door's fault, told to the client as such
            self._turn_away(conn, failed("connect", error)["error"])
        except asyncio.CancelledError:
            self._turn_away(conn, {"code": "connect_timeout", "retry": True})
            raise
        else:
            conn.running = None
            conn.stage = Stage.CONNECTED
            self.eio.connected(conn)
            conn.release(opening)
            if conn.protocol.peer is not conn:
                self.registry.forget(conn)
                await self._farewell(conn)

    def _turn_away(self, conn: Connection, error: dict[str, Any]) -> None:
        self.counts["connect_refused"] += 1
        self.registry.forget(conn)
        conn.rooms.clear()
        code = error.pop("code")
        error.pop("kind", None)
        conn.held = None
        conn.send(encode_refused(NAMESPACE, code, {**error.pop("data", {}), **error}))
        conn.hang_up()

    def _lost(self, conn: Connection) -> None:
        self.registry.forget(conn)
        self._calls.forget(conn)
        if conn.stage is Stage.CONNECTED:
            task = asyncio.create_task(self._farewell(conn))
            self._farewells.add(task)
            task.add_done_callback(self._farewells.discard)

    async def _farewell(self, conn: Connection) -> None:
        try:
            await self._door.on_disconnect(conn)
        except Exception as error:  # noqa: BLE001 - nobody is left to tell
            failed("disconnect", error)

    def _tick(self) -> None:
        self._calls.expire(asyncio.get_running_loop().time())

    def drain(self, data: Mapping[str, Any] | None = None) -> int:
        """Refuse newcomers and send everybody away with ``bye {code:"draining"}``; return how many that are."""
        self.eio.draining = True
        for conn in tuple(self.eio.sockets.values()):
            if conn.stage is Stage.CONNECTED:
                conn.end("draining", dict(data or {}))
            else:
                conn.hang_up()
        return len(self.eio.sockets)

    async def shutdown(self) -> None:
        """Stop the sweeper and wait for the last farewells."""
        await super().shutdown()  # type: ignore[no-untyped-call]  # untyped library
        if self._farewells:
            await asyncio.wait(self._farewells, timeout=self.limits.event_deadline_s)


def create_socket_server(door: Door, limits: SocketLimits, registry: Registry) -> HubSocketServer:
    """The real-time server, to be mounted with ``socketio.ASGIApp(server, other_asgi_app=…)``."""
    return HubSocketServer(door, limits, registry)
