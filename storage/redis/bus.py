"""The live bus: hints from worker to worker. Nothing waits for it, and what it loses the log makes good.

redis-py would reconnect a subscription silently, after up to a minute: here it is our own loop, which is deaf for at
most five seconds and says so afterwards (realtime.md §2).
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping

from redis.asyncio.client import PubSub
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from storage.ending import end
from storage.redis.line import PREFIX, open_redis

CHANNEL = f"{PREFIX}bus"
LOST = b"lost"
"""Published instead of what had to be dropped: everybody compares heads."""
HEARTBEAT_S = 2.0
SHORTEST_S, LONGEST_S = 0.1, 5.0
QUEUE_BYTES = 8_000_000
AT_ONCE = 100

Handler = Callable[[bytes], None]
log = logging.getLogger(__name__)


class Bus:
    """``on_blob`` gets what any worker published, this one included; ``on_resubscribed`` is called after deafness.

    ``also`` are further channels to listen to.
    """

    def __init__(
        self,
        url: str,
        on_blob: Handler,
        on_resubscribed: Callable[[], None],
        also: Mapping[str, Handler] | None = None,
    ) -> None:
        self._redis = open_redis(url, connections=2, patience_s=HEARTBEAT_S)
        self._handlers: dict[str, Handler] = {CHANNEL: self._hear, **(also or {})}
        self._on_blob = on_blob
        self._on_resubscribed = on_resubscribed
        self._queue: deque[bytes] = deque()
        self._queued_bytes = 0
        self._waiting = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.subscribed = asyncio.Event()
        """Set while this worker hears the others."""

    def publish(self, blob: bytes) -> None:
        """Send in the background; beyond 8 MB unsent the oldest are dropped."""
        self._queue.append(blob)
        self._queued_bytes += len(blob)
        if self._queued_bytes > QUEUE_BYTES:
            self._drop_oldest()
        self._waiting.set()

    def start(self) -> None:
        jobs = {"bus sender": self._send_batch, "bus listener": self._listen}
        self._tasks = [asyncio.create_task(_persistently(job), name=name) for name, job in jobs.items()]

    async def stop(self) -> None:
        await end(self._tasks)
        await self._redis.aclose()

    async def _send_batch(self) -> None:
        """One round trip for all that waits; it leaves the queue only when Redis has it."""
        await self._waiting.wait()
        self._waiting.clear()
        while self._queue:
            blobs = [self._queue[n] for n in range(min(len(self._queue), AT_ONCE))]
            try:
                await self._publish_all(blobs)
            except RedisError:
                self._waiting.set()
                raise
            for blob in blobs:
                self._remove(blob)

    async def _publish_all(self, blobs: list[bytes]) -> None:
        async with self._redis.pipeline(transaction=False) as pipe:
            for blob in blobs:
                pipe.publish(CHANNEL, blob)
            await pipe.execute()

    def _remove(self, blob: bytes) -> None:
        """Take the blob off the front, unless it was dropped while it was being sent."""
        if self._queue and self._queue[0] is blob:
            self._queued_bytes -= len(self._queue.popleft())

    def _drop_oldest(self) -> None:
        while self._queued_bytes > QUEUE_BYTES // 2:
            self._queued_bytes -= len(self._queue.popleft())
        self._queue.appendleft(LOST)
        self._queued_bytes += len(LOST)

    async def _listen(self) -> None:
        """One subscription, until it breaks or falls silent."""
        async with self._redis.pubsub() as pubsub:
            try:
                await pubsub.subscribe(*self._handlers)
                await self._hear_for_ever(pubsub)
            finally:
                self.subscribed.clear()

    async def _hear_for_ever(self, pubsub: PubSub) -> None:
        confirmed, asked = 0, False
        while True:
            message = await pubsub.get_message(timeout=HEARTBEAT_S)
            if message is None:
                if asked:
                    raise RedisConnectionError("silent")
                asked = True
                await pubsub.ping()
                continue
            asked = False
            if message["type"] == "message":
                self._handle(message["channel"].decode(), message["data"])
            elif message["type"] == "subscribe":
                confirmed += 1
                if confirmed == len(self._handlers):
                    self._resubscribed()

    def _resubscribed(self) -> None:
        self.subscribed.set()
        self._on_resubscribed()

    def _hear(self, blob: bytes) -> None:
        if blob == LOST:
            self._on_resubscribed()
        else:
            self._on_blob(blob)

    def _handle(self, channel: str, data: bytes) -> None:
        try:
            self._handlers[channel](data)
        except Exception:  # whatever a blob holds, the next one may be sound
            log.exception("a hint on %s was not understood", channel)


async def _persistently(job: Callable[[], Awaitable[None]]) -> None:
    """Run ``job`` again and again; after each failure wait longer, up to five seconds."""
    pause = SHORTEST_S
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        try:
            await job()
            pause = SHORTEST_S
        except (RedisError, OSError) as error:
            pause = SHORTEST_S if loop.time() - begun > LONGEST_S else min(pause * 2, LONGEST_S)
            log.warning("the live bus broke: %s", type(error).__name__)
            await asyncio.sleep(random.uniform(pause / 2, pause))
