"""Changing what was agreed: longer, shorter, other days, more or fewer units (rental.md §1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from client.hub import Hub
from client.when import write_time

View = dict[str, Any]


class Changes:
    """Answers are the hub's own views. A command that is sent twice, because the line broke, is applied once."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def quote(self, rental: str, start: datetime, end: datetime, q: int = 1) -> View:
        """What it would come to: ``price``, and ``difference`` to what is agreed, in minor units."""
        days = {"start": write_time(start), "end": write_time(end), "q": q}
        return await self._hub.get(f"/v1/rentals/{rental}/change", **days)

    async def propose(self, rental: str, terms: Mapping[str, Any]) -> View:
        """``terms`` are made by ``client.rentals.terms``, at the price of ``quote``."""
        return await self._hub.command(f"/v1/rentals/{rental}/changes", terms)

    async def accept(self, rental: str, change: int) -> View:
        return await self._answer(rental, change, "accept")

    async def decline(self, rental: str, change: int) -> View:
        return await self._answer(rental, change, "decline")

    async def withdraw(self, rental: str, change: int) -> View:
        return await self._answer(rental, change, "withdraw")

    async def _answer(self, rental: str, change: int, what: str) -> View:
        return await self._hub.command(f"/v1/rentals/{rental}/changes/{change}/{what}", {})
