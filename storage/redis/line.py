"""The line to Redis for questions that must not wait: answered within 300 ms, or not at all."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

PREFIX = "dk:"
"""Every key and channel of the hub begins with this; an access list may refuse all others."""
PATIENCE_S = 0.3
REST_S = 1.0
CONNECTIONS = 16

T = TypeVar("T")
log = logging.getLogger(__name__)


class Gone(Exception):
    """Redis does not answer now."""


def open_redis(url: str, *, connections: int = CONNECTIONS, patience_s: float = PATIENCE_S) -> Redis:
    """A client that connects when it is first used and tries a broken connection once more, not for seconds.

    RESP2, because for each push of RESP3 redis-py writes out the whole blob, for a log that nobody keeps.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        protocol=2,
        max_connections=connections,
        timeout=patience_s,
        socket_timeout=patience_s,
        socket_connect_timeout=patience_s,
        retry=Retry(NoBackoff(), 1),
    )
    return Redis.from_pool(pool)


class Line:
    """After a failure it rests for a second, so that an outage costs each caller nothing."""

    def __init__(self, url: str) -> None:
        self.redis = open_redis(url)
        self._rests_until = 0.0

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """The answer, or ``Gone``."""
        if time.monotonic() < self._rests_until:
            raise Gone
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await question()
        except (RedisError, OSError, TimeoutError) as error:
            self._rests_until = time.monotonic() + REST_S
            log.warning("Redis does not answer: %s", type(error).__name__)
            raise Gone from error

    async def close(self) -> None:
        await self.redis.aclose()
