"""The rooms' log: messages by group commit, pages forward and back, redaction."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping

from crypto.dkx.envelope import HEADER, EnvelopeHeader
from hub.errors import Conflict
from hub.ids import DeviceId, RoomId, UserId
from hub.ports import OnStored
from hub.room import Entry, MessageAddress, NewMessage, Page, Standing, Stored
from storage.mongo.chain_index import ChainIndex, ChainKey, highest
from storage.mongo.commit import GroupCommit, Mark, wall_ms
from storage.mongo.entry import (
    LAST_SEQ,
    entry_id,
    fingerprint,
    message_key,
    projection,
    read_entry,
    same_message,
    seq_of,
    stored_at,
    stretch,
)
from storage.mongo.heads import read_heads
from storage.mongo.store import Database, Document, Store

_ERASED = {"$eq": [{"$type": "$env"}, "missing"]}
PAGE_BYTES = 1_000_000
"""A page of large messages ends early."""


class GroupCommitLog(Store):
    """``hub.ports.MessageLog``, and how far each chain has run in it."""

    def __init__(
        self,
        database: Database,
        mark: Mark,
        on_stored: OnStored,
        *,
        now_ms: Callable[[], int] = wall_ms,
    ) -> None:
        super().__init__(database)
        self._indices = ChainIndex(database)
        self._commit = GroupCommit(database, mark, on_stored, self._indices.take_back, now_ms)

    def start(self) -> None:
        self._commit.start()

    async def stop(self) -> None:
        """Write what has been taken, then end."""
        await self._commit.stop()

    def submit(self, message: NewMessage) -> Awaitable[Stored]:
        outcome = self._commit.submit(message)
        if not outcome.done():
            self._indices.give(message)
        return outcome

    async def repeated(self, message: NewMessage) -> Stored | None:
        if message_key(message) in self._commit.pending:
            return await self._commit.submit(message)
        document = await self._database.entries.find_one({"k": message_key(message)})
        if document is None:
            self._indices.take_back(message)  # it was refused by what was known here, which may be out of date
            return None
        if not same_message(document, message):
            raise Conflict("cid_mismatch")
        return stored_at(document, duplicate=True)

    def begin_chain(self, key: ChainKey) -> None:
        """Of this chain, just opened, nothing can be in the log."""
        self._indices.begin(key)

    def given_index(self, key: ChainKey) -> tuple[bool, int | None]:
        """Whether this worker knows the last index it has queued for the chain, and which that is."""
        return self._indices.given(key)

    async def last_index(self, key: ChainKey, *, fresh: bool = False) -> int | None:
        """The last index this worker has queued for the chain or, if it knows none or ``fresh``, the log holds."""
        known, given = self._indices.given(key)
        if known and not fresh:
            return given
        stored = await self._indices.read(key)
        last = highest([stored, *self._commit.indices_under_way(key)])
        self._indices.learn(key, last)
        return last

    def saw(self, room: RoomId, seq: int | None = None) -> None:  # noqa: ARG002 - a hint is not trusted with numbers
        """Another worker, or a command, wrote into the room."""
        self._commit.forget_head(room)
        self._indices.forget(room)

    async def reached(self, room: RoomId) -> int:
        """A seq that the log has reached, perhaps not its last: asked only where this worker has written none."""
        known = self._commit.reached.get(room)
        return (await read_heads(self._database, [room]))[room] if known is None else known

    async def heads(self, rooms: Iterable[RoomId]) -> Mapping[RoomId, int]:
        return await read_heads(self._database, list(rooms))

    async def forward(self, room: RoomId, after: int, limit: int, device: DeviceId | None) -> Page:
        found = self._database.entries.find(stretch(room, after=after), projection(device)).sort("_id", 1)
        entries = await _some(found.limit(max(1, limit)))
        head = (await self.heads([room]))[room]
        last = entries[-1].seq if entries else after
        return Page(tuple(entries), head, more=last < head)

    async def back(self, room: RoomId, before: int, limit: int, device: DeviceId | None) -> Page:
        """The entries just before ``before``, oldest first."""
        found = self._database.entries.find(stretch(room, before=min(before, LAST_SEQ)), projection(device))
        entries = await _some(found.sort("_id", -1).limit(max(1, limit)))
        head = (await self.heads([room]))[room]
        first = entries[-1].seq if entries else 1
        return Page(tuple(reversed(entries)), head, more=first > 1)

    async def find(self, message: MessageAddress) -> Standing | None:
        found = await self._database.entries.find_one({"k": message_key(message)}, {"erased": _ERASED})
        return Standing(seq_of(found["_id"]), found["erased"]) if found else None

    async def address(self, room: RoomId, seq: int, account: UserId) -> MessageAddress | None:
        mine = {"_id": entry_id(room, seq), "acct": bytes.fromhex(account), "env": {"$exists": True}}
        found = await self._database.entries.find_one(mine, {"env": 1})
        if found is None:
            return None
        header = EnvelopeHeader.of(found["env"])
        return MessageAddress(room, DeviceId(header.device.hex()), header.cid)

    async def redact(self, room: RoomId, seq: int, account: UserId) -> bool:
        mine = {"_id": entry_id(room, seq), "acct": bytes.fromhex(account)}
        document = await self._database.entries.find_one(mine)
        if document is None or "env" not in document:
            return document is not None
        device = DeviceId(EnvelopeHeader.parse(document["env"][:HEADER]).device.hex())
        await self._indices.keep(ChainKey(room, device, document["chain"]), document["idx"])
        removed = dict.fromkeys(("env", "keys", "chain", "idx", "push"), "")
        was = {"was": fingerprint(document["env"])}
        await self._database.entries.update_one(mine, {"$unset": removed, "$set": was})
        return True


async def _some(found: AsyncIterable[Document]) -> list[Entry]:
    """The entries until they are too many bytes; at least one."""
    entries: list[Entry] = []
    size = 0
    async for document in found:
        entries.append(read_entry(document))
        size += len(document.get("env", b""))
        if size > PAGE_BYTES:
            break
    return entries
