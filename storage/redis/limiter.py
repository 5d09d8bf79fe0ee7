"""Limits shared by all workers, kept in Redis; each worker counts by itself while Redis is gone."""

import time

from hub.burst import Bursts
from storage.redis.line import PREFIX, Gone, Line

# GCRA (ITU-T I.371): one number per key says when its uses so far will have been worked off.
_GCRA = """
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local step, span = tonumber(ARGV[1]), tonumber(ARGV[2])
local rested = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local wait = rested + step - now - span
if wait > 0.001 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.3f', rested + step), 'PX', math.ceil(rested + step - now))
return 0
"""


class RedisLimiter:
    """``hub.ports.Limiter``: ``limit`` uses in ``per_s`` seconds, all at once if one likes, then evenly."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._take = line.redis.register_script(_GCRA)
        self._own = Bursts()

    async def hit(self, key: str, limit: int, per_s: float) -> int:
        numbers = [per_s * 1000 / limit, per_s * 1000]
        try:
            return int(await self._line.ask(lambda: self._take(keys=[f"{PREFIX}limit:{key}"], args=numbers)))
        except Gone:
            return self._own.take(key, limit, limit / per_s, time.monotonic())
