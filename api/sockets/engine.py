"""The Engine.IO half: who may open a websocket, its heartbeat, and its deadlines, with one sweeper for all sockets.

Stock engineio starts a writer task, a queue and a ping task per socket, wraps each receive in ``wait_for``, keeps
sockets that never CONNECT, believes ``X-Forwarded-Host`` and logs every malformed frame with a traceback.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from math import ceil
from typing import Any, Final
from urllib.parse import parse_qs

import engineio
import orjson

from api.sockets.connection import POLICY_VIOLATION, Connection, Stage
from api.sockets.limits import SocketLimits
from api.sockets.packets import NAMESPACE, PING_FRAME, encode_open, encode_refused
from api.sockets.throttle import Throttle, address_key
from api.sockets.transport import EXTENSION, HubWebSocketProtocol

Scope = dict[str, Any]
Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]

CLOSE, PONG, MESSAGE = b"134"

BAD_REQUEST: Final = 3
FORBIDDEN: Final = 4
UNKNOWN_TRANSPORT: Final = 0
UNSUPPORTED_VERSION: Final = 5

log = logging.getLogger("dorfkiste.sockets")


class Refusal(Exception):
    """Why a handshake fails: HTTP status and the code and message of Engine.IO's own refusals."""

    def __init__(self, status: HTTPStatus, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = orjson.dumps({"code": code, "message": message})


class HubEngine(engineio.AsyncServer):
    """Engine.IO over websockets only. ``on_message``, ``on_lost`` and ``on_tick`` are set by the Socket.IO half."""

    on_message: Callable[[Connection, bytes], None]
    on_lost: Callable[[Connection], None]
    on_tick: Callable[[], None]

    def __init__(self, *, limits: SocketLimits, **options: Any) -> None:
        super().__init__(  # type: ignore[no-untyped-call]  # untyped library
            async_mode="asgi",
            transports=["websocket"],
            monitor_clients=False,
            cors_allowed_origins=[],
            max_http_buffer_size=limits.frame,
            ping_interval=limits.ping_interval_s,
            ping_timeout=limits.ping_timeout_s,
            **options,
        )
        self.limits = limits
        self.draining = False
        self.counts: Counter[str] = Counter()
        self._connects = Throttle(limits.connects_per_min_ip)
        self._lines = Throttle(per_minute=60)
        self._strangers: Counter[str] = Counter()
        self._knocking: dict[Connection, float] = {}
        self._wheel: list[set[Connection]] = [set() for _ in range(ceil(limits.ping_interval_s / limits.tick_s))]
        self._slot = 0
        self._patience = ceil(limits.ping_timeout_s / limits.tick_s)
        self._sweeper: asyncio.Task[None] | None = None

    async def handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one ASGI request: a websocket handshake that passes every check, or a refusal."""
        if scope["type"] != "websocket":
            await _respond(send, "http", Refusal(HTTPStatus.BAD_REQUEST, UNKNOWN_TRANSPORT, "Transport unknown"))
            return
        await receive()
        ip = scope["client"][0] if scope["client"] else ""
        try:
            self._check(scope, ip)
        except Refusal as refusal:
            self.counts["handshake_refused"] += 1
            await _respond(send, "websocket.http", refusal)
            return
        await send({"type": "websocket.accept"})
        self._open(scope["extensions"][EXTENSION]["protocol"], ip)

    def _check(self, scope: Scope, ip: str) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if query.get("transport") != ["websocket"]:
            raise Refusal(HTTPStatus.BAD_REQUEST, UNKNOWN_TRANSPORT, "Transport unknown")
        if query.get("EIO") != ["4"]:
            raise Refusal(HTTPStatus.BAD_REQUEST, UNSUPPORTED_VERSION, "Unsupported protocol version")
        if "sid" in query:
            raise Refusal(HTTPStatus.BAD_REQUEST, BAD_REQUEST, "Bad request")
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        if origins and (len(origins) > 1 or origins[0] not in self.limits.origins):
            raise Refusal(HTTPStatus.FORBIDDEN, FORBIDDEN, "Forbidden")
        if self.draining:
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, FORBIDDEN, "Draining")
        caller = address_key(ip)
        if not self._connects.allows(caller) or self._strangers[caller] >= self.limits.max_unauth_per_ip:
            raise Refusal(HTTPStatus.TOO_MANY_REQUESTS, FORBIDDEN, "Too many connections")

    def _open(self, protocol: HubWebSocketProtocol, ip: str) -> None:
        if self._sweeper is None:
            self._sweeper = asyncio.create_task(self._sweep())
        limits = self.limits
        sid: str = self.generate_id()  # type: ignore[no-untyped-call]  # untyped library
        conn = Connection(sid, ip, protocol, self, limits.max_queued)
        self.sockets[sid] = conn
        self._knocking[conn] = asyncio.get_running_loop().time() + limits.connect_deadline_s
        self._strangers[address_key(ip)] += 1
        conn.slot = self._slot
        self._wheel[conn.slot].add(conn)
        protocol.write_frame(encode_open(sid, limits.ping_interval_s, limits.ping_timeout_s, limits.frame))
        protocol.attach(conn)

    def packet(self, conn: Connection, packet: bytes) -> None:
        """Take an Engine.IO packet; nothing that comes from the wire may raise into the transport."""
        kind = packet[0] if packet else 0
        if kind == MESSAGE:
            self.on_message(conn, packet)
        elif kind == PONG and conn.awaiting_pong:
            conn.awaiting_pong = False
        elif kind == CLOSE:
            conn.hang_up()
        else:
            self.bad_frame(conn, "unknown_packet")

    def binary(self, conn: Connection) -> None:
        """Refuse a binary frame: the protocol is JSON text, and attachments have no bound."""
        self.counts["binary_refused"] += 1
        self.refuse(conn, "binary_refused")

    def bad_frame(self, conn: Connection, why: str) -> None:
        """Count a frame that makes no sense; the last one allowed ends the socket. Never logs what it held."""
        self.counts["bad_frames"] += 1
        conn.bad_frames += 1
        if self._lines.allows():
            log.warning("bad frame %.20s from socket %.20s", why, conn.sid)
        if conn.bad_frames >= self.limits.bad_frames:
            self.refuse(conn, "bad_frames")

    def refuse(self, conn: Connection, code: str) -> None:
        """End a socket: with ``bye`` once it is connected, before that with the refusal its client waits for."""
        if conn.closed:
            return
        if conn.stage is Stage.CONNECTED:
            conn.end(code)
            return
        if isinstance(conn.running, asyncio.Task):
            conn.running.cancel()
        conn.held = None
        conn.send(encode_refused(NAMESPACE, code, {}))
        conn.hang_up(POLICY_VIOLATION)

    def connected(self, conn: Connection) -> None:
        """The handshake is over: its deadline and its place among the strangers of its address end."""
        if self._knocking.pop(conn, None) is not None:
            caller = address_key(conn.ip)
            self._strangers[caller] -= 1
            if not self._strangers[caller]:
                del self._strangers[caller]

    def lost(self, conn: Connection) -> None:
        """Forget a connection whose transport is gone."""
        self.sockets.pop(conn.sid, None)
        self._wheel[conn.slot].discard(conn)
        self.connected(conn)
        self.on_lost(conn)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(self.limits.tick_s)
            try:
                self._tick(asyncio.get_running_loop().time())
            except Exception:
                log.exception("sweep failed")

    def _tick(self, now: float) -> None:
        """One step of the wheel: end the silent, ask the next ones, close the doors held open."""
        size = len(self._wheel)
        self._slot = (self._slot + 1) % size
        for conn in tuple(self._wheel[(self._slot - self._patience) % size]):
            if conn.awaiting_pong:
                self.refuse(conn, "ping_timeout")
        for conn in tuple(self._wheel[self._slot]):
            if not conn.closed:
                conn.awaiting_pong = True
                conn.protocol.write_frame(PING_FRAME)
        for conn in [conn for conn, due in self._knocking.items() if due <= now]:
            self.refuse(conn, "connect_timeout")
        self.on_tick()

    async def shutdown(self) -> None:
        """Stop the sweeper."""
        await super().shutdown()  # type: ignore[no-untyped-call]  # untyped library
        sweeper, self._sweeper = self._sweeper, None
        if sweeper is not None:
            sweeper.cancel()
            await asyncio.gather(sweeper, return_exceptions=True)


async def _respond(send: Send, kind: str, refusal: Refusal) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(refusal.body))]
    if refusal.status == HTTPStatus.TOO_MANY_REQUESTS:
        headers.append((b"retry-after", b"60"))
    await send({"type": f"{kind}.response.start", "status": refusal.status.value, "headers": headers})
    await send({"type": f"{kind}.response.body", "body": refusal.body})
