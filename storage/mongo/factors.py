"""Second factors: the secret sealed with the person's own key, its last step and spare codes spent atomically."""

from collections.abc import Collection

from pymongo.errors import DuplicateKeyError

from crypto.fields import Place
from hub.factor import Factor
from hub.ids import UserId
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store


class MongoFactors(Store):
    """``hub.ports.Factors``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def get(self, user: UserId) -> Factor | None:
        found = await self._database.credentials.find_one(_of(user))
        if found is None:
            return None
        secret = await self._personal.open(user, found["data"], _place(user))
        return Factor(secret, found["active"], len(found["spare"]))

    async def propose(self, user: UserId, secret: str) -> bool:
        sealed = await self._personal.seal(user, secret, _place(user))
        fresh = {"data": sealed, "active": False, "step": 0, "spare": []}
        try:
            await self._database.credentials.update_one({**_of(user), "active": False}, {"$set": fresh}, upsert=True)
        except DuplicateKeyError:  # one is there, and it is active
            return False
        return True

    async def activate(self, user: UserId, step: int, spare: Collection[bytes]) -> bool:
        change = {"active": True, "step": step, "spare": list(spare)}
        return await self._change({**_of(user), "active": False}, {"$set": change})

    async def spend_step(self, user: UserId, step: int) -> bool:
        unused = {**_of(user), "active": True, "step": {"$lt": step}}
        return await self._change(unused, {"$set": {"step": step}})

    async def spend_spare(self, user: UserId, spare: bytes) -> bool:
        return await self._change({**_of(user), "active": True, "spare": spare}, {"$pull": {"spare": spare}})

    async def replace_spare(self, user: UserId, spare: Collection[bytes]) -> None:
        await self._change({**_of(user), "active": True}, {"$set": {"spare": list(spare)}})

    async def remove(self, user: UserId) -> None:
        await self._database.credentials.delete_one(_of(user))

    async def _change(self, current: Document, change: Document) -> bool:
        return (await self._database.credentials.update_one(current, change)).modified_count == 1


def _of(user: UserId) -> Document:
    return {"user": user, "kind": "totp"}


def _place(user: UserId) -> Place:
    return Place("credentials", "totp", user)
