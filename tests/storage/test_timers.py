"""Deadlines: held by one worker at a time, never lost with a worker, and never twice done."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hub.ids import new_id
from storage.mongo import timers as timers_module
from storage.mongo.store import Database
from storage.mongo.timers import MongoTimers, timer_document
from storage.mongo.work import MongoWork
from tests.storage.world import NOW


@pytest.fixture
def db(store: Database) -> Database:
    """What is due is asked of all there is, so each test has its own database."""
    return store


@pytest.fixture
def timers(db: Database) -> MongoTimers:
    return MongoTimers(db)


async def set_timer(db: Database, due_at: datetime = NOW, kind: str = "offer_expire") -> str:
    target = new_id()
    await db.timers.insert_one(timer_document(target, kind, due_at))
    return target


async def test_nothing_is_due_before_its_time(timers: MongoTimers, db: Database):
    target = await set_timer(db)
    assert await timers.claim(NOW - timedelta(seconds=1)) is None
    due = await timers.claim(NOW)
    assert due is not None
    assert (due.target, due.kind) == (target, "offer_expire")


async def test_the_longest_due_comes_first(timers: MongoTimers, db: Database):
    late = await set_timer(db, NOW - timedelta(hours=1))
    later = await set_timer(db, NOW - timedelta(hours=2))
    claimed = [await timers.claim(NOW), await timers.claim(NOW)]
    assert [due and due.target for due in claimed] == [later, late]


async def test_each_timer_is_held_by_one_worker(timers: MongoTimers, db: Database):
    targets = {await set_timer(db) for _ in range(10)}
    claimed = await asyncio.gather(*(MongoTimers(db).claim(NOW) for _ in range(30)))
    held = [due.target for due in claimed if due]
    assert sorted(held) == sorted(targets)


async def test_a_timer_that_is_done_is_gone(timers: MongoTimers, db: Database):
    await set_timer(db)
    due = await timers.claim(NOW)
    assert due is not None
    await timers.done(due)
    assert await db.timers.count_documents({}) == 0


async def test_a_timer_of_a_worker_that_died_comes_back(
    timers: MongoTimers, db: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(timers_module, "LEASE", timedelta(milliseconds=50))
    target = await set_timer(db)
    dead = await timers.claim(NOW)
    assert await timers.claim(NOW) is None
    await asyncio.sleep(0.1)
    due = await timers.claim(NOW)
    assert dead is not None
    assert due is not None
    assert due.target == target
    await timers.done(dead)
    assert await db.timers.count_documents({}) == 1, "who lost the lease may not end it for its successor"


async def test_one_that_could_not_be_done_comes_back_before_its_lease_ends(timers: MongoTimers, db: Database):
    await set_timer(db)
    due = await timers.claim(NOW)
    assert due is not None
    await timers.postpone(due, timedelta(milliseconds=100))
    assert await timers.claim(NOW) is None
    await asyncio.sleep(0.15)
    again = await timers.claim(NOW)
    assert again is not None
    assert again.key == due.key
    await timers.postpone(due, timedelta())
    assert await timers.claim(NOW) is None, "who lost the lease may not end it for its successor"


async def test_the_lease_runs_by_the_real_clock(timers: MongoTimers, db: Database):
    """A demo may move the business clock by a year; that must not free what is being worked on."""
    await set_timer(db, datetime.now(UTC))
    assert await timers.claim(datetime.now(UTC) + timedelta(days=1)) is not None
    assert await timers.claim(datetime.now(UTC) + timedelta(days=365)) is None


async def test_a_timer_set_anew_while_it_fires_stands(timers: MongoTimers, work: MongoWork, db: Database):
    item = await set_timer(db, kind="rivals")
    firing = await timers.claim(NOW)
    async with work() as tx:
        await tx.set_timer(item, "rivals", NOW + timedelta(hours=1))
    assert firing is not None
    await timers.done(firing)
    due = await timers.claim(NOW + timedelta(hours=1))
    assert due is not None
    assert due.key == firing.key
