"""Every room's log, whole and in order, on this device (realtime.md §5).

One task applies entries for all rooms, so that nothing is applied twice or out of order. Live entries are hints:
ahead of the cursor they wait in a small buffer, and after 150 ms the gap is fetched.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from client.applying import Applier
from client.connection import full_jitter
from client.errors import MALFORMED, HubRefused, Offline
from client.store import Store

BUFFERED: Final = 200
GAP_WAIT_S: Final = 0.15
PAGE: Final = 100
ROOMS_PER_SYNC: Final = 200

Ask = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
Item = Mapping[str, Any]


@dataclass(slots=True)
class RoomTail:
    """What is known to come after a room's cursor. ``due`` is the loop time at which it is fetched, None for never."""

    cursor: int
    head: int = 0
    waiting: dict[int, Item] = field(default_factory=dict)
    due: float | None = None

    def take(self, item: Item, now: float) -> None:
        """A live entry: old news is dropped, the far future too, for the next page brings it."""
        seq = item["seq"]
        self.expect(seq, now + GAP_WAIT_S)
        if seq > self.cursor and len(self.waiting) < BUFFERED:
            self.waiting[seq] = item

    def expect(self, head: int, due: float) -> None:
        """The hub's log reaches to ``head``; be there by ``due``."""
        self.head = max(self.head, head)
        if self.head > self.cursor and (self.due is None or due < self.due):
            self.due = due

    def next(self) -> Item | None:
        """The entry right after the cursor, if it is here."""
        return self.waiting.pop(self.cursor + 1, None)

    def moved(self, cursor: int, now: float) -> None:
        """The cursor was moved by storing an entry; what is still ahead gets its full wait again."""
        self.cursor = cursor
        self.waiting = {seq: item for seq, item in self.waiting.items() if seq > cursor}
        self.due = None if self.head <= cursor else now + GAP_WAIT_S


class Sync:
    """``ask`` reaches the hub over the live socket. ``run`` is the one task; everything else only leaves hints."""

    def __init__(self, store: Store, applier: Applier, ask: Ask) -> None:
        self._store, self._applier, self._ask = store, applier, ask
        self._tails = {room: RoomTail(cursor) for room, cursor in store.log.rooms().items()}
        self._wake, self._connected = asyncio.Event(), asyncio.Event()

    def connected(self, heads: Mapping[str, int]) -> None:
        """After each hello: every room is synced, also those that seem to be up to date."""
        for room in {*heads, *self._tails}:
            tail = self._tail(room)
            tail.head, tail.due = max(tail.head, heads.get(room, 0)), 0.0
        self._connected.set()
        self._wake.set()

    def disconnected(self) -> None:
        self._connected.clear()

    def take(self, room: str, item: Item) -> None:
        """A live entry."""
        self._tail(room).take(item, self._now())
        self._wake.set()

    def hint(self, room: str, head: int) -> None:
        """``room:head``: the log reaches this far."""
        self._tail(room).expect(head, self._now())
        self._wake.set()

    def cursor(self, room: str) -> int:
        return self._tail(room).cursor

    async def run(self) -> None:
        """Until cancelled."""
        attempt = 0
        while True:
            await self._rest()
            self._wake.clear()
            try:
                await self._drain()
                await self._fetch([room for room, tail in self._tails.items() if _is_due(tail, self._now())])
                attempt = 0
            except Offline:
                attempt += 1
                await asyncio.sleep(full_jitter(attempt))
            except HubRefused as refusal:
                attempt += 1
                await asyncio.sleep(max(full_jitter(attempt), refusal.after_ms / 1000))
            except MALFORMED as error:
                self._applier.warn_unreadable(error)
                attempt += 1
                await asyncio.sleep(full_jitter(attempt))

    async def _rest(self) -> None:
        """Until something came, or something is due."""
        dues = [tail.due for tail in self._tails.values() if tail.due is not None]
        pause = max(0.0, min(dues) - self._now()) if dues and self._connected.is_set() else None
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _drain(self) -> None:
        for room, tail in list(self._tails.items()):
            while (item := tail.next()) is not None:
                await self._apply(room, tail, item)

    async def _fetch(self, rooms: list[str]) -> None:
        if not self._connected.is_set():
            return
        for start in range(0, len(rooms), ROOMS_PER_SYNC):
            await self._fetch_some(rooms[start : start + ROOMS_PER_SYNC])

    async def _fetch_some(self, rooms: list[str]) -> None:
        try:
            answer = await self._ask("room:sync", {"cursors": {r: self._tail(r).cursor for r in rooms}, "limit": PAGE})
        except HubRefused as refusal:
            if refusal.kind != "not_found":
                raise
            await self._fetch_each(rooms)
            return
        self._applier.tell_presence(answer.get("presence", {}))
        for room, page in answer["rooms"].items():
            await self._take_page(room, page)

    async def _fetch_each(self, rooms: list[str]) -> None:
        """One of these rooms is no longer ours: find out which, and leave it alone."""
        if len(rooms) == 1:
            self._tail(rooms[0]).due = None
            return
        for room in rooms:
            await self._fetch_some([room])

    async def _take_page(self, room: str, page: Mapping[str, Any]) -> None:
        tail = self._tail(room)
        if page["floor"] > tail.cursor + 1:
            self._applier.skip_to(room, page["floor"])
            tail.moved(page["floor"] - 1, self._now())
        if not await self._take_items(room, tail, page["items"]):
            tail.due = self._now() + full_jitter(5)
            return
        tail.head = max(page["head"], tail.cursor)
        tail.due = self._now() if page["more"] or tail.head > tail.cursor else None

    async def _take_items(self, room: str, tail: RoomTail, items: Iterable[Item]) -> bool:
        """Apply what follows the cursor; False at a hole, beyond which nothing is applied."""
        for item in items:
            if item["seq"] > tail.cursor + 1:
                self._applier.warn_hole(room, tail.cursor + 1, item["seq"])
                return False
            if item["seq"] == tail.cursor + 1:
                await self._apply(room, tail, item)
        return True

    async def _apply(self, room: str, tail: RoomTail, item: Item) -> None:
        await self._applier.apply(room, item)
        tail.moved(item["seq"], self._now())

    def _tail(self, room: str) -> RoomTail:
        if room not in self._tails:
            self._store.log.meet(room)
            self._tails[room] = RoomTail(self._store.log.cursor(room))
        return self._tails[room]

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _is_due(tail: RoomTail, now: float) -> bool:
    return tail.due is not None and tail.due <= now
