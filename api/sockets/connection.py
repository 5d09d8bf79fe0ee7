"""A live neighbour on this worker, and who is where: connections, rooms, and telling them things."""

import asyncio
from collections import Counter, deque
from collections.abc import Iterable
from enum import Enum, auto
from time import time
from typing import TYPE_CHECKING, Any, Final, Protocol

from api.sockets.packets import encode_event, event_frame
from api.sockets.transport import HubWebSocketProtocol
from hub.errors import RateLimited

if TYPE_CHECKING:
    from api.sockets.calls import Call

__all__ = ["Connection", "Registry", "Stage", "encode_event"]

POLICY_VIOLATION: Final = 1008
SERVICE_RESTART: Final = 1012
NORMAL_CLOSURE: Final = 1000

MAX_HELD: Final = 256
"""Frames kept for a client whose CONNECT is still being decided."""


class Stage(Enum):
    """How far a socket has come: it never goes back."""

    OPENED = auto()
    CONNECTING = auto()
    CONNECTED = auto()


class Desk(Protocol):
    """The server side of a connection: takes its packets, bad manners and end."""

    counts: Counter[str]

    def packet(self, conn: "Connection", packet: bytes) -> None:
        """Take one Engine.IO text packet."""

    def binary(self, conn: "Connection") -> None:
        """Refuse a binary frame."""

    def lost(self, conn: "Connection") -> None:
        """Forget a connection whose transport is gone."""


class Connection:
    """One websocket with its one namespace.

    ``session`` is the door's own: who this is and until when. ``rooms`` are names built by the server, kept by the
    registry and readable after the end. ``closed`` means that nothing more will be sent.
    """

    __slots__ = (
        "__weakref__",
        "_gone",
        "awaiting_pong",
        "bad_frames",
        "closed",
        "desk",
        "held",
        "inbox",
        "ip",
        "max_queued",
        "opened_at",
        "owed",
        "protocol",
        "rooms",
        "running",
        "session",
        "sid",
        "slot",
        "stage",
        "user",
    )

    def __init__(self, sid: str, ip: str, protocol: HubWebSocketProtocol, desk: Desk, max_queued: int) -> None:
        self.sid = sid
        self.ip = ip
        self.protocol = protocol
        self.desk = desk
        self.max_queued = max_queued
        self.session: Any = None
        self.user = ""
        self.rooms: set[str] = set()
        self.opened_at = time()
        self.stage = Stage.OPENED
        self.closed = False
        self.bad_frames = 0
        self.awaiting_pong = False
        self.slot = 0
        self.owed = 0
        self.running: Call | asyncio.Task[None] | None = None
        self.inbox: deque[Call] | None = None
        self.held: list[bytes] | None = []
        self._gone: asyncio.Future[None] | None = None

    def send(self, frame: bytes) -> None:
        """Write a frame; who reads too slowly is cut, and catches up from the log after reconnecting."""
        if self.closed:
            return
        if self.held is not None:
            self.held.append(frame)
            if len(self.held) > MAX_HELD:
                self.drop("slow_connect")
            return
        protocol = self.protocol
        if protocol.buffered() + len(frame) > self.max_queued:
            self.drop("slow_reader")
        else:
            protocol.write_frame(frame)

    def tell(self, event: str, payload: Any) -> None:
        """Send one server event to this connection alone."""
        self.send(encode_event(event, payload))

    def release(self, first: Iterable[bytes]) -> None:
        """Send ``first``, then what was told while CONNECT was still being decided."""
        held, self.held = self.held or [], None
        for frame in (*first, *held):
            self.send(frame)

    def drop(self, reason: str) -> None:
        """Cut without a word: for peers who would not read it."""
        if not self.closed:
            self.closed = True
            self.desk.counts[reason] += 1
            self.protocol.abort()

    def end(self, code: str, data: dict[str, Any] | None = None) -> None:
        """Say ``bye {code, …}`` and close; ``draining`` closes as a restart, so that clients come back."""
        if self.closed:
            return
        self.send(encode_event("bye", {**(data or {}), "code": code}))
        self.hang_up(SERVICE_RESTART if code == "draining" else POLICY_VIOLATION)

    def hang_up(self, status: int = NORMAL_CLOSURE) -> None:
        """Close behind what is queued, without a ``bye``."""
        if not self.closed:
            self.closed = True
            self.protocol.finish(status)

    async def close(self, code: str, data: dict[str, Any] | None = None) -> None:
        """``end``, and wait until the transport is gone (at most ``transport.LINGER_S``)."""
        self.end(code, data)
        if self.protocol.peer is self:
            self._gone = self._gone or asyncio.get_running_loop().create_future()
            await asyncio.shield(self._gone)

    def on_text(self, packet: bytes) -> None:
        """Take a packet from the wire, unless the connection is over."""
        if not self.closed:
            self.desk.packet(self, packet)

    def on_binary(self) -> None:
        """Refuse a binary frame."""
        if not self.closed:
            self.desk.binary(self)

    def on_lost(self) -> None:
        """Be gone: whoever waits in ``close`` goes on."""
        self.closed = True
        self.desk.lost(self)
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)


