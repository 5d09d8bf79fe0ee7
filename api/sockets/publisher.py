"""Hints to live sockets: written to the sockets here at once, and to other workers as one blob per turn of the loop."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Final, Protocol

import orjson

from api.sockets.seating import ROOM, Seating
from crypto import b64
from hub.ids import RoomId
from hub.ports import Audience
from hub.presence import PresenceChange
from hub.room import NewMessage, Stored

RECEIPTS_S: Final = 1.0
"""Receipts of one person in one room go out at most this often: they are cumulative."""

log = logging.getLogger("dorfkiste.live")


class Bus(Protocol):
    """The way to the other workers. ``publish`` never blocks and never raises: a hint may be lost."""

    def publish(self, blob: bytes) -> None: ...


class LivePublisher:
    """``hub.ports.Publisher`` and ``OnStored``; ``receive`` takes what other workers published."""

    def __init__(self, seating: Seating, worker: str) -> None:
        self.bus: Bus | None = None
        self.moved = asyncio.Event()
        """Set when a rental moved here: what follows from it may be due at once."""
        self._seating = seating
        self._registry = seating.registry
        self._name = worker.encode()
        self._out: list[bytes] = []
        self._receipts: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def tell(self, audience: Audience, event: str, payload: Mapping[str, Any]) -> None:
        """Tell sockets here and, in the background, those of other workers."""
        if event == "rental:changed":
            self.moved.set()
        if event == "receipt:changed":
            self._hold_receipt(payload)
        else:
            self._send(*audience, event, payload)

    def on_stored(self, batch: Sequence[tuple[NewMessage, Stored]]) -> None:
        """Tell of durable messages: the keys to their devices first, then the message to its room."""
        for message, stored in batch:
            if stored.duplicate:
                continue
            for device, packet in message.keys.items():
                self._send("device", device, "key:new", _key_view(message, packet))
            self._send("room", message.room, "message:new", _message_view(message, stored))

    def on_presence(self, change: PresenceChange) -> None:
        """Tell those here who share a room with someone that they came or left; other workers hear it themselves."""
        if len(self._registry):
            self._run(self._tell_neighbours(change))

    def receive(self, blob: bytes) -> None:
        """Deliver what another worker published; one's own echo is dropped."""
        if blob.startswith(self._name):
            return
        _, *hints = blob.split(b"\n")
        for hint in hints:
            audience, event, body = hint.split(b" ", 2)
            self._deliver(audience.decode(), event.decode(), body)

    def resubscribed(self) -> None:
        """The bus was deaf for a while: everybody here compares heads."""
        self._run(self._seating.tell_heads())

    async def close(self) -> None:
        """Wait for errands under way."""
        for task in self._errands:
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)

    def _send(self, kind: str, who: str, event: str, payload: Mapping[str, Any]) -> None:
        """Written as JSON once, for sockets and workers alike."""
        audience, body = f"{kind}:{who}", orjson.dumps(payload)
        self._deliver(audience, event, body)
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(f"{audience} {event} ".encode() + body)

    def _flush(self) -> None:
        """One line for each hint, which orjson never breaks, under the name of this worker."""
        out, self._out = self._out, []
        if self.bus is not None:
            self.bus.publish(b"\n".join((self._name, *out)))

    def _deliver(self, audience: str, event: str, body: bytes) -> None:
        if event == "room:head" and audience.startswith("user:"):
            self._run(self._seating.reseat(RoomId(orjson.loads(body)["room"])))
        else:
            self._registry.pass_on(audience, event, body)

    def _hold_receipt(self, payload: Mapping[str, Any]) -> None:
        if not self._receipts:
            asyncio.get_running_loop().call_later(RECEIPTS_S, self._release_receipts)
        self._receipts[payload["room"], payload["user"]] = payload

    def _release_receipts(self) -> None:
        held, self._receipts = self._receipts, {}
        for (room, _), payload in held.items():
            self._send("room", room, "receipt:changed", payload)

    async def _tell_neighbours(self, change: PresenceChange) -> None:
        rooms = await self._seating.rooms_of(change.user)
        neighbours = {conn for room in rooms for conn in self._registry.in_room(ROOM + room)}
        unseen_by = await self._seating.ports.blocks.around(change.user) if neighbours else frozenset()
        payload = {"user": change.user, "state": change.state.value, "n": change.n}
        for conn in neighbours:
            if conn.user != change.user and conn.user not in unseen_by:
                conn.tell("presence:changed", payload)

    def _run(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._ran)

    def _ran(self, task: asyncio.Task[None]) -> None:
        self._errands.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("a hint was lost: %s", type(error).__name__)


def _message_view(message: NewMessage, stored: Stored) -> dict[str, Any]:
    return {
        "room": message.room,
        "seq": stored.seq,
        "ts": stored.ts,
        "from": message.account,
        "dev": message.device,
        "cid": message.cid.hex(),
        "env": b64.encode(message.envelope),
        "ft": b64.encode(stored.ft),
        "kid": stored.kid,
    }


def _key_view(message: NewMessage, packet: bytes) -> dict[str, Any]:
    return {
        "room": message.room,
        "from_dev": message.device,
        "chain": message.chain.hex(),
        "pkt": b64.encode(packet),
    }
