"""Who is here: each connection beats, whoever stops beating is swept, and only a changed aggregate is told.

Two scripts do all of it, so that workers need no agreement (realtime.md §7). Redis' own key expiry would come minutes
late. While Redis is gone the state is ``unknown``.
"""

import asyncio
import contextlib
from collections.abc import Collection, Mapping

import orjson

from hub.ids import UserId
from hub.presence import PresenceChange, PresenceState
from storage.ending import end
from storage.redis.line import PREFIX, Gone, Line

CHANNEL = f"{PREFIX}presence"
EXPIRIES = f"{PREFIX}presence:expiries"
LIFE_MS = 70_000
"""A connection beats every 25 s; two lost beats are forgiven."""
GRACE_MS = 30_000
"""A connection that closed counts for so long, because most come back at once."""
SWEEP_S = 5.0
SWEPT_AT_ONCE = 200

# ``n`` begins at the clock, so that it grows even when Redis lost everything it knew.
_TELL = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rank = {offline = 0, idle = 1, active = 2}
local function tell(key, user)
  local best, known, n = 'offline', 'offline', 0
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    if name == 'state' then known = value
    elseif name == 'n' then n = tonumber(value)
    elseif rank[value] and rank[value] > rank[best] then best = value end
  end
  if best == known then return end
  n = math.max(n + 1, now)
  redis.call('HSET', key, 'state', best, 'n', string.format('%d', n))
  if best == 'offline' then redis.call('EXPIRE', key, 86400) else redis.call('PERSIST', key) end
  redis.call('PUBLISH', ARGV[1], cjson.encode({u = user, s = best, n = string.format('%d', n), t = now}))
end
"""
_BEAT = (
    _TELL
    + """
local user, connection, state, life = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
redis.call('HSET', KEYS[1], 'c:' .. connection, state)
redis.call('ZADD', KEYS[2], now + life, user .. ':' .. connection)
tell(KEYS[1], user)
"""
)
_LEAVE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], 'XX', 'LT', now + tonumber(ARGV[1]), ARGV[2])
"""
_SWEEP = (
    _TELL
    + """
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local user, connection = string.match(member, '^([^:]*):(.*)$')
  local key = ARGV[2] .. user
  redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', key, 'c:' .. connection)
  tell(key, user)
end
"""
)


class RedisPresence:
    """``hub.ports.Presence``. No call waits longer than 300 ms, and none fails."""

    def __init__(self, line: Line, *, life_ms: int = LIFE_MS, grace_ms: int = GRACE_MS) -> None:
        self._line = line
        self._life_ms, self._grace_ms = life_ms, grace_ms
        self._beat = line.redis.register_script(_BEAT)
        self._leave = line.redis.register_script(_LEAVE)
        self._sweep = line.redis.register_script(_SWEEP)
        self._sweeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._sweeper = asyncio.create_task(self._sweep_for_ever(), name="presence sweep")

    async def stop(self) -> None:
        if self._sweeper:
            await end([self._sweeper])

    async def beat(self, user: UserId, connection: str, state: PresenceState) -> None:
        told: list[str | int] = [CHANNEL, user, connection, state.value, self._life_ms]
        with contextlib.suppress(Gone):
            await self._line.ask(lambda: self._beat(keys=[_key(user), EXPIRIES], args=told))

    async def leave(self, user: UserId, connection: str) -> None:
        """The connection closed; what it said counts until the grace is over."""
        told: list[str | int] = [self._grace_ms, f"{user}:{connection}"]
        with contextlib.suppress(Gone):
            await self._line.ask(lambda: self._leave(keys=[EXPIRIES], args=told))

    async def of(self, users: Collection[UserId]) -> Mapping[UserId, PresenceState]:
        people = list(users)
        try:
            states = await self._line.ask(lambda: self._states(people))
        except Gone:
            return dict.fromkeys(people, PresenceState.UNKNOWN)
        return {user: PresenceState(state.decode() if state else "offline") for user, state in states.items()}

    async def sweep(self) -> None:
        """Drop connections whose time is over. Any number of workers may do it at the same moment."""
        told: list[str | int] = [CHANNEL, _key(""), SWEPT_AT_ONCE]
        with contextlib.suppress(Gone):
            await self._line.ask(lambda: self._sweep(keys=[EXPIRIES], args=told))

    async def _states(self, people: list[UserId]) -> Mapping[UserId, bytes | None]:
        async with self._line.redis.pipeline(transaction=False) as pipe:
            for user in people:
                pipe.hget(_key(user), "state")
            return dict(zip(people, await pipe.execute(), strict=True))

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await self.sweep()


def read_presence(told: bytes) -> PresenceChange:
    """What the scripts publish on ``CHANNEL``."""
    fields = orjson.loads(told)
    return PresenceChange(UserId(fields["u"]), PresenceState(fields["s"]), int(fields["n"]))


def _key(user: str) -> str:
    return f"{PREFIX}presence:of:{user}"
