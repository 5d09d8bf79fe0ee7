"""Limits: shared by all workers through Redis, kept by each while Redis is gone, and never a wait."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.ids import new_id
from storage.embedded.folder import socket_folder
from storage.redis.limiter import RedisLimiter
from storage.redis.line import Line
from tests.support.processes import pids_naming


@pytest.fixture
async def line(redis_url: str) -> AsyncIterator[Line]:
    opened = Line(redis_url)
    yield opened
    await opened.close()


async def test_so_many_are_allowed_at_once_and_then_evenly(line: Line):
    limiter, key = RedisLimiter(line), new_id()
    assert [await limiter.hit(key, 3, 0.3) for _ in range(3)] == [0, 0, 0]
    wait = await limiter.hit(key, 3, 0.3)
    assert 0 < wait <= 100
    await asyncio.sleep(wait / 1000 + 0.005)
    assert await limiter.hit(key, 3, 0.3) == 0
    assert await limiter.hit(key, 3, 0.3) > 0


async def test_all_workers_count_together(redis_url: str):
    lines, key = [Line(redis_url) for _ in range(4)], new_id()
    answers = await asyncio.gather(*(RedisLimiter(line).hit(key, 5, 60) for line in lines for _ in range(5)))
    assert sorted(answers)[:5] == [0] * 5
    assert all(wait > 0 for wait in sorted(answers)[5:])
    await asyncio.gather(*(line.close() for line in lines))


async def test_one_key_does_not_count_for_another(line: Line):
    limiter = RedisLimiter(line)
    assert [await limiter.hit(new_id(), 1, 60) for _ in range(3)] == [0, 0, 0]


async def test_what_is_worked_off_is_forgotten_by_redis(line: Line):
    limiter, key = RedisLimiter(line), new_id()
    await limiter.hit(key, 2, 0.1)
    await asyncio.sleep(0.1)
    assert await line.redis.exists(f"dk:limit:{key}") == 0


async def test_without_redis_each_worker_counts_by_itself_and_at_once():
    line = Line("unix:///nowhere/valkey.sock")
    limiter, begun = RedisLimiter(line), time.monotonic()
    answers = [await limiter.hit("k", 3, 60) for _ in range(4)]
    assert answers[:3] == [0, 0, 0]
    assert 0 < answers[3] <= 20_000
    assert time.monotonic() - begun < 0.3
    await line.close()


async def test_a_frozen_redis_costs_one_short_wait_and_is_asked_again_later(line: Line, servers_dir: Path):
    limiter = RedisLimiter(line)
    await limiter.hit(new_id(), 1, 60)
    pid = pids_naming(socket_folder(servers_dir))["valkey-server"]
    os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        for _ in range(20):
            await limiter.hit(new_id(), 1, 60)
        assert time.monotonic() - begun < 0.6
    finally:
        os.kill(pid, signal.SIGCONT)
    await asyncio.sleep(1.05)
    key = new_id()
    await limiter.hit(key, 1, 60)
    assert await line.redis.exists(f"dk:limit:{key}") == 1
