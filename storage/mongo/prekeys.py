"""Prekeys of devices: the signed one, which only gets newer, and one-time ones, each given to one who asks."""

from collections.abc import Iterable, Mapping, Sequence

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.ids import DeviceId, UserId
from hub.ports import OneTime, Stock
from storage.mongo.store import Document, Store
from storage.mongo.transaction import again, transaction


class MongoPrekeys(Store):
    """The part of ``hub.ports.Devices`` that is about prekeys."""

    async def put_prekey(self, account: UserId, device: DeviceId, spk: bytes, spk_id: int) -> None:
        older = {"_id": device, "account": account, "spk_id": {"$lt": spk_id}}
        try:
            await self._database.prekeys.update_one(older, {"$set": {"spk": spk, "spk_id": spk_id}}, upsert=True)
        except DuplicateKeyError as error:
            if not await self._database.prekeys.find_one({"_id": device, "account": account, "spk": spk}):
                raise Conflict("prekey_rollback") from error

    async def prekeys(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, bytes]:
        found = self._database.prekeys.find({"_id": {"$in": list(devices)}}, {"spk": 1})
        return {DeviceId(document["_id"]): document["spk"] async for document in found}

    async def add_one_time(self, account: UserId, device: DeviceId, keys: Iterable[OneTime], at_most: int) -> Stock:
        """The numbers taken are remembered with the signed prekey, which must be there."""
        further = sorted(keys)
        if further:
            await again(lambda: self._add(account, device, further, at_most))
        known = await self._database.prekeys.find_one({"_id": device, "account": account}, {"top": 1}) or {}
        return Stock(await self.count_one_time(device, at_most), known.get("top", 0) + 1)

    async def take_one_time(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, OneTime]:
        taken = {}
        for device in devices:
            found = await self._database.one_time_prekeys.find_one_and_delete({"device": device}, sort={"n": 1})
            if found is not None:
                taken[device] = OneTime(found["n"], found["key"])
        return taken

    async def count_one_time(self, device: DeviceId, at_most: int) -> int:
        return await self._database.one_time_prekeys.count_documents({"device": device}, limit=at_most)

    async def forget_prekeys(self, devices: Iterable[DeviceId]) -> None:
        gone = list(devices)
        await self._database.one_time_prekeys.delete_many({"device": {"$in": gone}})
        await self._database.prekeys.delete_many({"_id": {"$in": gone}})

    async def _add(self, account: UserId, device: DeviceId, keys: Sequence[OneTime], at_most: int) -> None:
        async def decided() -> bool:
            known = await self._database.prekeys.find_one({"_id": device}, {"top": 1}) or {}
            return bool(known.get("top", 0) >= keys[-1].id)

        async with transaction(self._database, decided) as session:
            fresh = await self._number(account, device, keys, session)
            waiting = await self._database.one_time_prekeys.count_documents({"device": device}, session=session)
            if waiting + len(fresh) > at_most:
                raise Conflict("quota_exceeded", {"of": "prekeys", "max": at_most})
            if fresh:
                await self._database.one_time_prekeys.insert_many(fresh, session=session)

    async def _number(
        self, account: UserId, device: DeviceId, keys: Sequence[OneTime], session: AsyncClientSession
    ) -> list[Document]:
        """Those above every number there was: the others were here before, and may have been given away."""
        before = await self._database.prekeys.find_one_and_update(
            {"_id": device, "account": account},
            {"$max": {"top": keys[-1].id}},
            {"top": 1},
            return_document=ReturnDocument.BEFORE,
            session=session,
        )
        top = before.get("top", 0) if before else keys[-1].id
        return [{"device": device, "account": account, "n": n, "key": key} for n, key in keys if n > top]
