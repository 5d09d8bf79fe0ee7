"""Challenges work once, for their purpose, and not for long."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from hub.ids import new_id
from storage.mongo.challenges import MongoChallenges
from storage.mongo.store import Database

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def challenges(store: Database) -> MongoChallenges:
    return MongoChallenges(store)


async def test_a_challenge_is_taken_once(challenges: MongoChallenges):
    bound = f"session {new_id()}"
    await challenges.add(bound, b"c" * 32, NOW + timedelta(minutes=5))
    taken = await asyncio.gather(*(challenges.take(bound, b"c" * 32, NOW) for _ in range(8)))
    assert sum(taken) == 1


@pytest.mark.parametrize("challenge", [b"", b"x" * 32, b"x" * 100_000])
async def test_a_challenge_nobody_gave_is_refused(challenges: MongoChallenges, challenge: bytes):
    assert not await challenges.take(f"session {new_id()}", challenge, NOW)


async def test_a_challenge_of_another_session_is_refused(challenges: MongoChallenges):
    await challenges.add(f"session {new_id()}", b"c" * 32, NOW + timedelta(minutes=5))
    assert not await challenges.take(f"session {new_id()}", b"c" * 32, NOW)


async def test_an_expired_challenge_is_refused(challenges: MongoChallenges):
    bound = f"session {new_id()}"
    await challenges.add(bound, b"c" * 32, NOW + timedelta(minutes=5))
    assert not await challenges.take(bound, b"c" * 32, NOW + timedelta(minutes=5))
