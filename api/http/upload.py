"""Bodies that are files: written down while they arrive, a few at a time, and never held in memory as a whole."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, Final, cast

from quart import Request
from quart.asgi import ASGIHTTPConnection
from quart.wrappers.request import Body
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from hub.errors import RateLimited, Unavailable
from hub.ids import UserId

PER_PERSON: Final = 4
AT_ONCE: Final = 64
"""Files on their way to a worker; a slow line may take minutes for one."""
UNREAD: Final = 65_536
"""Bytes of a body that wait for their reader."""

Receive = Callable[[], Awaitable[Any]]


class Arrivals:
    """The files that are just arriving at this worker."""

    def __init__(self, per_person: int = PER_PERSON, at_once: int = AT_ONCE) -> None:
        self._per_person = per_person
        self._at_once = at_once
        self._arriving: Counter[UserId] = Counter()

    @contextmanager
    def place(self, person: UserId) -> Iterator[None]:
        """Held while a body arrives. RateLimited("rate_limited"), Unavailable("busy")."""
        if self._arriving[person] >= self._per_person:
            raise RateLimited("rate_limited", {"limit": "uploads_at_once"}, after_ms=2000)
        if self._arriving.total() >= self._at_once:
            raise Unavailable("busy", after_ms=5000)
        self._arriving[person] += 1
        try:
            yield
        finally:
            self._arriving[person] -= 1
            if not self._arriving[person]:
                del self._arriving[person]


def check_length(request: Request, most: int) -> None:
    """Refuse by what the request says of itself. RequestEntityTooLarge."""
    if (request.content_length or 0) > most:
        raise RequestEntityTooLarge


async def arriving(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body as it comes, at the pace of whoever takes it. RequestEntityTooLarge, ClientDisconnected."""
    length = 0
    async for part in request.body:
        length += len(part)
        if length > most:
            raise RequestEntityTooLarge
        yield part


async def as_far_as_it_comes(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same for whoever keeps what came: a body that breaks off is a short one."""
    with suppress(ClientDisconnected):
        async for part in body:
            yield part


async def written_down(body: AsyncIterator[bytes]) -> BinaryIO:
    """The whole body as a file without a name, at its beginning; whoever takes it closes it."""
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - it outlives this block
    try:
        async for part in body:
            await asyncio.to_thread(file.write, part)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


class PatientBody(Body):
    """Says when there is room for more; read it in parts."""

    def __init__(self, expected_content_length: int | None, max_content_length: int | None) -> None:
        super().__init__(expected_content_length, max_content_length)
        self.broken = False
        self.room = asyncio.Event()
        self.room.set()

    def append(self, data: bytes) -> None:
        """Keep what has come; what nobody reads is not followed by more."""
        super().append(data)
        if len(self._data) > UNREAD:
            self.room.clear()

    def break_off(self) -> None:
        """Nothing more will come; whoever waits for the rest hears so, even if a cancel was lost on its way."""
        if not self._complete.is_set():
            self.broken = True
            self.set_complete()

    async def __anext__(self) -> bytes:
        try:
            part = await super().__anext__()
        except StopAsyncIteration:
            if self.broken:
                raise ClientDisconnected from None
            raise
        self.room.set()
        return part


class PatientRequest(Request):
    body_class = PatientBody


class PatientConnection(ASGIHTTPConnection):
    """Takes no more of a body while what has come is unread; Quart alone would take all of it into memory."""

    async def handle_messages(self, request: Request, receive: Receive) -> None:
        """Hand on what comes, at the pace of whoever reads it."""
        body = cast("PatientBody", request.body)

        async def patiently() -> Any:
            await body.room.wait()
            return await receive()

        await super().handle_messages(request, patiently)
        body.break_off()
