"""What every worker must learn within 2 s: by the stream, by polling, and after the server was away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from pymongo.read_concern import ReadConcern

from hub.ports import Change
from storage.mongo.changes import MongoChanges
from storage.mongo.store import Database


def told(name: str) -> Change:
    return Change("session", name)


@asynccontextmanager
async def following(changes: MongoChanges) -> AsyncIterator["asyncio.Queue[Change]"]:
    """The changes as they come, until the block ends."""
    heard: asyncio.Queue[Change] = asyncio.Queue()

    async def follow() -> None:
        async for change in changes.follow():
            heard.put_nowait(change)

    task = asyncio.create_task(follow())
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def next_of(heard: "asyncio.Queue[Change]") -> Change:
    return await asyncio.wait_for(heard.get(), 2)


async def test_a_change_is_heard_at_once(changes: MongoChanges):
    async with following(changes) as heard:
        await asyncio.sleep(0.5)
        begun = monotonic()
        await changes.append([told("a")])
        assert await next_of(heard) == told("a")
        assert monotonic() - begun < 0.9, "the stream should be quicker than the poll"


async def test_without_a_stream_polling_still_hears_within_two_seconds(
    changes: MongoChanges, monkeypatch: pytest.MonkeyPatch
):
    async def silent(self: MongoChanges, rung: asyncio.Event) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(MongoChanges, "_ring", silent)
    async with following(changes) as heard:
        await asyncio.sleep(0.1)
        await changes.append([told("a")])
        assert await next_of(heard) == told("a")


async def test_what_came_before_the_worker_started_is_heard_too(changes: MongoChanges):
    await changes.append([told("a"), told("b")])
    async with following(changes) as heard:
        assert {await next_of(heard), await next_of(heard)} == {told("a"), told("b")}


async def test_each_change_is_heard_once(changes: MongoChanges):
    async with following(changes) as heard:
        for n in range(30):
            await changes.append([told(str(n))])
        assert sorted([int((await next_of(heard)).id) for _ in range(30)]) == list(range(30))
        await asyncio.sleep(1.2)
        assert heard.empty()


async def test_what_was_written_early_but_seen_late_is_heard(changes: MongoChanges, store: Database):
    """A transaction may take its time between writing and committing."""
    async with following(changes) as heard:
        await changes.append([told("a")])
        await next_of(heard)
        late = {"kind": "session", "id": "late", "at": datetime.now(UTC) - timedelta(seconds=10)}
        await store.changes.insert_one(late)
        assert await next_of(heard) == told("late")


async def test_two_workers_hear_the_same(changes: MongoChanges, store: Database):
    other = MongoChanges(store, datetime.now(UTC))
    async with following(changes) as one, following(other) as two:
        await changes.append([told("a")])
        assert await next_of(one) == await next_of(two) == told("a")


async def test_a_killed_stream_is_opened_again(changes: MongoChanges, store: Database):
    async with following(changes) as heard:
        await asyncio.sleep(0.3)
        admin = store.client.get_database("admin", read_concern=ReadConcern("local"))
        async for operation in await admin.aggregate([{"$currentOp": {"idleCursors": True}}]):
            if operation.get("ns") == f"{store.name}.changes" and "cursor" in operation:
                await store.command({"killCursors": "changes", "cursors": [operation["cursor"]["cursorId"]]})
        await changes.append([told("a")])
        assert await next_of(heard) == told("a")
