"""Erasing: one transaction destroys a person's key and account; what it left readable is deleted after it."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.ids import UserId
from hub.keeping import REGISTRY
from hub.ports import Change, Note, StaleWrite
from hub.rental import OCCUPYING, UNRESOLVED
from storage.mongo.audit import MongoAudit
from storage.mongo.changes import MongoChanges
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store
from storage.mongo.transaction import again, transaction

OnErased = Callable[[Collection[str]], None]
"""Told of pseudonyms to be kept outside the database, where a restored backup does not forget them."""


class MongoErasures(Store):
    """``hub.ports.Erasures``. ``erased`` holds a pseudonym for ever, and whose it was until the rest is removed."""

    def __init__(
        self,
        database: Database,
        personal: PersonalFields,
        changes: MongoChanges,
        audit: MongoAudit,
        on_erased: OnErased,
    ) -> None:
        super().__init__(database)
        self._personal = personal
        self._changes = changes
        self._audit = audit
        self._on_erased = on_erased

    async def erase(self, user: UserId, note: Note, *, restored: bool = False) -> None:
        pseudonym = await self._personal.pseudonym(user)
        await again(partial(self._erase, user, pseudonym, note, restored=restored))
        self._personal.drop(user)
        self._on_erased([pseudonym])

    async def hindered(self, user: UserId) -> int:
        return await self._hindered(user, None)

    async def remove_rest(self, user: UserId) -> None:
        for group in REGISTRY.groups:
            for field in group.whose:
                await self._database[group.collection].delete_many({field: user})
        await self._database.media.update_many({"owner": user}, {"$set": {"look_at": datetime.now(UTC)}})
        await self._database.codes.delete_many({"_id": {"$in": [code async for code in self._codes(user)]}})
        await self._database.erased.update_one({"user": user}, {"$unset": {"user": ""}})

    def unfinished(self) -> AsyncIterator[UserId]:
        return self._unfinished()

    async def brought_back(self, pseudonyms: Collection[str]) -> Sequence[UserId]:
        return list((await self._personal.behind(pseudonyms)).values())

    async def listed(self) -> Sequence[str]:
        """The pseudonyms of all who were erased."""
        return [document["_id"] async for document in self._database.erased.find({}, {"_id": 1})]

    async def _erase(self, user: UserId, pseudonym: str, note: Note, *, restored: bool) -> None:
        async def decided() -> bool:
            return await self._database.data_keys.find_one({"_id": user}) is None

        try:
            async with transaction(self._database, decided) as session:
                if not restored and await self._hindered(user, session):
                    raise Conflict("erasure_blocked")
                await self._audit.append(note, session)
                await self._destroy(user, pseudonym, session)
        except DuplicateKeyError as error:
            raise StaleWrite from error

    async def _destroy(self, user: UserId, pseudonym: str, session: AsyncClientSession) -> None:
        database = self._database
        await self._personal.erase(user, session)
        await database.users.delete_one({"_id": user}, session=session)
        await database.credentials.delete_many({"user": user}, session=session)
        found = await database.sessions.find({"user": user}, {"_id": 1}, session=session).to_list()
        await database.sessions.delete_many({"user": user}, session=session)
        changes = [Change("session", document["_id"]) for document in found]
        await self._changes.append([*changes, Change("user", user)], session=session)
        noted = {"$set": {"user": user, "at": datetime.now(UTC)}}
        await database.erased.update_one({"_id": pseudonym}, noted, upsert=True, session=session)

    async def _hindered(self, user: UserId, session: AsyncClientSession | None) -> int:
        party: Document = {"$or": [{"owner": user}, {"renter": user}]}
        agreed = {"state": {"$in": [state.value for state in OCCUPYING]}}
        disputed = {"cases.state": {"$in": [state.value for state in UNRESOLVED]}}
        both: Document = {"$and": [party, {"$or": [agreed, disputed]}]}
        return await self._database.rentals.count_documents(both, session=session)

    async def _codes(self, user: UserId) -> AsyncIterator[str]:
        party: Document = {"$or": [{"owner": user}, {"renter": user}]}
        async for rental in self._database.rentals.find(party, {"_id": 1}):
            async for code in self._database.codes.find({"_id": {"$regex": f"^{rental['_id']}\\."}}, {"_id": 1}):
                yield code["_id"]

    async def _unfinished(self) -> AsyncIterator[UserId]:
        async for document in self._database.erased.find({"user": {"$exists": True}}):
            yield UserId(document["user"])
