"""Clock, passwords and tokens of the hub, on the system clock, Argon2 threads and our signing keys."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from time import time, time_ns
from typing import Final, TypeVar

from crypto import passwords, tokens
from hub.account import UserRole
from hub.errors import Unauthenticated, Unavailable
from hub.ids import ID, DeviceId, SessionId, UserId
from hub.ports import AccessToken, Limiter

ARGON2_AT_ONCE: Final = 2
ARGON2_WAITING: Final = 64
"""About five seconds of work: whoever comes after that is better told to come back."""
MAX_REFRESH: Final = 128

T = TypeVar("T")


class SystemClock:
    """``hub.ports.Clock``; ``offset_s`` moves the business clock alone (demo and tests)."""

    def __init__(self, offset_s: int = 0) -> None:
        self._offset, self._offset_ns = timedelta(seconds=offset_s), offset_s * 1_000_000_000

    def now(self) -> datetime:
        return self.real() + self._offset

    def now_ms(self) -> int:
        """``now`` in milliseconds since 1970, to date messages with."""
        return (time_ns() + self._offset_ns) // 1_000_000

    def real(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time()


class ThreadedPasswords:
    """``hub.ports.Passwords``: two Argon2 at once beside the loop, and a short queue (security.md N1)."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(ARGON2_AT_ONCE, thread_name_prefix="argon2")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        return await self._run(partial(passwords.hash_password, password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """The same work for nobody's password, which is never right."""
        right = await self._run(partial(passwords.verify_password, password_hash or passwords.DUMMY_HASH, password))
        return right and bool(password_hash)

    def needs_rehash(self, password_hash: str) -> bool:
        return passwords.needs_rehash(password_hash)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= ARGON2_WAITING:
            raise Unavailable("busy", after_ms=5000)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


class HubTokens:
    """``hub.ports.Tokens``. A refresh token is ``session.secret``; only its hash is stored."""

    def __init__(self, signer: tokens.TokenSigner, refresh_key: bytes, clock: SystemClock, access_ttl_s: int) -> None:
        self._signer = signer
        self._refresh_key = refresh_key
        self._clock = clock
        self._ttl_s = access_ttl_s

    def issue_access(
        self,
        user: UserId,
        session: SessionId,
        device: DeviceId | None,
        roles: frozenset[UserRole],  # noqa: ARG002 - looked up when a token is shown: they may change while it lives
    ) -> AccessToken:
        now = int(self._clock.real().timestamp())
        token = self._signer.issue(user, session, device, ttl_s=self._ttl_s, now=now)
        return AccessToken(token, datetime.fromtimestamp(now + self._ttl_s, UTC))

    def new_refresh(self, session: SessionId) -> str:
        return f"{session}.{tokens.new_refresh()}"

    def read_refresh(self, token: str) -> tuple[SessionId, bytes]:
        session, _, secret = token.partition(".")
        if len(token) > MAX_REFRESH or not ID.fullmatch(session) or not secret:
            raise Unauthenticated("bad_refresh_token")
        return SessionId(session), tokens.refresh_hash(token)

    def known_device(self, user: UserId) -> str:
        return tokens.known_device(self._refresh_key, user)

    def successor(self, token: str) -> str:
        session, _ = self.read_refresh(token)
        return f"{session}.{tokens.successor(self._refresh_key, token)}"


class FactoredLimiter:
    """``hub.ports.Limiter`` with every limit multiplied, for load tests."""

    def __init__(self, limiter: Limiter, factor: float) -> None:
        self._limiter = limiter
        self._factor = factor

    async def hit(self, key: str, limit: int, per_s: float) -> int:
        return await self._limiter.hit(key, int(limit * self._factor), per_s)
