"""The live door: who comes in and what each event does. Everything it opens for stands in the table."""

from collections.abc import Awaitable, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic, time
from typing import Any, Final

from api.gate import Gate
from api.limit import Limit, check_limits
from api.protocol import ACTS, Act
from api.sockets.connection import Connection
from api.sockets.limits import SocketLimits
from api.sockets.seat import GRACE_S, Seat
from api.sockets.seating import Seating
from api.wire import parse
from crypto.dkx.rest import MAX_BODY
from hub.authority import admit
from hub.burst import Bursts
from hub.errors import HubError, Invalid, RateLimited, Unauthenticated
from hub.ids import RoomId
from hub.ports import Ports
from hub.usecases.presence import BeatPresence
from hub.usecases.sessions import RefreshSession

VERSION: Final = 1
FEATURES: Final = ("rental", "dkx1", "devices", "receipts", "typing", "presence")
SHORT_S: Final = 120
"""Limits over longer windows are counted in the shared store, so that they hold over all workers and reconnects."""

Answer = dict[str, Any]


class HubDoor:
    """Stands behind the Socket.IO server (``api.sockets.server.Door``)."""

    def __init__(
        self, ports: Ports, gate: Gate, seating: Seating, limits: SocketLimits, *, limit_factor: float = 1.0
    ) -> None:
        self._ports = ports
        self._factor = limit_factor
        self._gate = gate
        self._seating = seating
        self._limits = limits
        self._acts = {row.event: row for row in ACTS if row.doors != "http"}
        self._bursts = Bursts()

    def events(self) -> frozenset[str]:
        """The names of the table that this door opens for."""
        return frozenset(self._acts)

    def pipelined(self) -> frozenset[str]:
        """Those whose order is settled before their outcome is."""
        return frozenset(name for name, row in self._acts.items() if row.pipelined)

    async def on_connect(self, conn: Connection, auth: dict[str, Any]) -> Answer:
        """Check the token, take a seat in each of the neighbour's rooms, say hello."""
        found = await self._gate.admit(_token(auth))
        admit(found.actor, ("member",), self._ports.clock.real())
        if auth.get("device") not in (None, found.actor.device):
            raise Unauthenticated("device_required")
        seat = conn.session = Seat(conn, found.actor, found.exp, self._gate.now)
        rooms = await self._seating.admit(conn, found.actor)
        heads = await self._ports.log.heads(rooms)
        if seat.over:
            raise Unauthenticated("session_revoked")
        seat.start()
        await self.beat(conn)
        return self._hello(seat, heads)

    async def on_disconnect(self, conn: Connection) -> None:
        """Stop the clock and let the neighbours know, if this was the last socket."""
        seat: Seat = conn.session
        seat.leave()
        await self._ports.presence.leave(seat.actor.user, conn.sid)

    async def beat(self, conn: Connection) -> None:
        """Say that this socket is still here; presence may be away, and nothing depends on it."""
        seat: Seat = conn.session
        with suppress(HubError):
            await self._ports.presence.beat(seat.actor.user, conn.sid, seat.state)

    def on_event(self, conn: Connection, name: str, payload: Any) -> Awaitable[Any]:
        """Begin one act; a pipelined one has its place in the order when this returns."""
        row = self._acts[name]
        if not row.pipelined:
            return self._act(conn, row, payload)
        seat: Seat = conn.session
        self._check_visit(seat)
        command = parse(row, payload)
        if row.at_once is not None and seat.lane.idle:
            outcome = row.at_once(self._ports, seat.actor, command)
            if outcome is not None:
                return outcome
        return seat.lane.follow(partial(row.call, self._ports, seat.actor, command))

    def answer(self, name: str, outcome: Any) -> Answer:
        """The ack of an act that went well."""
        return {"ok": True, **self._acts[name].view(outcome)}

    async def _act(self, conn: Connection, row: Act, payload: Any) -> Any:
        seat: Seat = conn.session
        self._check_visit(seat)
        command = parse(row, payload, **dict.fromkeys(row.fills, conn.sid))
        await self._check_limits(row.limits, conn, command)
        match command:
            case RefreshSession(token):
                return await self._refresh(conn, token)
            case BeatPresence(state):
                seat.state = state
        return await row.call(self._ports, seat.actor, command)

    async def _refresh(self, conn: Connection, token: str) -> int:
        """Go on with a fresh token, until when it says; it may prove a device that the first one did not."""
        seat: Seat = conn.session
        found = await self._gate.admit(token)
        before = seat.actor
        if found.actor.session != before.session or before.device not in {None, found.actor.device}:
            raise Unauthenticated("bad_token")
        if found.actor.device is not None:
            self._seating.registry.join(conn, f"device:{found.actor.device}")
        seat.renew(found.actor, found.exp)
        return found.exp

    def _check_visit(self, seat: Seat) -> None:
        if seat.over:
            raise Unauthenticated("session_revoked")
        if seat.exp + GRACE_S <= self._gate.now():
            raise Unauthenticated("token_expired")

    async def _check_limits(self, limits: tuple[Limit, ...], conn: Connection, command: Any) -> None:
        actor = conn.session.actor
        shared = tuple(limit for limit in limits if limit.seconds > SHORT_S)
        for limit in limits:
            if limit.inside or limit in shared:
                continue
            bucket = limit.bucket(actor=actor, ip=conn.ip, command=command)
            count = int(limit.count * self._factor)
            wait_ms = self._bursts.take(bucket, count, count / limit.seconds, monotonic())
            if wait_ms:
                raise RateLimited("rate_limited", {"limit": limit.name}, after_ms=wait_ms)
        if shared:
            await check_limits(self._ports.limiter, shared, actor=actor, ip=conn.ip, command=command)

    def _hello(self, seat: Seat, heads: Mapping[RoomId, int]) -> Answer:
        policy = self._ports.policy
        return {
            "v": VERSION,
            "now": int(time() * 1000),
            "user": seat.actor.user,
            "session": seat.actor.session,
            "device": seat.actor.device,
            "exp": seat.exp * 1000,
            "limits": {
                "max_frame": self._limits.frame,
                "max_body": MAX_BODY,
                "message_burst": policy.message_burst,
                "message_per_s": policy.message_per_s,
                "room_per_min": policy.room_per_min,
            },
            "features": list(FEATURES),
            "heads": dict(heads),
        }


def _token(auth: Mapping[str, Any]) -> str:
    """The token of a CONNECT payload, after the version was agreed on."""
    if type(auth.get("v")) is not int or auth["v"] != VERSION:
        raise Invalid("version", {"min": VERSION, "max": VERSION})
    token = auth.get("token")
    if not isinstance(token, str):
        raise Unauthenticated("bad_token")
    return token
