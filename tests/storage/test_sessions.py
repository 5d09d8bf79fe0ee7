"""Sign-ins: rotation by compare-and-swap, revocation that every worker hears of."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.account import Session
from hub.ids import DeviceId, SessionId, UserId, new_id
from storage.mongo.changes import MongoChanges
from storage.mongo.sessions import MongoSessions
from storage.mongo.store import Database

NOW = datetime.now(UTC).replace(microsecond=0)
USER = UserId(new_id())


def sign_in(user: UserId = USER) -> Session:
    return Session(SessionId(new_id()), user, b"1" * 32, None, NOW, NOW, NOW + timedelta(days=30), "web/1")


@pytest.fixture
def sessions(store: Database, changes: MongoChanges) -> MongoSessions:
    return MongoSessions(store, changes)


async def test_a_session_comes_back_as_stored(sessions: MongoSessions):
    session = sign_in()
    await sessions.add(session)
    assert await sessions.get(session.id) == session
    assert await sessions.live_of(USER) == [session]
    assert await sessions.get(SessionId(new_id())) is None


async def test_a_refresh_swaps_the_hash_and_keeps_the_last(sessions: MongoSessions):
    session = sign_in()
    await sessions.add(session)
    later = NOW + timedelta(minutes=5)
    assert await sessions.rotate(session.id, b"1" * 32, b"2" * 32, later)
    assert await sessions.get(session.id) == replace(
        session, refresh_hash=b"2" * 32, previous_hash=b"1" * 32, rotated_at=later
    )


async def test_a_used_refresh_swaps_nothing(sessions: MongoSessions):
    session = sign_in()
    await sessions.add(session)
    await sessions.rotate(session.id, b"1" * 32, b"2" * 32, NOW)
    assert not await sessions.rotate(session.id, b"1" * 32, b"3" * 32, NOW)


async def test_of_many_refreshes_at_once_one_swaps(sessions: MongoSessions):
    session = sign_in()
    await sessions.add(session)
    swaps = await asyncio.gather(*(sessions.rotate(session.id, b"1" * 32, bytes([n]) * 32, NOW) for n in range(16)))
    assert sum(swaps) == 1


async def test_an_expired_session_does_not_refresh(sessions: MongoSessions):
    session = sign_in()
    await sessions.add(session)
    assert not await sessions.rotate(session.id, b"1" * 32, b"2" * 32, session.expires_at)


async def test_a_revoked_session_is_over_and_told_to_every_worker(sessions: MongoSessions, store: Database):
    one, other = sign_in(), sign_in()
    await sessions.add(one)
    await sessions.add(other)
    await sessions.revoke([one.id])
    assert await sessions.get(one.id) == replace(one, revoked=True)
    assert not await sessions.rotate(one.id, b"1" * 32, b"2" * 32, NOW)
    assert await sessions.live_of(USER) == [other]
    told = await store.changes.find().to_list()
    assert [(change["kind"], change["id"]) for change in told] == [("session", one.id)]


async def test_revoking_nothing_tells_nothing(sessions: MongoSessions, store: Database):
    await sessions.revoke([])
    assert await store.changes.count_documents({}) == 0


async def test_a_session_remembers_its_device(sessions: MongoSessions):
    session, device = sign_in(), DeviceId(new_id())
    await sessions.add(session)
    await sessions.bind_device(session.id, device)
    assert await sessions.get(session.id) == replace(session, device=device)
