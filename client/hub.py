"""The hub as the rest of the client sees it: signed-in calls over HTTP, repeated where repeating is safe."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, TypeVar

from client.connection import TOKEN_CODES, full_jitter
from client.errors import HubRefused, Offline
from client.http import HubHttp
from client.session import Session

T = TypeVar("T")

PERSISTENCE = 6
"""How often a command with its own id is tried before the caller hears that the hub is away (about half a minute)."""


def fresh_id() -> str:
    """For one command, and never again."""
    return secrets.token_hex(16)


class Hub:
    """``command_id`` names each command; whoever has to repeat commands after a crash derives it from what they do."""

    def __init__(self, http: HubHttp, session: Session, command_id: Callable[[], str] = fresh_id) -> None:
        self.http, self.session, self._command_id = http, session, command_id

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """One signed-in request; an access token that the hub no longer takes is renewed once."""
        return await self._signed_in(lambda token: self.http.call(method, path, body, token=token, query=query))

    async def download(self, path: str) -> bytes:
        """A file that is for us alone."""
        return await self._signed_in(lambda token: self.http.fetch(path, token=token))

    async def _signed_in(self, request: Callable[[str], Awaitable[T]]) -> T:
        token = await self.session.token()
        try:
            return await request(token)
        except HubRefused as refusal:
            if refusal.code not in TOKEN_CODES:
                raise
        return await request(await self.session.token(stale=token))

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        return await self.call("GET", path, query=query)

    async def put(self, path: str, body: AsyncIterator[bytes], **query: Any) -> dict[str, Any]:
        """Send a file as it is read; not repeated, for the body is used up."""
        return await self.http.put(path, body, token=await self.session.token(), query=query)

    async def stretch(self, path: str, start: int, size: int) -> AsyncGenerator[bytes]:
        """A file of ``size`` from ``start`` on, as it comes; close it."""
        return self.http.stretch(path, start, size, token=await self.session.token())

    async def command(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A rental command: applied once however often it has to be sent, because it carries its own id."""
        named = {"cmd_id": self._command_id(), **body}
        for attempt in range(PERSISTENCE):
            try:
                return await self.call("POST", path, named)
            except Offline:
                pause = full_jitter(attempt)
            except HubRefused as refusal:
                if not refusal.retry:
                    raise
                pause = max(full_jitter(attempt), refusal.after_ms / 1000)
            await asyncio.sleep(pause)
        return await self.call("POST", path, named)
