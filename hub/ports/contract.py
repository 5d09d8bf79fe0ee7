"""Contracts, and what their owners told to be paid."""

from typing import Protocol

from hub.billing import Billing
from hub.contract import Contract
from hub.ids import RentalId, UserId


class Contracts(Protocol):
    """Written in transactions only, once for each rental."""

    async def get(self, rental: RentalId) -> Contract | None: ...


class Billings(Protocol):
    """Sealed with the key of the person."""

    async def get(self, user: UserId) -> Billing | None: ...
    async def put(self, billing: Billing) -> None: ...
