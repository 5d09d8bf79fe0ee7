"""The hub's HTTP door: signing in, and every act that needs no live socket (architecture.md §2)."""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from types import TracebackType
from typing import Any, Self

import httpx2

from client.errors import FileBroken, HubRefused, Offline
from client.socket import is_local

TIMEOUT_S = 20.0
READ = 65_536
"""Bytes of a file that are read at a time."""


class HubHttp:
    """Typed answers of the ``/v1`` routes: the body, or ``HubRefused``, or ``Offline`` when nothing is known."""

    def __init__(self, url: str, *, lang: str = "de") -> None:
        self.url = url.rstrip("/")
        self._client = httpx2.AsyncClient(
            base_url=self.url,
            timeout=TIMEOUT_S,
            trust_env=not is_local(url),
            headers={"Accept-Language": lang, "Accept": "application/json, application/problem+json"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._client.aclose()

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        token: str | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """One request; ``path`` begins with ``/v1``."""
        request = self._client.build_request(method, path, json=body, params=_present(query))
        if token is not None:
            request.headers["Authorization"] = f"Bearer {token}"
        try:
            response = await self._client.send(request)
        except httpx2.TransportError as error:
            raise Offline(f"{method} {path}: {error or type(error).__name__}") from error
        return _read(response)

    async def upload(
        self, path: str, body: bytes, kind: str, *, token: str, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        """One request whose body is a file."""
        headers = {"Content-Type": kind, "Authorization": f"Bearer {token}"}
        try:
            response = await self._client.post(path, content=body, params=_present(query), headers=headers)
        except httpx2.TransportError as error:
            raise Offline(f"POST {path}: {error or type(error).__name__}") from error
        return _read(response)

    async def put(
        self, path: str, body: AsyncIterator[bytes], *, token: str, query: Mapping[str, Any]
    ) -> dict[str, Any]:
        """One request whose body is sent as it is read."""
        headers = {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {token}"}
        try:
            response = await self._client.put(path, content=body, params=query, headers=headers)
        except httpx2.TransportError as error:
            raise Offline(f"PUT {path}: {error or type(error).__name__}") from error
        return _read(response)

    async def stretch(self, path: str, start: int, size: int, *, token: str) -> AsyncGenerator[bytes]:
        """What a file of ``size`` has from ``start`` on, as it comes. Offline also in the middle.

        FileBroken when the hub gives a file of another length.
        """
        headers = {"Authorization": f"Bearer {token}", "Accept": "*/*", "Range": f"bytes={start}-"}
        try:
            async with self._client.stream("GET", path, headers=headers) as response:
                if not response.is_success:
                    await response.aread()
                    _read(response)
                if response.headers.get("content-range") != f"bytes {start}-{size - 1}/{size}":
                    raise FileBroken("another length than described")
                async for part in response.aiter_raw(READ):
                    yield part
        except httpx2.TransportError as error:
            raise Offline(f"GET {path}: {error or type(error).__name__}") from error

    async def fetch(self, path: str, *, token: str | None = None) -> bytes:
        """A file; a public one without ``token``."""
        headers = {"Accept": "*/*"} | ({"Authorization": f"Bearer {token}"} if token else {})
        try:
            response = await self._client.get(path, headers=headers)
        except httpx2.TransportError as error:
            raise Offline(f"GET {path}: {error or type(error).__name__}") from error
        if not response.is_success:
            _read(response)
        return response.content

    async def register(self, **account: str) -> None:
        """``email, password, handle, display_name, locale?``; the answer never tells whether the e-mail was known."""
        await self.call("POST", "/v1/accounts", account)

    async def open_session(self, email: str, password: str, client: str) -> dict[str, Any]:
        return await self.call("POST", "/v1/sessions", {"email": email, "password": password, "client": client})

    async def complete_session(self, code: str, token: str) -> dict[str, Any]:
        """Give the second factor of the sign-in that ``token`` stands for."""
        return await self.call("POST", "/v1/sessions/complete", {"code": code}, token=token)

    async def renew_session(self, refresh: str) -> dict[str, Any]:
        return await self.call("POST", "/v1/sessions/renew", {"refresh": refresh})


def _present(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {name: value for name, value in query.items() if value is not None} if query else None


def _read(response: httpx2.Response) -> dict[str, Any]:
    body = _object(response)
    if response.is_success:
        return body
    if "code" in body:
        raise HubRefused.read(body)
    if response.is_server_error:
        raise Offline(f"HTTP {response.status_code} without a word")
    raise HubRefused(f"http_{response.status_code}", "invalid")


def _object(response: httpx2.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
