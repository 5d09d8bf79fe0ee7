"""The one way out by HTTP, for addresses that people or strangers may have written (security.md W5)."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx2

from api.clients.address import is_loopback, is_public

TIMEOUT_S: Final = 5.0
MAX_BYTES: Final = 1_000_000
MAX_URL: Final = 2048
ADDRESSES_TRIED: Final = 3
BARE: Final = {"accept-encoding": "identity", "user-agent": "dorfkiste"}
"""A compressed answer could be a thousand times larger than what was counted."""


class Unreachable(Exception):
    """No answer that can be used. ``reason`` is one of the words below and never holds the address.

    ``bad_url`` is no address the hub calls; ``unknown_host`` has no address; ``not_public`` is inside some network;
    ``no_answer`` cannot be connected to or breaks off; ``too_slow``; ``too_large``; ``compressed`` though asked not to.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reply:
    """What the other side said; ``headers`` by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outbound:
    """Calls https servers on the public Internet, each name resolved once and only what was checked connected to.

    Redirects are answers like others, cookies are not kept, proxies of the environment are not used. ``loopback``
    also allows servers on this machine, by http too (tests, and a mock provider while developing).
    """

    def __init__(self, *, loopback: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self._loopback = loopback
        self._tls = tls or httpx2.create_ssl_context(trust_env=False)

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        max_bytes: int = MAX_BYTES,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        """One question and its whole answer within ``timeout_s``, or ``Unreachable``."""
        target = self._parsed(url)
        try:
            async with asyncio.timeout(timeout_s):
                addresses = await self._resolved(target)
                request = httpx2.Request(method, target, headers={**BARE, **(headers or {})}, content=content)
                return await self._ask(request, addresses, max_bytes)
        except TimeoutError:
            raise Unreachable("too_slow") from None

    def _parsed(self, url: str) -> httpx2.URL:
        if len(url) > MAX_URL:
            raise Unreachable("bad_url")
        try:
            target = httpx2.URL(url)
        except (httpx2.InvalidURL, UnicodeError):
            raise Unreachable("bad_url") from None
        schemes = {"https", "http"} if self._loopback else {"https"}
        if target.scheme not in schemes or not target.host or target.userinfo:
            raise Unreachable("bad_url")
        return target

    async def _resolved(self, target: httpx2.URL) -> list[str]:
        """The addresses of the host, all of them allowed."""
        name, port = target.raw_host.decode("ascii"), target.port or (443 if target.scheme == "https" else 80)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise Unreachable("unknown_host") from None
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        if not addresses or not all(self._allowed(target, ip) for ip in addresses):
            raise Unreachable("not_public")
        return addresses[:ADDRESSES_TRIED]

    def _allowed(self, target: httpx2.URL, ip: str) -> bool:
        if "%" in ip:  # of one network only
            return False
        return (self._loopback and is_loopback(ip)) or (target.scheme == "https" and is_public(ip))

    async def _ask(self, request: httpx2.Request, addresses: list[str], max_bytes: int) -> Reply:
        """The first address that lets itself be connected to gets the question."""
        for ip in addresses:
            try:
                return await self._exchange(_at(request, ip), max_bytes)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
            except (httpx2.HTTPError, ssl.SSLError, OSError):
                break
        raise Unreachable("no_answer")

    async def _exchange(self, request: httpx2.Request, max_bytes: int) -> Reply:
        """Over a line of its own: a line to one name must never serve another name at the same address."""
        async with httpx2.AsyncHTTPTransport(verify=self._tls, trust_env=False) as transport:
            response = await transport.handle_async_request(request)
            try:
                return Reply(response.status_code, dict(response.headers), await _body(response, max_bytes))
            finally:
                await response.aclose()


def _at(request: httpx2.Request, ip: str) -> httpx2.Request:
    """The same question to a checked address: the name it was found by stands in its header and its certificate."""
    name = {"sni_hostname": request.url.raw_host.decode("ascii")}
    url = request.url.copy_with(host=ip)
    return httpx2.Request(request.method, url, headers=request.headers, content=request.content, extensions=name)


async def _body(response: httpx2.Response, max_bytes: int) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unreachable("compressed")
    body = bytearray()
    async for part in response.aiter_raw():
        body += part
        if len(body) > max_bytes:
            raise Unreachable("too_large")
    return bytes(body)
