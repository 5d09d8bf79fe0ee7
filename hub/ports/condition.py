"""Protocols of condition."""

from collections.abc import Sequence
from typing import Protocol

from hub.condition import ConditionProtocol
from hub.ids import MediaId, ProtocolId, RentalId


class Protocols(Protocol):
    """Read here, written in transactions only."""

    async def get(self, protocol: ProtocolId) -> ConditionProtocol | None: ...
    async def of(self, rental: RentalId) -> Sequence[ConditionProtocol]:
        """In the order they came in."""

    async def showing(self, media: MediaId) -> Sequence[RentalId]:
        """The rentals whose protocols show a photo."""
