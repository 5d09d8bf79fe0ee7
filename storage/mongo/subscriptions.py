"""Other calendars of things, read here and written in transactions (``work.py``). Addresses are sealed: they open."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from pymongo import ReturnDocument

from crypto import fields
from hub.feed import Seen, Subscription
from hub.ids import ItemId, SubscriptionId, UserId, new_id
from hub.ports import HeldSubscription
from storage.mongo.personal import PersonalFields
from storage.mongo.store import Database, Document, Store

LEASE = timedelta(minutes=2)


class MongoSubscriptions(Store):
    """``hub.ports.Subscriptions``."""

    def __init__(self, database: Database, personal: PersonalFields) -> None:
        super().__init__(database)
        self._personal = personal

    async def of(self, item: ItemId) -> Sequence[Subscription]:
        found = self._database.subscriptions.find({"item": item}).sort({"_id": 1})
        return [await self._read(document) async for document in found]

    async def claim(self, now: datetime) -> HeldSubscription | None:
        """The lease is a new due date. Those of people who were erased are removed on the way."""
        lease = new_id()
        while True:
            found = await self._database.subscriptions.find_one_and_update(
                {"due_at": {"$lte": now}},
                {"$set": {"due_at": now + LEASE, "lease": lease}},
                sort=[("due_at", 1)],
                return_document=ReturnDocument.AFTER,
            )
            if found is None:
                return None
            try:
                return HeldSubscription(await self._read(found), lease)
            except LookupError:
                await self._database.subscriptions.delete_one({"_id": found["_id"]})

    async def held(self, held: HeldSubscription) -> bool:
        query = {"_id": held.subscription.id, "lease": held.lease}
        return await self._database.subscriptions.find_one(query, {"_id": 1}) is not None

    async def _read(self, document: Document) -> Subscription:
        owner = UserId(document["owner"])
        seen = document["seen"]
        return Subscription(
            id=SubscriptionId(document["_id"]),
            item=ItemId(document["item"]),
            owner=owner,
            url=await self._personal.open(owner, document["url"], _place(document["_id"])),
            q=document["q"],
            seen=Seen(**{**seen, "clashes": tuple(seen["clashes"])}),
        )


async def subscription_document(personal: PersonalFields, subscription: Subscription) -> Document:
    return {
        "_id": subscription.id,
        "item": subscription.item,
        "owner": subscription.owner,
        "url": await personal.seal(subscription.owner, subscription.url, _place(subscription.id)),
        "q": subscription.q,
        "seen": asdict(subscription.seen),
    }


def _place(id_: str) -> fields.Place:
    return fields.Place("subscriptions", "url", id_)
