"""Codes on their way to an app, each good once."""

from datetime import datetime
from typing import Protocol

from hub.grant import Grant


class Grants(Protocol):
    async def add(self, code: bytes, grant: Grant) -> None: ...
    async def redeem(self, code: bytes, now: datetime) -> Grant | None:
        """What the code stands for, once, if it is not too old."""

    async def reuse(self, code: bytes) -> Grant | None:
        """What a code stood for that was redeemed before; from now on that is known (``is_reused``)."""

    async def is_reused(self, code: bytes) -> bool: ...
