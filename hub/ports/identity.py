"""Who people are at other servers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hub.identity import Claimed, Identity
from hub.ids import IdentityId, UserId
from hub.ports.passkey import Removal


class Identities(Protocol):
    async def find(self, issuer: str, subject: str) -> Identity | None: ...
    async def add(self, user: UserId, claimed: Claimed, at: datetime) -> bool:
        """False when it is somebody's already."""

    async def of(self, user: UserId) -> Sequence[Identity]: ...
    async def used(self, identity: IdentityId, at: datetime) -> None: ...
    async def remove(self, user: UserId, identity: IdentityId) -> Removal: ...
