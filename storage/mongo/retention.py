"""Ending terms: messages a year after their rental, rentals when claims have lapsed, old entries of the audit log."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from hub.ids import RoomId
from hub.rental import CLOSED, UNRESOLVED
from storage.mongo.audit import MongoAudit
from storage.mongo.entry import stretch
from storage.mongo.store import Database, Document, Store

_EMPTIED = dict.fromkeys(("env", "keys", "push"), "")
_OF_ROOM = 48 - 16
"""Bytes of a chain's ``_id`` after those of its room."""


class MongoRetention(Store):
    """``hub.ports.Retention``."""

    def __init__(self, database: Database, audit: MongoAudit) -> None:
        super().__init__(database)
        self._audit = audit

    async def empty_messages(self, closed_before: datetime) -> int:
        count = 0
        async for rental in self._ended(closed_before, {"emptied": {"$exists": False}}):
            messages = {**stretch(RoomId(rental["room"])), "env": {"$exists": True}}
            count += (await self._database.entries.update_many(messages, {"$unset": _EMPTIED})).modified_count
            await self._database.rentals.update_one({"_id": rental["_id"]}, {"$set": {"emptied": True}})
        return count

    async def remove_rentals(self, closed_before: datetime) -> int:
        """The rental last, so that what was interrupted is found again."""
        count = 0
        async for rental in self._ended(closed_before, {}):
            await self._remove_room(rental["room"])
            id_ = rental["_id"]
            await self._database.codes.delete_many({"_id": {"$regex": f"^{id_}\\."}})
            await self._database.timers.delete_many({"target": id_})
            await self._database.review_rounds.delete_one({"_id": id_})
            await self._database.agreements.delete_many({"rental": id_})
            await self._database.protocols.delete_many({"rental": id_})
            await self._database.contracts.delete_one({"_id": id_})
            await self._database.rentals.delete_one({"_id": id_})
            count += 1
        return count

    async def forget_entries(self, before: datetime) -> int:
        """Consents of people who have left, too: until then they prove what was agreed to."""
        async for consent in self._database.consents.find({"at": {"$lt": before}}, {"user": 1}):
            if await self._database.users.find_one({"_id": consent["user"]}, {"_id": 1}) is None:
                await self._database.consents.delete_one({"_id": consent["_id"]})
        return await self._audit.forget(before)

    async def _remove_room(self, room: str) -> None:
        start = bytes.fromhex(room)
        chains = {"_id": {"$gte": start + bytes(_OF_ROOM), "$lte": start + b"\xff" * _OF_ROOM}}
        await self._database.entries.delete_many(stretch(RoomId(room)))
        await self._database.chains.delete_many(chains)
        await self._database.receipts.delete_many({"room": room})
        await self._database.rooms.delete_one({"_id": room})

    async def _ended(self, before: datetime, also: Document) -> AsyncIterator[Document]:
        """Less those of people whose data is restricted: they may need it, so no term ends (GDPR Art. 18(1))."""
        kept = {"$nin": await self._database.users.distinct("_id", {"restricted_at": {"$type": "date"}})}
        over: dict[str, Any] = {
            "state": {"$in": [state.value for state in CLOSED]},
            "cases.state": {"$nin": [state.value for state in UNRESOLVED]},
            "updated_at": {"$lt": before},
            "owner": kept,
            "renter": kept,
        }
        async for rental in self._database.rentals.find(over | also, {"room": 1}):
            yield rental
