"""What every worker must learn within 2 s, with or without Redis: an appended list, followed by all."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from bson import ObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import PyMongoError

from hub.ports import Change
from storage.ending import end
from storage.mongo.store import Database, Document, Store

POLL_S = 1.0
OVERLAP = timedelta(seconds=30)
"""Longer than a transaction lives: one may write its time early and be seen late."""

log = logging.getLogger(__name__)


class MongoChanges(Store):
    """``hub.ports.Changes``, and the append."""

    def __init__(self, database: Database, since: datetime) -> None:
        """``since``: the start of this worker less the life of an access token, so that no live token is missed."""
        super().__init__(database)
        self._since = since

    async def append(self, changes: Iterable[Change], session: AsyncClientSession | None = None) -> None:
        """Write them down, with the server's clock: those of the workers may differ."""
        for change in changes:
            content = {"$set": {"kind": change.kind, "id": change.id}, "$currentDate": {"at": True}}
            await self._database.changes.update_one({"_id": ObjectId()}, content, upsert=True, session=session)

    async def follow(self) -> AsyncIterator[Change]:
        """Each change once, for ever; a server that is away only delays.

        What counts is read by polling. The change stream merely says when to poll at once, so that nothing depends on
        its resume tokens.
        """
        rung = asyncio.Event()
        bell = asyncio.create_task(self._ring(rung), name="change stream")
        seen: dict[ObjectId, datetime] = {}
        try:
            while not _asked_to_end():
                for document in await self._fresh(seen):
                    yield Change(document["kind"], document["id"])
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_S):  # wait_for of Python 3.11 loses a cancel at the wrong moment
                        await rung.wait()
                rung.clear()
        finally:
            await end([bell])

    async def _fresh(self, seen: dict[ObjectId, datetime]) -> list[Document]:
        """What was not ``seen``, oldest first; ``seen`` is kept as short as the overlap."""
        horizon = max([self._since, *seen.values()]) - OVERLAP
        try:
            found = await self._database.changes.find({"at": {"$gt": horizon}}).sort("at").to_list()
        except PyMongoError as error:
            log.warning("changes cannot be read: %s", type(error).__name__)
            return []
        fresh = [document for document in found if document["_id"] not in seen]
        seen.update((document["_id"], document["at"]) for document in fresh)
        for old in [known for known, at in seen.items() if at <= horizon]:
            del seen[old]
        return fresh

    async def _ring(self, rung: asyncio.Event) -> None:
        while not _asked_to_end():
            try:
                async with await self._database.changes.watch(max_await_time_ms=1000) as stream:
                    rung.set()  # whatever came while no stream was open
                    async for _ in stream:
                        rung.set()
            except PyMongoError as error:
                log.warning("the change stream ended: %s", type(error).__name__)
            await asyncio.sleep(POLL_S)


def _asked_to_end() -> bool:
    """A cancel that meets the driver while it loses a connection is swallowed there; the task still knows of it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
