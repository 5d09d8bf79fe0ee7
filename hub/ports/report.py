"""Reports of messages: read here, written in transactions only (``Transaction.add_report``)."""

from collections.abc import Sequence
from typing import Protocol

from hub.ids import ReportId, RoomId, UserId
from hub.report import Report


class Reports(Protocol):
    async def get(self, report: ReportId) -> Report | None: ...
    async def of_room(self, room: RoomId) -> Sequence[Report]:
        """All of a room, the latest first: who reads them decides what to show."""

    async def waiting(self, reader: UserId, limit: int) -> Sequence[Report]:
        """Those that nobody has closed and that are not from a room of ``reader``, the oldest first."""
