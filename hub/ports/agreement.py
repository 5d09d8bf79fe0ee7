"""Signed agreements: read here, written in transactions only (``Transaction.put_agreement``)."""

from collections.abc import Sequence
from typing import Protocol

from hub.agreement import Document
from hub.ids import RentalId


class Agreements(Protocol):
    async def of(self, rental: RentalId) -> Sequence[Document]:
        """All documents of a rental, the oldest first."""
