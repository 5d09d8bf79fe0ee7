"""Sign-ins."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial

from hub.account import Session
from hub.ids import DeviceId, SessionId, UserId
from hub.ports import Change
from storage.mongo.changes import MongoChanges
from storage.mongo.store import Database, Document, Store
from storage.mongo.transaction import again, transaction


class MongoSessions(Store):
    """``hub.ports.Sessions``. Expired ones are removed by MongoDB, which nothing waits for."""

    def __init__(self, database: Database, changes: MongoChanges) -> None:
        super().__init__(database)
        self._changes = changes

    async def add(self, session: Session) -> None:
        await self._database.sessions.insert_one(_document(session))

    async def get(self, session: SessionId) -> Session | None:
        document = await self._database.sessions.find_one({"_id": session})
        return _session(document) if document else None

    async def live_of(self, user: UserId) -> Sequence[Session]:
        live = self._database.sessions.find({"user": user, "revoked": False}).sort("created_at")
        return [_session(document) async for document in live]

    async def rotate(self, session: SessionId, presented: bytes, successor: bytes, now: datetime) -> bool:
        current = {"_id": session, "refresh_hash": presented, "revoked": False, "expires_at": {"$gt": now}}
        change = {"refresh_hash": successor, "previous_hash": presented, "rotated_at": now}
        return (await self._database.sessions.update_one(current, {"$set": change})).modified_count == 1

    async def confirm(self, session: SessionId, now: datetime, expires_at: datetime | None = None) -> None:
        whole = {"pending": False, "expires_at": expires_at} if expires_at else {}
        await self._database.sessions.update_one({"_id": session}, {"$set": {"confirmed_at": now, **whole}})

    async def bind_device(self, session: SessionId, device: DeviceId) -> None:
        await self._database.sessions.update_one({"_id": session}, {"$set": {"device": device}})

    async def revoke(self, sessions: Collection[SessionId]) -> None:
        if sessions:
            await again(partial(self._revoke, sessions))

    async def _revoke(self, sessions: Collection[SessionId]) -> None:
        named = {"_id": {"$in": list(sessions)}}

        async def decided() -> bool:
            return await self._database.sessions.find_one({**named, "revoked": False}) is None

        async with transaction(self._database, decided) as transacted:
            await self._database.sessions.update_many(named, {"$set": {"revoked": True}}, session=transacted)
            await self._changes.append([Change("session", id_) for id_ in sessions], session=transacted)


def _document(session: Session) -> Document:
    return {
        "_id": session.id,
        "user": session.user,
        "refresh_hash": session.refresh_hash,
        "previous_hash": session.previous_hash,
        "rotated_at": session.rotated_at,
        "created_at": session.created_at,
        "expires_at": session.expires_at,
        "client": session.client,
        "device": session.device,
        "revoked": session.revoked,
        "pending": session.pending,
        "confirmed_at": session.confirmed_at,
        "known": session.known,
        "app": session.app,
    }


def _session(document: Document) -> Session:
    fields = {name: value for name, value in document.items() if name not in {"_id", "user"}}
    return Session(id=SessionId(document["_id"]), user=UserId(document["user"]), **fields)
