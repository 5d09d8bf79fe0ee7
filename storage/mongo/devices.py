"""Signed device lists, each account's newest cached because every message asks for it."""

from collections.abc import Iterable, Mapping, Sequence

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.ids import UserId
from hub.ports import Change, StaleWrite
from hub.room import DeviceList
from storage.mongo.cache import Cache
from storage.mongo.changes import MongoChanges
from storage.mongo.prekeys import MongoPrekeys
from storage.mongo.store import Database, Document
from storage.mongo.transaction import transaction


class MongoDevices(MongoPrekeys):
    """``hub.ports.Devices``."""

    def __init__(self, database: Database, changes: MongoChanges) -> None:
        super().__init__(database)
        self._changes = changes
        self._newest: Cache[UserId, DeviceList | None] = Cache(50_000)

    async def newest(self, account: UserId) -> DeviceList | None:
        if account in self._newest:
            return self._newest[account]
        epoch = self._newest.epoch
        document = await self._database.device_lists.find_one(
            {"account": account}, sort=[("epoch", -1), ("version", -1)]
        )
        found = _device_list(document) if document else None
        self._newest.fill(account, found, epoch)
        return found

    async def newest_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList]:
        known: dict[UserId, DeviceList] = {}
        for account in accounts:
            newest = self._newest[account] if account in self._newest else await self.newest(account)
            if newest is not None:
                known[account] = newest
        return known

    def known_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList] | None:
        known: dict[UserId, DeviceList] = {}
        for account in accounts:
            if account not in self._newest:
                return None
            if (newest := self._newest[account]) is not None:
                known[account] = newest
        return known

    async def history(self, account: UserId, after: tuple[int, int]) -> Sequence[DeviceList]:
        epoch, version = after
        later = [{"epoch": {"$gt": epoch}}, {"epoch": epoch, "version": {"$gt": version}}]
        found = self._database.device_lists.find({"account": account, "$or": later}).sort({"epoch": 1, "version": 1})
        return [_device_list(document) async for document in found]

    async def at(self, account: UserId, stamp: tuple[int, int]) -> DeviceList | None:
        document = await self._database.device_lists.find_one({"account": account, **_place(stamp)})
        return _device_list(document) if document else None

    async def publish(self, new: DeviceList, expected: tuple[int, int] | None) -> None:
        async def decided() -> bool:
            return await self._database.device_lists.find_one({"_id": _key(new)}) is not None

        try:
            async with transaction(self._database, decided) as session:
                await self._own(new, session)
                await self._append(new, expected, session)
                await self._changes.append([Change("devices", new.account)], session=session)
        finally:
            self.drop(new.account)

    def drop(self, account: UserId) -> None:
        """Forget what is cached of an account."""
        self._newest.drop(account)

    async def _own(self, new: DeviceList, session: AsyncClientSession) -> None:
        """A device id belongs to the account that named it first, for ever."""
        for device in new.devices:
            mine = {"_id": device, "account": new.account}
            try:
                await self._database.devices.update_one(mine, {"$setOnInsert": mine}, upsert=True, session=session)
            except DuplicateKeyError as error:
                raise Conflict("device_taken") from error

    async def _append(self, new: DeviceList, after: tuple[int, int] | None, session: AsyncClientSession) -> None:
        """Each list follows another one and each is followed by one only: the unique index is the compare-and-swap."""
        try:
            await self._database.device_lists.insert_one(_document(new, after), session=session)
        except DuplicateKeyError as error:
            raise StaleWrite from error


def _place(stamp: tuple[int, int]) -> Document:
    epoch, version = stamp
    return {"epoch": epoch, "version": version}


def _key(known: DeviceList) -> str:
    return f"{known.account}:{known.epoch}:{known.version}"


def _document(new: DeviceList, after: tuple[int, int] | None) -> Document:
    return {
        "_id": _key(new),
        "account": new.account,
        "aik": new.aik,
        "epoch": new.epoch,
        "version": new.version,
        "after": "{}.{}".format(*after) if after else "",
        "devices": list(new.devices),
        "cert": new.cert,
        "devlist": new.devlist,
        "hash": new.hash,
    }


def _device_list(document: Document) -> DeviceList:
    return DeviceList(
        account=UserId(document["account"]),
        aik=document["aik"],
        epoch=document["epoch"],
        version=document["version"],
        devices=tuple(document["devices"]),
        cert=document["cert"],
        devlist=document["devlist"],
        hash=document["hash"],
    )
