"""Commands that change a room's log exactly once, however often they are sent and whoever writes at the same time."""

import asyncio
import hashlib
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, TypeVar

from hub.errors import Conflict, Unavailable
from hub.ids import CommandId, RoomId, UserId
from hub.ports import Applied, Ports, StaleWrite

ATTEMPTS: Final = 12
PATIENCE_S: Final = 5.0
_FIRST_PAUSE_S: Final = 0.005

T = TypeVar("T")


async def once(
    ports: Ports, room: RoomId, cmd_id: CommandId, body_hash: bytes, attempt: Callable[[], Awaitable[T]]
) -> T | Applied:
    """The outcome of ``attempt``, tried again whenever it loses a race; or what the same command did before.

    Conflict("cmd_mismatch") when another command used this id in the room. Unavailable("contended") after 12 lost races
    or 5 s, with nothing written.
    """
    until = time.monotonic() + PATIENCE_S
    for n in range(ATTEMPTS):
        before = await ports.work.applied(room, cmd_id)
        if before is not None:
            return _same(before, body_hash)
        try:
            return await attempt()
        except Conflict:
            # The same command, sent twice at once, may meet its own consequences: then it was applied.
            twin = await ports.work.applied(room, cmd_id)
            if twin is None:
                raise
            return _same(twin, body_hash)
        except StaleWrite:
            if time.monotonic() > until:
                break
            await _pause(n)
    raise Unavailable("contended", after_ms=1000)


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """The outcome of ``attempt``, tried again whenever it loses a race; for what is the same when done again.

    Unavailable("contended") as ``once``.
    """
    until = time.monotonic() + PATIENCE_S
    for n in range(ATTEMPTS):
        with suppress(StaleWrite):
            return await attempt()
        if time.monotonic() > until:
            break
        await _pause(n)
    raise Unavailable("contended", after_ms=1000)


async def _pause(n: int) -> None:
    await asyncio.sleep(random.uniform(0, _FIRST_PAUSE_S * 2 ** min(n, 6)))


def body_hash(by: UserId, command: Any) -> bytes:
    """What tells a repeated command from another one that uses its id: 32 bytes over who asks and everything asked."""
    body = {"ask": type(command).__name__, "by": by, "fields": asdict(command)}
    text = json.dumps(body, sort_keys=True, default=_plain)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).digest()


def _same(before: Applied, body: bytes) -> Applied:
    if before.body_hash != body:
        raise Conflict("cmd_mismatch")
    return before


def _plain(value: bytes | datetime) -> str:
    return value.hex() if isinstance(value, bytes) else value.isoformat()
