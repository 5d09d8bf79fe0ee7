"""One neighbour on one live socket: who, until when, and the clockwork that ends an expired visit."""

import asyncio
from collections.abc import Callable
from typing import Final

from api.sockets.connection import Connection
from api.sockets.lane import Lane
from hub.account import Actor
from hub.presence import PresenceState

EXPIRING_S: Final = 60
"""A client is told this long before its token ends."""
GRACE_S: Final = 30
"""And sent away this long after."""


class Seat:
    """What the door keeps for a connection (``conn.session``).

    ``exp`` is in seconds since 1970. ``over`` is set when the visit ended: nothing is done for this socket any more.
    ``state`` is what the client last said of itself; ``lane`` keeps its messages in order.
    """

    __slots__ = ("_conn", "_now", "_timer", "actor", "exp", "lane", "over", "state")

    def __init__(self, conn: Connection, actor: Actor, exp: int, now: Callable[[], int]) -> None:
        self._conn = conn
        self._now = now
        self._timer: asyncio.TimerHandle | None = None
        self.actor = actor
        self.exp = exp
        self.over = False
        self.state = PresenceState.ACTIVE
        self.lane = Lane()

    def start(self) -> None:
        """Wind the clock up for the token in hand."""
        self._in(self.exp - EXPIRING_S - self._now(), self._expiring)

    def renew(self, actor: Actor, exp: int) -> None:
        """Go on with a fresh token of the same session."""
        self.actor, self.exp = actor, exp
        self.start()

    def end(self, code: str) -> None:
        """Say ``bye`` with ``code`` and close."""
        self.leave()
        self._conn.end(code)

    def leave(self) -> None:
        """Stop the clock: the socket is gone."""
        self.over = True
        if self._timer is not None:
            self._timer.cancel()

    def _in(self, seconds: float, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(max(seconds, 0), then)

    def _expiring(self) -> None:
        left = max(self.exp - self._now(), 0)
        self._conn.tell("session:expiring", {"in": left})
        self._in(left + GRACE_S, lambda: self.end("token_expired"))
