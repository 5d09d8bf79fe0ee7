"""Rooms, their sender chains and receipts. Rooms and chains are cached: every message asks for both."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.ids import DeviceId, RentalId, RoomId, UserId
from hub.room import Chain, KeptRoster, Member, Receipt, Room, RosterRole
from storage.mongo.cache import Cache
from storage.mongo.chain_index import ChainKey
from storage.mongo.log import GroupCommitLog
from storage.mongo.store import Database, Document, Store


class MongoRooms(Store):
    """``hub.ports.Rooms``."""

    def __init__(self, database: Database, log: GroupCommitLog) -> None:
        super().__init__(database)
        self._log = log
        self._rooms: Cache[RoomId, Room] = Cache(50_000)
        self._chains: Cache[ChainKey, Chain] = Cache(50_000)

    async def get(self, room: RoomId) -> Room | None:
        known = self._rooms.get(room)
        if known is not None:
            return known
        epoch = self._rooms.epoch
        document = await self._database.rooms.find_one({"_id": room})
        if document is None:
            return None
        self._rooms.fill(room, found := read_room(document), epoch)
        return found

    async def of(self, user: UserId) -> Sequence[RoomId]:
        found = self._database.rooms.find({"members.user": user}, {"_id": 1})
        return [RoomId(document["_id"]) async for document in found]

    async def chain(self, room: RoomId, device: DeviceId, chain: bytes) -> Chain | None:
        key = ChainKey(room, device, chain)
        known = self._chains.get(key)
        if known is not None:
            return known
        document = await self._database.chains.find_one({"_id": key.to_bytes()})
        if document is None:
            return None
        self._chains[key] = found = _read_chain(key, document)
        return found

    def known(self, room: RoomId) -> Room | None:
        return self._rooms.get(room)

    def known_chain(self, room: RoomId, device: DeviceId, chain: bytes) -> tuple[Chain, int | None] | None:
        key = ChainKey(room, device, chain)
        found = self._chains.get(key)
        known, last = self._log.given_index(key)
        return (found, last) if known and found is not None else None

    async def open_chain(self, chain: Chain) -> None:
        """Opening the same chain again is a repeat; another one under its id is ``Conflict("chain_taken")``."""
        key = ChainKey(chain.room, chain.device, chain.chain)
        since = await self._log.reached(chain.room)
        try:
            await self._database.chains.insert_one(_chain_document(key, chain, since))
            self._log.begin_chain(key)
        except DuplicateKeyError as error:
            if await self.chain(chain.room, chain.device, chain.chain) != chain:
                raise Conflict("chain_taken") from error
        self._chains[key] = chain

    async def last_index(self, room: RoomId, device: DeviceId, chain: bytes, *, fresh: bool = False) -> int | None:
        return await self._log.last_index(ChainKey(room, device, chain), fresh=fresh)

    async def rosters(self, room: RoomId, after: int) -> Sequence[KeptRoster]:
        """Those that were replaced, and the one that stands: it is read first, so that none falls in between."""
        newest = await self._database.rooms.find_one({"_id": room})
        replaced = self._database.rosters.find({"room": room, "version": {"$gt": after}}).sort("version")
        known = {document["version"]: document async for document in replaced}
        if newest is not None and newest["roster_version"] > after:
            known.setdefault(newest["roster_version"], replaced_roster(newest))
        return [KeptRoster(each["version"], each["seq"], each["roster"]) for each in known.values()]

    async def raise_receipt(self, receipt: Receipt) -> bool:
        heights = {"delivered": receipt.delivered, "read": receipt.read}
        content = {"$max": heights, "$setOnInsert": {"room": receipt.room, "user": receipt.user}}
        query = {"_id": f"{receipt.room}:{receipt.user}"}
        done = await self._database.receipts.update_one(query, content, upsert=True)
        return done.modified_count > 0 or done.upserted_id is not None

    async def receipts(self, room: RoomId) -> Sequence[Receipt]:
        found = self._database.receipts.find({"room": room}).sort("user")
        return [Receipt(room, UserId(d["user"]), d["delivered"], d["read"]) async for d in found]

    def drop(self, room: RoomId) -> None:
        """Forget what is cached of a room. Its chains stay: they never change."""
        self._rooms.drop(room)


def room_document(room: Room) -> Document:
    members = [{"user": m.user, "role": int(m.role), "joined_seq": m.joined_seq} for m in room.members]
    return {
        "_id": room.id,
        "rental": room.rental,
        "members": members,
        "roster": room.roster,
        "roster_version": room.roster_version,
        "roster_hash": room.roster_hash,
        "created_at": room.created_at,
    }


def replaced_roster(document: Document) -> Document:
    """The roster of a room's document as its history keeps it."""
    return {
        "room": document["_id"],
        "version": document["roster_version"],
        "seq": document.get("roster_seq", 0),
        "roster": document["roster"],
    }


def read_room(document: Document) -> Room:
    return Room(
        id=RoomId(document["_id"]),
        rental=RentalId(document["rental"]),
        members=tuple(_member(member) for member in document["members"]),
        roster=document["roster"],
        roster_version=document["roster_version"],
        roster_hash=document["roster_hash"],
        created_at=document["created_at"],
        talk_until=document.get("talk_until"),
    )


def _member(member: Mapping[str, Any]) -> Member:
    return Member(UserId(member["user"]), RosterRole(member["role"]), member["joined_seq"])


def _chain_document(key: ChainKey, chain: Chain, since: int) -> Document:
    """``since``: the room's log had come that far before the chain's first message."""
    return {
        "_id": key.to_bytes(),
        "roster_version": chain.roster_version,
        "lists": {account: list(stamp) for account, stamp in chain.lists.items()},
        "first": chain.first_index,
        "to": sorted(chain.to),
        "since": since,
    }


def _read_chain(key: ChainKey, document: Document) -> Chain:
    return Chain(
        *key,
        roster_version=document["roster_version"],
        lists={UserId(account): (epoch, version) for account, (epoch, version) in document["lists"].items()},
        first_index=document["first"],
        to=frozenset(DeviceId(device) for device in document["to"]),
    )
