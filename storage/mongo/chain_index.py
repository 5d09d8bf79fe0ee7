"""How far each sender chain has run: what this worker has given out, else what the log holds."""

from collections.abc import Iterable
from typing import NamedTuple

from hub.ids import DeviceId, RoomId
from hub.room import NewMessage
from storage.mongo.entry import stretch
from storage.mongo.store import Database

KNOWN_ROOMS = 50_000


class ChainKey(NamedTuple):
    room: RoomId
    device: DeviceId
    chain: bytes

    def to_bytes(self) -> bytes:
        """``_id`` of the chain's document: 48 bytes."""
        return bytes.fromhex(self.room + self.device) + self.chain


class ChainIndex:
    """An index is given when its message is queued, so that the next one may follow before the first is durable."""

    def __init__(self, database: Database) -> None:
        self._chains = database.chains
        self._entries = database.entries
        self._given: dict[RoomId, dict[ChainKey, int | None]] = {}

    def begin(self, key: ChainKey) -> None:
        """A chain was opened just now: nothing of it can be in the log."""
        self._remember(key, None)

    def give(self, message: NewMessage) -> None:
        self._remember(ChainKey(message.room, message.device, message.chain), message.index)

    def take_back(self, message: NewMessage) -> None:
        """The message failed: what its chain has reached is found out when it matters."""
        self._given.get(message.room, {}).pop(ChainKey(message.room, message.device, message.chain), None)

    def forget(self, room: RoomId) -> None:
        """Somebody else wrote into the room, perhaps a device that was connected here before."""
        self._given.pop(room, None)

    def given(self, key: ChainKey) -> tuple[bool, int | None]:
        """Whether this worker knows, and what."""
        known = self._given.get(key.room, {})
        return key in known, known.get(key)

    async def read(self, key: ChainKey) -> int | None:
        """The last index in the log, looked for no further back than the chain was opened."""
        opened = await self._chains.find_one({"_id": key.to_bytes()}, {"since": 1, "last": 1}) or {}
        query = stretch(key.room, after=opened.get("since", 0)) | {"chain": key.chain}
        entry = await self._entries.find_one(query, {"idx": 1}, sort=[("_id", -1)]) or {}
        return highest((opened.get("last"), entry.get("idx")))

    def learn(self, key: ChainKey, index: int | None) -> None:
        self._remember(key, index)

    async def keep(self, key: ChainKey, index: int) -> None:
        """The entry with ``index`` is about to forget its chain: the chain must not forget the entry."""
        await self._chains.update_one({"_id": key.to_bytes()}, {"$max": {"last": index}})

    def _remember(self, key: ChainKey, index: int | None) -> None:
        if len(self._given) >= KNOWN_ROOMS:
            self._given.clear()
        self._given.setdefault(key.room, {})[key] = index


def highest(indices: Iterable[int | None]) -> int | None:
    return max((index for index in indices if index is not None), default=None)
