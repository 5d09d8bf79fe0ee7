"""Every event between its arrival and its one ack: order per client, deadlines, back-pressure.

python-socketio either runs a client's events side by side, which reorders them, or one after another in the task that
reads the socket, where one slow handler outlives the ping window; and a handler that raises acks nothing.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Mapping
from functools import partial
from typing import Any, Final, Protocol

from api.errors import describe, internal, trace_of
from api.sockets.connection import Connection
from api.sockets.packets import encode_ack
from api.sockets.throttle import Throttle
from hub.errors import HubError

CALL_COST: Final = 512
"""Bytes an unanswered event counts for besides its payload."""

log = logging.getLogger("dorfkiste.sockets")


class Answering(Protocol):
    """The part of the door that answers events."""

    def on_event(self, conn: Connection, name: str, payload: Any) -> Awaitable[Any]:
        """Begin handling one event."""

    def answer(self, name: str, outcome: Any) -> Mapping[str, Any]:
        """The ack that tells the outcome of an event."""

    def pipelined(self) -> frozenset[str]:
        """Names of events that let the same client's next one begin before they are answered."""


class Call:
    """One event of one client; ``due`` is its deadline in loop time."""

    __slots__ = ("__weakref__", "ack_id", "conn", "cost", "due", "name", "payload", "work")

    def __init__(self, conn: Connection, ack_id: bytes, name: str, payload: Any, size: int) -> None:
        self.conn = conn
        self.ack_id = ack_id
        self.name = name
        self.payload = payload
        self.cost = size + CALL_COST
        self.due = 0.0
        self.work: asyncio.Future[Any] | None = None


class Calls:
    """The unanswered events of this worker, oldest deadline first."""

    def __init__(self, door: Answering, deadline_s: float, max_owed: int) -> None:
        self._door = door
        self._pipelined = door.pipelined()
        self._deadline_s = deadline_s
        self._max_owed = max_owed
        self._live: dict[Call, None] = {}
        self._overdue: set[asyncio.Future[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return len(self._live)

    def submit(self, conn: Connection, ack_id: bytes, name: str, payload: Any, size: int) -> None:
        """Handle an event now, or after the ordered ones of the same client that came before it."""
        call = Call(conn, ack_id, name, payload, size)
        conn.owed += call.cost
        if conn.owed > self._max_owed:
            conn.protocol.pause()
        if conn.running is None and not conn.inbox:
            self._begin(call)
        else:
            conn.inbox = conn.inbox or deque()
            conn.inbox.append(call)

    def _begin(self, call: Call) -> None:
        # Kept, because Python 3.11 makes a system call each time it is asked for the running loop.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        call.due = loop.time() + self._deadline_s
        self._live[call] = None
        try:
            work = asyncio.ensure_future(self._door.on_event(call.conn, call.name, call.payload))
        except Exception as error:  # noqa: BLE001 - whatever the door raises, its client is answered
            self._answer(call, refused(call.name, error))
            return
        call.work, call.payload = work, None
        if call.name not in self._pipelined:
            call.conn.running = call
        elif work.done():
            self._settle(call, work)
            return
        work.add_done_callback(partial(self._settle, call))

    def _settle(self, call: Call, work: asyncio.Future[Any]) -> None:
        """Take the outcome of ``work``; after the deadline nobody waits for it any more."""
        error = asyncio.CancelledError() if work.cancelled() else work.exception()
        if call in self._live:
            self._answer(call, self._told(call, work.result()) if error is None else refused(call.name, error))

    def _told(self, call: Call, outcome: Any) -> Mapping[str, Any]:
        try:
            return self._door.answer(call.name, outcome)
        except Exception as error:  # noqa: BLE001 - it was done, and cannot be shown: our fault, told as such
            return failed(call.name, error)

    def _answer(self, call: Call, answer: Mapping[str, Any]) -> None:
        """Send the one ack of a call, and let the next event of its client begin."""
        del self._live[call]
        conn = call.conn
        conn.owed -= call.cost
        if conn.owed <= self._max_owed // 2:
            conn.protocol.resume()
        if call.ack_id and not conn.closed:
            conn.send(self._ack(call, answer))
        if conn.running is call:
            conn.running = None
            self._next(conn)

    def _ack(self, call: Call, answer: Mapping[str, Any]) -> bytes:
        try:
            return encode_ack(call.ack_id, answer)
        except TypeError as error:
            return encode_ack(call.ack_id, failed(call.name, error))

    def _next(self, conn: Connection) -> None:
        inbox = conn.inbox
        while inbox and conn.running is None:
            call = inbox.popleft()
            if not conn.closed:
                self._begin(call)
        if not inbox:
            conn.inbox = None

    def expire(self, now: float) -> None:
        """Answer ``timeout`` to what is overdue and cancel its work, without trusting it to end."""
        while self._live:
            call = next(iter(self._live))
            if call.due > now:
                return
            work = call.work
            if work is not None and not work.done():
                self._overdue.add(work)
                work.add_done_callback(self._overdue.discard)
                work.cancel()
            self._answer(call, {"ok": False, "error": {"code": "timeout", "kind": "unavailable", "retry": True}})

    def forget(self, conn: Connection) -> None:
        """Drop what a lost client asked and nobody began; what has begun runs on, since it may be half done."""
        conn.inbox = None


_loud = Throttle(per_minute=60)


def refused(name: str, error: BaseException) -> dict[str, Any]:
    """The answer to an event that raised."""
    if isinstance(error, HubError):
        return {"ok": False, "error": describe(error)}
    return failed(name, error)


def failed(name: str, error: BaseException) -> dict[str, Any]:
    """The answer when it is our fault, with the id that the log has it under."""
    return {"ok": False, "error": internal(trace_of(log, f"event {name:.40}", error, aloud=_loud.allows()))}
