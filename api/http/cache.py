"""Answers that are the same for everybody, kept as bytes before the framework sees the request (RFC 9111).

A hit costs no database, no limit and no routing. What may be kept, and for how long, the answer says itself.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]
Header = tuple[bytes, bytes]

MAX_BYTES: Final = 16_000_000
_KEEP: Final = re.compile(rb"public, max-age=(\d+)")
_BODY_ONLY: Final = frozenset({b"content-length", b"content-type"})


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer and the span in which it is fresh, by the monotonic clock."""

    status: int
    headers: tuple[Header, ...]
    body: bytes
    since: float
    until: float

    def header(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key.lower() == name), b"")


class PublicCache:
    """Stands before ``app`` for these paths. The longest unused goes when the answers kept exceed ``most`` bytes."""

    def __init__(self, app: App, paths: Collection[str], most: int = MAX_BYTES) -> None:
        self._app, self._paths, self._most = app, frozenset(paths), most
        self._kept: OrderedDict[tuple[Any, ...], Kept] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in self._paths:
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        kept = self._fresh(key)
        if kept is None:
            kept = await _recorded(self._app, scope, receive)
            self._keep(key, kept)
        await _answer(kept, _header(scope, b"if-none-match"), send)

    def _fresh(self, key: tuple[Any, ...]) -> Kept | None:
        kept = self._kept.get(key)
        if kept is None or kept.until <= time.monotonic():
            return None
        self._kept.move_to_end(key)
        return kept

    def _keep(self, key: tuple[Any, ...], kept: Kept) -> None:
        if kept.until <= kept.since or len(kept.body) > self._most:
            return
        self._drop(key)
        self._kept[key] = kept
        self._size += len(kept.body)
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[Any, ...]) -> None:
        dropped = self._kept.pop(key, None)
        self._size -= len(dropped.body) if dropped else 0


def _key(scope: Scope) -> tuple[Any, ...]:
    """Questions that ask the same are one; other origins and schemes get other headers."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return scope["scheme"], scope["path"], tuple(sorted(asked)), _header(scope, b"origin")


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key == name), b"")


async def _recorded(app: App, scope: Scope, receive: Receive) -> Kept:
    """The whole answer; fresh for as long as it says, or not at all."""
    start: Message = {}
    body = bytearray()

    async def record(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, record)
    headers = tuple((bytes(name), bytes(value)) for name, value in start["headers"])
    now = time.monotonic()
    answer = Kept(start["status"], headers, bytes(body), now, now)
    said = _KEEP.fullmatch(answer.header(b"cache-control"))
    fresh_s = int(said[1]) if said and answer.status == 200 else 0  # noqa: PLR2004 - nothing else is kept
    return Kept(answer.status, headers, answer.body, now, now + fresh_s)


async def _answer(kept: Kept, known: bytes, send: Send) -> None:
    """All of it, or 304 to a caller that has it."""
    tag = kept.header(b"etag")
    unchanged = bool(tag) and tag in {each.strip().removeprefix(b"W/") for each in known.split(b",")}
    headers = [each for each in kept.headers if not (unchanged and each[0].lower() in _BODY_ONLY)]
    if age := int(time.monotonic() - kept.since):
        headers.append((b"age", b"%d" % age))
    await send({"type": "http.response.start", "status": 304 if unchanged else kept.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if unchanged else kept.body})
