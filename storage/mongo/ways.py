"""The ways in which a person can sign in, of which the last one stays, however many are removed at one moment."""

from datetime import UTC, datetime
from functools import partial

from pymongo.asynchronous.client_session import AsyncClientSession

from hub.ids import UserId
from hub.ports import Removal
from storage.mongo.store import Collection, Database, Document
from storage.mongo.transaction import again, transaction


async def remove_way(database: Database, ways: Collection, user: UserId, way: str) -> Removal:
    """Remove the document ``way`` of this person from ``ways``, unless nothing else would let them in."""
    outcome: list[Removal] = []
    await again(partial(_remove, database, ways, {"_id": way, "user": user}, outcome))
    return outcome[-1]


async def _remove(database: Database, ways: Collection, way: Document, outcome: list[Removal]) -> None:
    async def decided() -> bool:
        return outcome[-1:] != ["removed"] or await ways.find_one(way) is None

    async with transaction(database, decided) as session:
        if await ways.find_one(way, session=session) is None:
            outcome.append("missing")
            return
        touched = {"$set": {"updated_at": datetime.now(UTC)}, "$inc": {"rev": 1}}
        await database.users.update_one({"_id": way["user"]}, touched, session=session)  # one removal at a time
        if not await _another(database, way, session):
            outcome.append("last")
        else:
            await ways.delete_one(way, session=session)
            outcome.append("removed")


async def _another(database: Database, way: Document, session: AsyncClientSession) -> bool:
    """Whether there is a password, or a passkey or identity beside this one."""
    user, other = way["user"], {"user": way["user"], "_id": {"$ne": way["_id"]}}
    if await database.credentials.find_one({"user": user, "kind": "password"}, session=session):
        return True
    kinds = (database.passkeys, database.identities)
    return any([await kind.find_one(other, session=session) for kind in kinds])