class Registry:
    """Who is where on this worker. Every answer is a snapshot, safe to walk while people come and go."""

    def __init__(self, max_per_user: int = 10) -> None:
        self.max_per_user = max_per_user
        self._rooms: dict[str, set[Connection]] = {}
        self._connections: dict[str, Connection] = {}

    def __len__(self) -> int:
        return len(self._connections)

    def identify(self, conn: Connection, user: str, session: str, device: str | None = None) -> None:
        """Say who a connection is, so that it is found by user, session and device.

        Raises ``RateLimited("too_many_sockets")`` when the user has as many as allowed.
        """
        if sum(not other.closed for other in self.by_user(user)) >= self.max_per_user:
            raise RateLimited("too_many_sockets", {"limit": self.max_per_user})
        conn.user = user
        self._connections[conn.sid] = conn
        self.join(conn, f"user:{user}")
        self.join(conn, f"session:{session}")
        if device is not None:
            self.join(conn, f"device:{device}")

    def join(self, conn: Connection, room: str) -> None:
        """Seat a connection in a room; the name is the server's, never a client's."""
        if conn.protocol.peer is not conn:
            return
        conn.rooms.add(room)
        self._rooms.setdefault(room, set()).add(conn)

    def leave(self, conn: Connection, room: str) -> None:
        """Take a connection out of a room; not being there is fine."""
        conn.rooms.discard(room)
        self._unseat(conn, room)

    def forget(self, conn: Connection) -> None:
        """Take a connection out of everything; its own ``rooms`` stay readable for the farewell."""
        self._connections.pop(conn.sid, None)
        for room in conn.rooms:
            self._unseat(conn, room)

    def _unseat(self, conn: Connection, room: str) -> None:
        seated = self._rooms.get(room)
        if seated is not None:
            seated.discard(conn)
            if not seated:
                del self._rooms[room]

    def in_room(self, room: str) -> tuple[Connection, ...]:
        """Everybody in a room."""
        return tuple(self._rooms.get(room, ()))

    def by_user(self, user: str) -> tuple[Connection, ...]:
        """Every connection of a user."""
        return self.in_room(f"user:{user}")

    def by_session(self, session: str) -> tuple[Connection, ...]:
        """Every connection of a sign-in session."""
        return self.in_room(f"session:{session}")

    def by_device(self, device: str) -> tuple[Connection, ...]:
        """Every connection of a device."""
        return self.in_room(f"device:{device}")

    def by_sid(self, sid: str) -> Connection | None:
        """The connection with this id, if it is here."""
        return self._connections.get(sid)

    def everyone(self) -> tuple[Connection, ...]:
        """Every identified connection."""
        return tuple(self._connections.values())

    def rooms(self) -> tuple[str, ...]:
        """Every room with somebody in it."""
        return tuple(self._rooms)

    def tell(self, room: str, event: str, payload: Any, skip: Connection | None = None) -> int:
        """Tell everybody in a room but ``skip``, encoding once; return how many were told."""
        listeners = self._rooms.get(room)
        return self.send(listeners, encode_event(event, payload), skip) if listeners else 0

    def pass_on(self, room: str, event: str, body: bytes) -> None:
        """Tell everybody in a room what is JSON already."""
        if listeners := self._rooms.get(room):
            self.send(listeners, event_frame(event, body))

    def send(self, listeners: Iterable[Connection], frame: bytes, skip: Connection | None = None) -> int:
        """Write one frame to each; ``Connection.send`` never runs foreign code, so a live set is safe here."""
        told = 0
        for conn in listeners:
            if conn is not skip:
                conn.send(frame)
                told += 1
        return told
