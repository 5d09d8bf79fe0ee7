"""What this worker does when something changed anywhere, whether or not Redis runs (realtime.md §1)."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from api.gate import Gate
from api.sockets.connection import Connection
from api.sockets.seat import Seat
from api.sockets.seating import Seating
from hub.errors import HubError
from hub.ids import RoomId, UserId
from hub.ports import Change, Ports

log = logging.getLogger("dorfkiste.live")

REVOKED: Final = "session_revoked"
RETRY_S: Final = 0.5


class Follower:
    """Closes sockets and moves people in and out of rooms; the stores have dropped what they had cached."""

    def __init__(self, ports: Ports, gate: Gate, seating: Seating) -> None:
        self._ports = ports
        self._gate = gate
        self._seating = seating

    async def follow(self, changes: AsyncIterator[Change]) -> None:
        """Until cancelled, one after another; a change that cannot be taken in now is tried until it can."""
        async for change in changes:
            taken = False
            while not taken:
                taken = await self._took(change)

    async def _took(self, change: Change) -> bool:
        try:
            await self.take(change)
        except HubError as error:
            log.warning("change of a %s not taken in yet: %s", change.kind, error.code)
            await asyncio.sleep(RETRY_S)
            return False
        return True

    async def take(self, change: Change) -> None:
        """React to one change."""
        match change.kind:
            case "session":
                self._gate.forget(change.id)
                _send_away(self._seating.registry.by_session(change.id))
            case "user":
                self._gate.forget(change.id)
                await self._look_at_user(change.id)
            case "room":
                await self._seating.reseat(RoomId(change.id))

    async def _look_at_user(self, user: str) -> None:
        """Send a suspended or deleted person's sockets away; other changes of a person leave them where they are."""
        here = self._seating.registry.by_user(user)
        found = await self._ports.users.get(UserId(user)) if here else None
        if found is None or found.suspended:
            _send_away(here)


def _send_away(sockets: tuple[Connection, ...]) -> None:
    for conn in sockets:
        seat: Seat = conn.session
        seat.end(REVOKED)
