"""Linkings under way; MongoDB forgets them when their time is over."""

from collections.abc import Sequence
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from hub.errors import Conflict
from hub.ids import DeviceId, LinkId, SessionId, UserId
from hub.link import Link, Step
from hub.ports import StaleWrite
from storage.mongo.store import Document, Store


class MongoLinks(Store):
    """``hub.ports.Links``."""

    async def add(self, link: Link) -> None:
        try:
            await self._database.links.insert_one({"_id": link.id, "user": link.user} | _content(link))
        except DuplicateKeyError as error:
            raise Conflict("link_taken") from error

    async def get(self, link: LinkId, user: UserId, now: datetime) -> Link | None:
        document = await self._database.links.find_one({"_id": link, "user": user, "expires_at": {"$gt": now}})
        return _link(document) if document else None

    async def of(self, user: UserId, now: datetime) -> Sequence[Link]:
        found = self._database.links.find({"user": user, "expires_at": {"$gt": now}}).sort("expires_at")
        return [_link(document) async for document in found]

    async def save(self, link: Link, expected: Step) -> None:
        current = {"_id": link.id, "user": link.user, "step": expected.value}
        done = await self._database.links.update_one(current, {"$set": _content(link)})
        if done.matched_count != 1:
            raise StaleWrite

    async def remove(self, link: LinkId, user: UserId) -> None:
        await self._database.links.delete_one({"_id": link, "user": user})


def _content(link: Link) -> Document:
    return {
        "session": link.session,
        "expires_at": link.expires_at,
        "step": link.step.value,
        "commit": link.commit,
        "device": link.device,
        "eph": link.eph,
        "revealed": link.revealed,
        "bundle": link.bundle,
    }


def _link(document: Document) -> Link:
    return Link(
        id=LinkId(document["_id"]),
        user=UserId(document["user"]),
        session=SessionId(document["session"]),
        expires_at=document["expires_at"],
        commit=document["commit"],
        device=DeviceId(document["device"]) if document["device"] else None,
        eph=document["eph"],
        revealed=document["revealed"],
        bundle=document["bundle"],
    )
