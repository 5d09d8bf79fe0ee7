"""Codes for apps by their hashes; one that was redeemed is kept for a day, so that a second use is noticed."""

from dataclasses import asdict
from datetime import datetime, timedelta

from hub.grant import Grant
from storage.mongo.store import Document, Store

KEPT = timedelta(days=1)


class MongoGrants(Store):
    """``hub.ports.Grants``."""

    async def add(self, code: bytes, grant: Grant) -> None:
        document = {"_id": code, **asdict(grant), "used": False, "reused": False, "gone_at": grant.expires_at + KEPT}
        await self._database.grants.insert_one(document)

    async def redeem(self, code: bytes, now: datetime) -> Grant | None:
        fresh = {"_id": code, "used": False, "expires_at": {"$gt": now}}
        return _grant(await self._database.grants.find_one_and_update(fresh, {"$set": {"used": True}}))

    async def reuse(self, code: bytes) -> Grant | None:
        used = {"_id": code, "used": True}
        return _grant(await self._database.grants.find_one_and_update(used, {"$set": {"reused": True}}))

    async def is_reused(self, code: bytes) -> bool:
        return await self._database.grants.find_one({"_id": code, "reused": True}) is not None


def _grant(document: Document | None) -> Grant | None:
    if document is None:
        return None
    return Grant(**{name: document[name] for name in Grant.__slots__})
