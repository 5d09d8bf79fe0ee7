"""A sign-in: always a valid access token, renewed once however many ask, and every rotation kept on disk."""

import asyncio
from typing import Any

from client.errors import HubRefused, NotReady
from client.http import HubHttp
from client.store.identity import Identity
from client.when import as_ms, now_ms

EARLY_MS = 30_000
"""How long before its end an access token is no longer handed out."""


class Session:
    """``token`` may raise HubRefused once the hub has ended the session: then sign in again."""

    def __init__(self, http: HubHttp, identity: Identity) -> None:
        self._http, self._identity = http, identity
        self._tokens: dict[str, Any] = dict(identity.tokens or {})
        self._renewing = asyncio.Lock()

    @property
    def user(self) -> str:
        """The account that is signed in, or NotReady."""
        if not self._tokens:
            raise NotReady("sign in first")
        return str(self._tokens["user"])

    @property
    def is_open(self) -> bool:
        return bool(self._tokens)

    async def open(self, email: str, password: str, client: str, code: str = "") -> None:
        """Sign in, with the second factor where the hub asks for one; nothing is kept of half a sign-in."""
        tokens = await self._http.open_session(email, password, client)
        if tokens.pop("pending", False):
            if not code:
                raise HubRefused("second_factor_required", "unauthenticated")
            tokens |= await self._http.complete_session(code, tokens["access"])
        self._keep(tokens)

    def adopt(self, access: dict[str, Any]) -> None:
        """Use the access token that proving the device was answered with."""
        self._keep({**self._tokens, **access})

    async def token(self, *, stale: str | None = None) -> str:
        """A valid access token; another one than ``stale``, which the hub has just refused."""
        async with self._renewing:
            if not self._tokens:
                raise NotReady("sign in first")
            ends = as_ms(self._tokens["access_expires"])
            if ends - EARLY_MS <= now_ms() or self._tokens["access"] == stale:
                self._keep(await self._http.renew_session(self._tokens["refresh"]))
            return str(self._tokens["access"])

    def _keep(self, tokens: dict[str, Any]) -> None:
        self._identity.keep_tokens(tokens)
        self._tokens = tokens
