"""Deadlines, held one at a time by a lease; what they do is checked again when they fire."""

from datetime import UTC, datetime, timedelta

from pymongo import ReturnDocument

from hub.ids import new_id
from hub.ports import DueTimer
from storage.mongo.store import Document, Store

LEASE = timedelta(seconds=60)
NEVER_LEASED = datetime(1970, 1, 1, tzinfo=UTC)


class MongoTimers(Store):
    """``hub.ports.Timers``. Leases run by the real clock, whatever the business clock says is due."""

    async def claim(self, now: datetime) -> DueTimer | None:
        """The longest due; one that fails comes back when its lease ends and so cannot hold up the others."""
        real, lease = datetime.now(UTC), new_id()
        held = {"$set": {"lease": lease, "lease_until": real + LEASE}}
        document = await self._database.timers.find_one_and_update(
            {"due_at": {"$lte": now}, "lease_until": {"$lte": real}},
            held,
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return DueTimer(document["_id"], document["kind"], document["target"], lease) if document else None

    async def done(self, timer: DueTimer) -> None:
        """Remove it, unless its lease ended or it was set anew meanwhile."""
        await self._database.timers.delete_one({"_id": timer.key, "lease": timer.lease})

    async def postpone(self, timer: DueTimer, by: timedelta) -> None:
        held, until = {"_id": timer.key, "lease": timer.lease}, datetime.now(UTC) + by
        await self._database.timers.update_one(held, {"$set": {"lease_until": until}})


def timer_id(target: str, kind: str) -> str:
    """One timer of a kind for each target."""
    return f"{target}:{kind}"


def timer_document(target: str, kind: str, due_at: datetime) -> Document:
    return {
        "_id": timer_id(target, kind),
        "kind": kind,
        "target": target,
        "due_at": due_at,
        "lease": None,
        "lease_until": NEVER_LEASED,
    }
