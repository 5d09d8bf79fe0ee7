"""Backups: one document of each account with its sealed secrets and manifest, and the sealed entries beside it."""

from collections.abc import Iterable, Sequence

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from hub.backup import Backup
from hub.ids import UserId
from hub.ports import KeptEntry, StaleWrite
from storage.mongo.store import Document, Store
from storage.mongo.transaction import transaction

_FIELDS = ("version", "generation", "code", "passkey", "manifest", "manifest_version", "count", "xor", "last")


class MongoBackups(Store):
    """``hub.ports.Backups``."""

    async def get(self, account: UserId) -> Backup:
        document = await self._database.backups.find_one({"_id": account})
        return Backup(**{name: document[name] for name in _FIELDS}) if document else Backup()

    async def replace(self, account: UserId, before: Backup, after: Backup) -> None:
        async with transaction(self._database, lambda: self._is(account, after)) as session:
            await self._swap(account, before, after, session)
            if after.generation != before.generation:
                await self._database.backup_entries.delete_many({"account": account}, session=session)

    async def add(self, account: UserId, before: Backup, after: Backup, entries: Iterable[bytes]) -> None:
        documents = [{"account": account, "n": n, "entry": raw} for n, raw in enumerate(entries, before.last + 1)]
        async with transaction(self._database, lambda: self._is(account, after)) as session:
            await self._swap(account, before, after, session)
            if documents:
                await self._database.backup_entries.insert_many(documents, session=session)

    async def page(self, account: UserId, after: int, limit: int) -> Sequence[KeptEntry]:
        found = self._database.backup_entries.find({"account": account, "n": {"$gt": after}}).sort("n").limit(limit)
        return [KeptEntry(document["n"], document["entry"]) async for document in found]

    async def _is(self, account: UserId, after: Backup) -> bool:
        return await self.get(account) == after

    async def _swap(self, account: UserId, before: Backup, after: Backup, session: AsyncClientSession) -> None:
        """Only over exactly what was read: the two counters say which that was."""
        current = {"_id": account, "version": before.version, "manifest_version": before.manifest_version}
        content: Document = {name: getattr(after, name) for name in _FIELDS}
        try:
            done = await self._database.backups.update_one(
                current, {"$set": content}, upsert=before == Backup(), session=session
            )
        except DuplicateKeyError as error:
            raise StaleWrite from error
        if done.matched_count != 1 and done.upserted_id is None:
            raise StaleWrite
