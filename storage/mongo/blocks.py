"""Blocks between people: one document for each pair and direction."""

from collections.abc import Sequence

from hub.ids import UserId
from hub.ports import Block
from storage.mongo.store import Document, Store


class MongoBlocks(Store):
    """``hub.ports.Blocks``."""

    async def put(self, block: Block) -> None:
        content = {"user": block.user, "blocked": block.blocked, "created_at": block.created_at}
        query = {"_id": _id(block.user, block.blocked)}
        await self._database.blocks.update_one(query, {"$setOnInsert": content}, upsert=True)

    async def remove(self, user: UserId, blocked: UserId) -> None:
        await self._database.blocks.delete_one({"_id": _id(user, blocked)})

    async def by(self, user: UserId) -> Sequence[Block]:
        found = self._database.blocks.find({"user": user}).sort({"created_at": -1, "_id": 1})
        return [Block(user, UserId(document["blocked"]), document["created_at"]) async for document in found]

    async def around(self, user: UserId) -> frozenset[UserId]:
        found = self._database.blocks.find({"$or": [{"user": user}, {"blocked": user}]})
        return frozenset([_other(document, user) async for document in found])

    async def between(self, one: UserId, other: UserId) -> frozenset[UserId]:
        pair = {"_id": {"$in": [_id(one, other), _id(other, one)]}}
        return frozenset([UserId(document["user"]) async for document in self._database.blocks.find(pair)])


def _id(user: UserId, blocked: UserId) -> str:
    """Unique for the pair and its direction."""
    return f"{user}:{blocked}"


def _other(document: Document, user: UserId) -> UserId:
    return UserId(document["blocked"] if document["user"] == user else document["user"])
