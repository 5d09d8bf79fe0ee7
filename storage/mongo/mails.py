"""The mail queue and the slips that travel by it. Both hold addresses, so both are sealed with the hub's own keys."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from crypto.fields import Place
from hub.ids import new_id
from hub.mail import Mail
from hub.ports import HeldMail, Purpose
from storage.mongo.personal import HubKeys
from storage.mongo.store import Database, Document, Store

LEASE = timedelta(minutes=2)


class MongoPost(Store):
    """``hub.ports.Post``. What nobody could deliver for a week is removed by MongoDB."""

    def __init__(self, database: Database, keyring: HubKeys) -> None:
        super().__init__(database)
        self._keyring = keyring

    async def put(self, mail: Mail) -> None:
        id_, now = new_id(), datetime.now(UTC)
        sealed = self._keyring.seal(json.dumps(asdict(mail)).encode(), Place("mails", "mail", id_))
        document = {"_id": id_, "mail": sealed, "tried": 0, "due_at": now, "lease": None, "created_at": now}
        await self._database.mails.insert_one(document)

    async def claim(self, now: datetime) -> HeldMail | None:
        """The one that is due longest. The lease is a new due date: who dies with it leaves it to another."""
        lease = new_id()
        found = await self._database.mails.find_one_and_update(
            {"due_at": {"$lte": now}},
            {"$set": {"due_at": now + LEASE, "lease": lease}, "$inc": {"tried": 1}},
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        if found is None:
            return None
        told = json.loads(self._keyring.open(found["mail"], Place("mails", "mail", found["_id"])))
        return HeldMail(found["_id"], Mail(**told), found["tried"] - 1, lease)

    async def sent(self, held: HeldMail) -> None:
        await self._database.mails.delete_one(_held(held))

    async def later(self, held: HeldMail, due_at: datetime) -> None:
        await self._database.mails.update_one(_held(held), {"$set": {"due_at": due_at}})


class MongoSlips(Store):
    """``hub.ports.Slips``."""

    def __init__(self, database: Database, keyring: HubKeys) -> None:
        super().__init__(database)
        self._keyring = keyring

    async def add(self, slip: bytes, purpose: Purpose, content: Mapping[str, str], expires_at: datetime) -> None:
        sealed = self._keyring.seal(json.dumps(dict(content)).encode(), _place(slip))
        document = {"_id": slip, "purpose": purpose, "content": sealed, "expires_at": expires_at}
        await self._database.slips.insert_one(document)

    async def take(self, slip: bytes, purpose: Purpose, now: datetime) -> Mapping[str, str] | None:
        return self._opened(slip, await self._database.slips.find_one_and_delete(_wanted(slip, purpose, now)))

    async def drop(self, purpose: Purpose) -> None:
        await self._database.slips.delete_many({"purpose": purpose})

    async def look(self, slip: bytes, purpose: Purpose, now: datetime) -> Mapping[str, str] | None:
        return self._opened(slip, await self._database.slips.find_one(_wanted(slip, purpose, now)))

    def _opened(self, slip: bytes, found: Document | None) -> Mapping[str, str] | None:
        if found is None:
            return None
        content: Mapping[str, str] = json.loads(self._keyring.open(found["content"], _place(slip)))
        return content


def _wanted(slip: bytes, purpose: Purpose, now: datetime) -> Document:
    return {"_id": slip, "purpose": purpose, "expires_at": {"$gt": now}}


def _held(held: HeldMail) -> Document:
    return {"_id": held.id, "lease": held.lease}


def _place(slip: bytes) -> Place:
    return Place("slips", "content", slip.hex())
