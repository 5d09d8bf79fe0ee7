"""Challenges: random bytes that somebody signs once, each for one purpose."""

import hashlib
from datetime import datetime

from storage.mongo.store import Store


class MongoChallenges(Store):
    """``hub.ports.Challenges``. Expired ones are removed by MongoDB, which nothing waits for."""

    async def add(self, bound: str, challenge: bytes, expires_at: datetime) -> None:
        document = {"_id": _named(challenge), "bound": bound, "expires_at": expires_at}
        await self._database.challenges.insert_one(document)

    async def take(self, bound: str, challenge: bytes, now: datetime) -> bool:
        wanted = {"_id": _named(challenge), "bound": bound, "expires_at": {"$gt": now}}
        return (await self._database.challenges.delete_one(wanted)).deleted_count == 1


def _named(challenge: bytes) -> bytes:
    """What a client sends may have any length; what is looked up has one."""
    return hashlib.blake2b(challenge, digest_size=32).digest()
