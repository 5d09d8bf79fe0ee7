"""The live bus: hints reach other workers, and a Redis that dies, freezes or comes late is got over and told of."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.embedded import embedded_servers
from storage.embedded.folder import socket_folder
from storage.redis import bus
from storage.redis.bus import LOST, Bus
from storage.servers import Servers
from tests.support.processes import kill, pids_naming, until


class Worker:
    """A bus with ears."""

    def __init__(self, url: str) -> None:
        self.blobs: list[bytes] = []
        self.alarms = 0
        self.bus = Bus(url, self.blobs.append, self.alarm, also={"dk:test": self.blobs.append})

    def alarm(self) -> None:
        self.alarms += 1


@pytest.fixture
async def workers(redis_url: str) -> AsyncIterator[tuple[Worker, Worker]]:
    one, two = Worker(redis_url), Worker(redis_url)
    for worker in (one, two):
        worker.bus.start()
        await worker.bus.subscribed.wait()
    yield one, two
    for worker in (one, two):
        await worker.bus.stop()


async def test_a_blob_reaches_every_worker_in_order(workers: tuple[Worker, Worker]):
    one, two = workers
    for n in range(500):
        one.bus.publish(b"%d" % n)
    await until(lambda: len(two.blobs) == 500)
    assert two.blobs == [b"%d" % n for n in range(500)]


async def test_further_channels_are_heard_apart(workers: tuple[Worker, Worker]):
    one, two = workers
    await one.bus._redis.publish("dk:test", b"x")
    await until(lambda: two.blobs == [b"x"])


async def test_a_blob_nobody_understands_does_not_end_the_listening(workers: tuple[Worker, Worker]):
    one, two = workers

    def choke(blob: bytes) -> None:
        two.blobs.append(blob)
        raise ValueError(blob)

    two.bus._on_blob = choke
    one.bus.publish(b"a")
    one.bus.publish(b"b")
    await until(lambda: two.blobs == [b"a", b"b"])


async def test_publishing_never_waits_and_what_is_dropped_is_said(redis_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bus, "QUEUE_BYTES", 1000)
    worker, listener = Worker(redis_url), Worker(redis_url)
    for _ in range(50):
        worker.bus.publish(bytes(100))
    assert worker.bus._queue[0] == LOST
    assert sum(map(len, worker.bus._queue)) == worker.bus._queued_bytes <= 1000
    listener.bus.start()
    await listener.bus.subscribed.wait()
    worker.bus.start()
    await until(lambda: listener.alarms == 2 and len(listener.blobs) > 0)
    assert 0 < len(listener.blobs) < 50
    await worker.bus.stop()
    await listener.bus.stop()


@pytest.fixture(scope="module")
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Servers, Path]]:
    """Servers that may be hurt."""
    folder = tmp_path_factory.mktemp("bus")
    async with embedded_servers(folder, compression=False) as running:
        yield running, folder


def valkey(folder: Path) -> int:
    return pids_naming(socket_folder(folder))["valkey-server"]


async def test_after_a_killed_redis_hints_flow_again_and_the_deafness_is_told(own: tuple[Servers, Path]):
    servers, folder = own
    one, two = Worker(servers.redis_url), Worker(servers.redis_url)
    for worker in (one, two):
        worker.bus.start()
        await worker.bus.subscribed.wait()
    kill(valkey(folder))
    await until(lambda: not one.bus.subscribed.is_set() and not two.bus.subscribed.is_set())
    one.bus.publish(b"while it was away")
    await until(lambda: one.alarms == two.alarms == 2)
    one.bus.publish(b"after")
    await until(lambda: b"after" in two.blobs)
    for worker in (one, two):
        await worker.bus.stop()


async def test_a_frozen_redis_is_noticed_though_its_connection_stands(
    own: tuple[Servers, Path], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bus, "HEARTBEAT_S", 0.1)
    servers, folder = own
    worker = Worker(servers.redis_url)
    worker.bus.start()
    await worker.bus.subscribed.wait()
    os.kill(valkey(folder), signal.SIGSTOP)
    try:
        await until(lambda: not worker.bus.subscribed.is_set())
    finally:
        os.kill(valkey(folder), signal.SIGCONT)
    await until(lambda: worker.alarms == 2)
    await worker.bus.stop()


async def test_a_silent_bus_is_not_taken_for_a_dead_one(redis_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bus, "HEARTBEAT_S", 0.05)
    worker = Worker(redis_url)
    worker.bus.start()
    await worker.bus.subscribed.wait()
    await asyncio.sleep(0.5)
    assert worker.alarms == 1
    await worker.bus.stop()


async def test_a_bus_without_redis_starts_publishes_and_stops():
    worker = Worker("unix:///nowhere/valkey.sock")
    worker.bus.start()
    worker.bus.publish(b"x")
    await asyncio.sleep(0.2)
    await worker.bus.stop()
    assert worker.blobs == []
