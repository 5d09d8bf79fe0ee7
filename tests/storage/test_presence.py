"""Presence: one state per person over all devices, told only when it changes."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from hub.ids import UserId, new_id
from hub.presence import PresenceChange, PresenceState
from storage.redis.line import Line
from storage.redis.presence import CHANNEL, EXPIRIES, RedisPresence, read_presence
from tests.support.processes import until

ACTIVE, IDLE, OFFLINE, UNKNOWN = PresenceState


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    opened = Line(redis_url)
    yield opened
    await opened.close()


@pytest.fixture
async def told(redis_url: str) -> AsyncIterator[list[PresenceChange]]:
    """Everything that is told while the test runs."""
    changes: list[PresenceChange] = []
    async with Redis.from_url(redis_url) as redis, redis.pubsub() as pubsub:
        await pubsub.subscribe(CHANNEL)

        async def listen() -> None:
            async for message in pubsub.listen():
                if message["type"] == "message":
                    changes.append(read_presence(message["data"]))  # noqa: PERF401 - it never ends

        task = asyncio.create_task(listen())
        await redis.delete(EXPIRIES)
        yield changes
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def user() -> UserId:
    return UserId(new_id())


def presence_of(line: Line, *, life_ms: int = 70_000, grace_ms: int = 30_000) -> RedisPresence:
    return RedisPresence(line, life_ms=life_ms, grace_ms=grace_ms)


async def test_two_devices_and_a_hundred_beats_make_three_events(line: Line, told: list[PresenceChange], user: UserId):
    presence = presence_of(line, grace_ms=0)
    for n in range(100):
        await presence.beat(user, "phone" if n % 2 else "laptop", IDLE if n % 2 else ACTIVE)
    await presence.leave(user, "laptop")
    await presence.sweep()
    await presence.leave(user, "phone")
    await presence.sweep()
    await until(lambda: len(told) == 3)
    assert [change.state for change in told] == [ACTIVE, IDLE, OFFLINE]
    assert told[0].n < told[1].n < told[2].n


async def test_eight_sweepers_at_once_tell_one_offline(redis_url: str, told: list[PresenceChange], user: UserId):
    lines = [Line(redis_url) for _ in range(8)]
    await presence_of(lines[0], life_ms=1).beat(user, "phone", ACTIVE)
    await asyncio.sleep(0.01)
    await asyncio.gather(*(presence_of(line).sweep() for line in lines))
    await asyncio.gather(*(line.close() for line in lines))
    await until(lambda: len(told) >= 2)
    await asyncio.sleep(0.05)
    assert [change.state for change in told] == [ACTIVE, OFFLINE]


async def test_who_stops_beating_is_swept_and_who_beats_is_not(line: Line, told: list[PresenceChange]):
    gone, here = UserId(new_id()), UserId(new_id())
    await presence_of(line, life_ms=1).beat(gone, "phone", ACTIVE)
    await presence_of(line).beat(here, "phone", IDLE)
    await asyncio.sleep(0.01)
    await presence_of(line).sweep()
    assert await presence_of(line).of([gone, here]) == {gone: OFFLINE, here: IDLE}


async def test_who_comes_back_within_the_grace_was_never_away(line: Line, told: list[PresenceChange], user: UserId):
    presence = presence_of(line, grace_ms=200)
    await presence.beat(user, "first", ACTIVE)
    await presence.leave(user, "first")
    await presence.sweep()
    await presence.beat(user, "second", ACTIVE)
    await asyncio.sleep(0.25)
    await presence.sweep()
    assert await presence.of([user]) == {user: ACTIVE}
    assert [change.state for change in told] == [ACTIVE]


async def test_leaving_does_not_lengthen_a_life(line: Line, told: list[PresenceChange], user: UserId):
    await presence_of(line, life_ms=1).beat(user, "phone", ACTIVE)
    await presence_of(line, grace_ms=60_000).leave(user, "phone")
    await asyncio.sleep(0.01)
    await presence_of(line).sweep()
    assert await presence_of(line).of([user]) == {user: OFFLINE}


async def test_nobody_knows_of_a_stranger_and_of_nobody_nothing(line: Line, user: UserId):
    assert await presence_of(line).of([user]) == {user: OFFLINE}
    assert await presence_of(line).of([]) == {}


async def test_the_numbers_grow_even_when_redis_forgot_everything(line: Line, told: list[PresenceChange], user: UserId):
    presence = presence_of(line)
    await presence.beat(user, "phone", ACTIVE)
    await line.redis.delete(f"dk:presence:of:{user}")
    await asyncio.sleep(0.002)
    await presence.beat(user, "phone", ACTIVE)
    await until(lambda: len(told) == 2)
    assert told[0].n < told[1].n


async def test_without_redis_everybody_is_unknown_and_nobody_waits(user: UserId):
    line = Line("unix:///nowhere/valkey.sock")
    presence = presence_of(line)
    begun = time.monotonic()
    await presence.beat(user, "phone", ACTIVE)
    await presence.leave(user, "phone")
    await presence.sweep()
    assert await presence.of([user]) == {user: UNKNOWN}
    assert time.monotonic() - begun < 0.3
    await line.close()


async def test_the_sweep_runs_by_itself(
    line: Line, told: list[PresenceChange], user: UserId, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("storage.redis.presence.SWEEP_S", 0.02)
    presence = presence_of(line, life_ms=1)
    presence.start()
    await presence.beat(user, "phone", ACTIVE)
    await until(lambda: len(told) == 2)
    await presence.stop()
