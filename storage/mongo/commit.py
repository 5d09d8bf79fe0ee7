"""Group commit: whatever arrives while one batch is being written is the next batch (design: speed.md, realtime.md §4).

One ordered writer per worker keeps the order of arrival. Several workers may write one room: the unique ``_id`` decides
who gets a seq, the unique ``k`` that nothing is stored twice, and after a lost answer both tell what had been stored.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pymongo.errors import ConnectionFailure, OperationFailure

from hub.errors import Conflict, HubError, Unavailable
from hub.ids import RoomId
from hub.ports import OnStored
from hub.room import NewMessage, Stored
from storage.mongo.chain_index import ChainKey
from storage.mongo.entry import message_key, same_message, stored_at
from storage.mongo.heads import read_heads
from storage.mongo.store import DUPLICATE_KEY, Database, Document

BATCH_MESSAGES, BATCH_BYTES = 256, 4_000_000
"""Small enough that telling of one batch takes no longer than writing the next."""
QUEUE_MESSAGES, QUEUE_BYTES = 20_000, 64_000_000
GIVE_UP_S = 20.0
PAUSE_S = 0.05
KNOWN_ROOMS = 50_000
_MAJORITY: Final = {"w": "majority", "j": True}

Mark = Callable[[bytes, int, bytes, int], tuple[str, bytes]]
"""(104-byte header, seq, sender's 16 bytes, ts) -> (key id, franking tag): e2ee.md §8."""

log = logging.getLogger(__name__)


class Uncertain(Exception):
    """Something is written that may not last, or that cannot be read yet."""


@dataclass(slots=True, eq=False)
class Pending:
    """A message on its way. ``tried``: an attempt may have stored it without our knowing."""

    message: NewMessage
    k: bytes
    deadline: float
    outcome: asyncio.Future[Stored]
    repeats: list[asyncio.Future[Stored]] = field(default_factory=list)
    document: Document = field(default_factory=dict)
    tried: bool = False

    @property
    def size(self) -> int:
        return len(self.message.envelope)

    def resolve(self, stored: Stored) -> None:
        if not self.outcome.done():
            self.outcome.set_result(stored)
        for repeat in self.repeats:
            if not repeat.done():
                repeat.set_result(replace(stored, duplicate=True))

    def refuse(self, error: HubError) -> None:
        for waiting in (self.outcome, *self.repeats):
            if not waiting.done():
                waiting.set_exception(error)


class GroupCommit:
    """The writer. ``on_stored`` hears of each durable stretch in seq order per room, ``on_refused`` of what failed."""

    def __init__(
        self,
        database: Database,
        mark: Mark,
        on_stored: OnStored,
        on_refused: Callable[[NewMessage], None],
        now_ms: Callable[[], int],
    ) -> None:
        self._database = database
        self._mark = mark
        self._on_stored = on_stored
        self._on_refused = on_refused
        self._now_ms = now_ms
        self._last_ts = 0
        self._heads: dict[RoomId, int] = {}
        self.reached: dict[RoomId, int] = {}
        """A seq that each room's log has surely reached: durable, written here."""
        self._queue: deque[Pending] = deque()
        self._queued_bytes = 0
        self.pending: dict[bytes, Pending] = {}
        self._arrived = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False

    def start(self) -> None:
        self._writer = asyncio.create_task(self._write(), name="group commit")

    async def stop(self) -> None:
        """Take no more, write what has been taken, end."""
        self._stopping = True
        self._arrived.set()
        if self._writer:
            await self._writer

    def submit(self, message: NewMessage) -> asyncio.Future[Stored]:
        """Queue in call order; the future resolves when the message is durable, or carries the refusal."""
        # Kept, because Python 3.11 makes a system call each time it is asked for the running loop.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        outcome: asyncio.Future[Stored] = loop.create_future()
        k = message_key(message)
        known = self.pending.get(k)
        if known is not None:
            _repeat(known, message, outcome)
        elif self._stopping or len(self.pending) >= QUEUE_MESSAGES or self._queued_bytes >= QUEUE_BYTES:
            outcome.set_exception(Unavailable("overloaded", after_ms=1000))
        else:
            self._enqueue(Pending(message, k, loop.time() + GIVE_UP_S, outcome))
        return outcome

    def indices_under_way(self, key: ChainKey) -> list[int]:
        """Indices of one chain that are queued but not durable yet."""
        queued = (pending.message for pending in self.pending.values())
        return [m.index for m in queued if (m.room, m.device, m.chain) == key]

    def forget_head(self, room: RoomId) -> None:
        """Someone else wrote into the room: its head is read again before the next write.

        Only forgotten, never set: a hint that was wrong would leave a hole in the log for ever.
        """
        self._heads.pop(room, None)

    def _enqueue(self, pending: Pending) -> None:
        self.pending[pending.k] = pending
        self._queue.append(pending)
        self._queued_bytes += pending.size
        self._arrived.set()

    async def _write(self) -> None:
        while not self._stopping or self._queue:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                await self._commit(self._take())

    def _take(self) -> list[Pending]:
        queue, size = self._queue, 0
        batch: list[Pending] = []
        while queue and len(batch) < BATCH_MESSAGES and size < BATCH_BYTES:
            pending = queue.popleft()
            batch.append(pending)
            size += pending.size
        self._queued_bytes -= size
        return batch

    async def _commit(self, batch: list[Pending]) -> None:
        """Write the batch, whatever it takes; each turn settles some of it or waits for the server."""
        rest, patience = batch, _Patience()
        while rest:
            try:
                rest = await self._attempt(rest)
            except (ConnectionFailure, OperationFailure, Uncertain) as error:
                log.warning("the log lost an answer: %s", type(error).__name__)
                rest = await self._find_again(self._unsettled(rest), patience)
            except Exception:  # the writer must outlive what nobody foresaw; only these messages fail
                log.exception("the log cannot write a batch of %d", len(rest))
                self._refuse(self._unsettled(rest), Unavailable("unknown_outcome", after_ms=1000))
                return

    async def _attempt(self, rest: list[Pending]) -> list[Pending]:
        """One ordered insert; returns what is still to be written."""
        await self._learn_heads(rest)
        self._number(rest)
        insert = {"insert": "entries", "documents": [p.document for p in rest], "writeConcern": _MAJORITY}
        reply = await self._database.command(insert)
        if "writeConcernError" in reply:
            raise Uncertain
        errors = reply.get("writeErrors")
        if not errors:
            # A turn later: the next batch is on its way to the server before people are told of this one.
            asyncio.get_running_loop().call_soon(self._settle, rest)
            return []
        at = errors[0]["index"]
        self._settle(rest[:at])
        self._forget_heads(rest[at:])
        return await self._resume(rest[at:], errors[0])

    async def _resume(self, rest: list[Pending], error: Document) -> list[Pending]:
        """The first of ``rest`` met an error, which stopped the others. A taken seq means: again, with a fresh head."""
        first = rest[0]
        if error["code"] != DUPLICATE_KEY:
            log.error("the log cannot store an entry: code %s", error["code"])
            self._refuse([first], Unavailable("not_storable"))
            return rest[1:]
        if "k" not in error["keyPattern"]:
            return rest
        if await self._recognise([first]):
            raise Uncertain
        return rest[1:]

    async def _recognise(self, candidates: Sequence[Pending]) -> list[Pending]:
        """Settle those that the log holds already; returns the others in order."""
        found = self._database.entries.find({"k": {"$in": [p.k for p in candidates]}})
        known: dict[bytes, Document] = {document["k"]: document async for document in found}
        ours: list[Pending] = []
        for pending in candidates:
            document = known.get(pending.k)
            if document is None:
                continue
            if not same_message(document, pending.message):
                self._refuse([pending], Conflict("cid_mismatch"))
            elif pending.tried:
                pending.document = document
                ours.append(pending)
            else:
                self._release(pending)
                pending.resolve(stored_at(document, duplicate=True))
        self._settle(ours)
        return [pending for pending in candidates if pending.k not in known]

    async def _find_again(self, rest: list[Pending], patience: "_Patience") -> list[Pending]:
        """After a lost answer: read what arrived before anything is told or tried again."""
        for pending in rest:
            pending.tried = True
        self._forget_heads(rest)
        await patience.pause()
        rest = self._expire(rest)
        try:
            return await self._recognise(rest)
        except (ConnectionFailure, OperationFailure):
            return self._unsettled(rest)

    def _expire(self, rest: list[Pending]) -> list[Pending]:
        """Give up on what waits too long, and on what follows it in its chain: a chain has no gaps."""
        now = asyncio.get_running_loop().time()
        everything = (*rest, *self._queue)
        late = {p.message.chain for p in everything if p.deadline <= now}
        if not late:
            return rest
        self._refuse([p for p in everything if p.message.chain in late], Unavailable("unknown_outcome", after_ms=1000))
        kept = [p for p in self._queue if p.message.chain not in late]
        self._queue = deque(kept)
        self._queued_bytes = sum(p.size for p in kept)
        return [p for p in rest if p.message.chain not in late]

    async def _learn_heads(self, rest: Sequence[Pending]) -> None:
        """Know the head of every room of ``rest``; again if a hint took one away in between."""
        for known in (self._heads, self.reached):
            if len(known) > KNOWN_ROOMS:
                known.clear()
        rooms = {pending.message.room for pending in rest}
        while unknown := rooms - self._heads.keys():
            self._heads.update(await read_heads(self._database, unknown, level="local"))

    def _forget_heads(self, rest: Iterable[Pending]) -> None:
        for pending in rest:
            self._heads.pop(pending.message.room, None)

    def _number(self, batch: Iterable[Pending]) -> None:
        """Give each message its place and time, and make its document."""
        self._last_ts = ts = max(self._last_ts, self._now_ms())
        heads, mark = self._heads, self._mark
        for pending in batch:
            message = pending.message
            heads[message.room] = seq = heads[message.room] + 1
            account = bytes.fromhex(message.account)
            kid, ft = mark(message.header, seq, account, ts)
            pending.document = document = {
                "_id": bytes.fromhex(message.room) + seq.to_bytes(8, "big"),
                "k": pending.k,
                "acct": account,
                "env": message.envelope,
                "chain": message.chain,
                "idx": message.index,
                "ts": ts,
                "kid": kid,
                "ft": ft,
            }
            if message.keys:
                document["keys"] = [{"to": bytes.fromhex(to), "pkt": pkt} for to, pkt in message.keys.items()]
            if message.push != "none":
                document["push"] = {"st": "q", "at": ts, "p": message.push}

    def _settle(self, batch: Sequence[Pending]) -> None:
        """These are durable: answer, and tell."""
        told: list[tuple[NewMessage, Stored]] = []
        for pending in batch:
            stored = stored_at(pending.document, duplicate=False)
            self._release(pending)
            self.reached[pending.message.room] = stored.seq
            pending.resolve(stored)
            told.append((pending.message, stored))
        if not told:
            return
        try:
            self._on_stored(told)
        except Exception:  # who listens must not stop the log
            log.exception("telling of stored messages failed")

    def _refuse(self, batch: Iterable[Pending], error: HubError) -> None:
        for pending in batch:
            self._release(pending)
            pending.refuse(error)
            self._on_refused(pending.message)

    def _release(self, pending: Pending) -> None:
        self.pending.pop(pending.k, None)

    def _unsettled(self, batch: Iterable[Pending]) -> list[Pending]:
        return [pending for pending in batch if pending.k in self.pending]


def _repeat(known: Pending, message: NewMessage, outcome: asyncio.Future[Stored]) -> None:
    """The same cid again while the first is under way shares its outcome."""
    if known.message.envelope == message.envelope:
        known.repeats.append(outcome)
    else:
        outcome.set_exception(Conflict("cid_mismatch"))


class _Patience:
    """Waits a little longer each time, up to a second, so that a server that comes back is not met by a crowd."""

    def __init__(self) -> None:
        self._pause = PAUSE_S

    async def pause(self) -> None:
        await asyncio.sleep(random.uniform(self._pause / 2, self._pause))
        self._pause = min(self._pause * 2, 1.0)


def wall_ms() -> int:
    return time.time_ns() // 1_000_000
