"""One live Socket.IO connection over a raw WebSocket: acks by id, pings, an end that is noticed (realtime.md §2)."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from typing import Any, Final, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from client.errors import HubRefused, Offline
from client.packets import (
    PONG,
    Answered,
    Closed,
    Connected,
    Opened,
    Packet,
    Pinged,
    Refused,
    Told,
    read_packet,
    write_connect,
    write_disconnect,
    write_event,
)

ANSWER_WITHIN_S: Final = 20.0
HELLO_WITHIN_S: Final = 10.0
MAX_FRAME: Final = 16 * 2**20
"""A page of a hundred entries of the largest size, and some."""

OnTold = Callable[[str, dict[str, Any]], None]


class Socket:
    """One live connection, from ``open`` (which returns after ``hello``) until it is gone. Events come in order."""

    def __init__(self, transport: ClientConnection, on_told: OnTold) -> None:
        loop = asyncio.get_running_loop()
        self._transport, self._on_told = transport, on_told
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._hello: asyncio.Future[dict[str, Any]] = loop.create_future()
        self._patience_s = HELLO_WITHIN_S
        self._said_bye: str | None = None
        self._reader = loop.create_task(self._read())

    @classmethod
    async def open(cls, url: str, auth: dict[str, Any], on_told: OnTold) -> Self:
        """Connect, introduce ourselves, wait for ``hello``. Offline; HubRefused when CONNECT was."""
        try:
            transport = await connect(
                _socket_url(url),
                compression=None,
                ping_interval=None,
                max_size=MAX_FRAME,
                open_timeout=HELLO_WITHIN_S,
                close_timeout=2,
                proxy=None if is_local(url) else True,
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            raise Offline(str(error)) from error
        socket = cls(transport, on_told)
        try:
            await transport.send(write_connect(auth))
            async with asyncio.timeout(HELLO_WITHIN_S):
                await asyncio.shield(socket._hello)
        except BaseException as error:
            await socket.close()
            if isinstance(error, TimeoutError | WebSocketException):
                raise Offline("no hello") from error
            raise
        return socket

    @property
    def hello(self) -> dict[str, Any]:
        return self._hello.result()

    async def ask(self, event: str, payload: dict[str, Any], within_s: float = ANSWER_WITHIN_S) -> dict[str, Any]:
        """Send an event and return its ack. HubRefused; Offline when none came: then nothing is known."""
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self._transport.send(write_event(number, event, payload))
            async with asyncio.timeout(within_s):  # unlike wait_for on 3.11, it never loses a cancel
                return _unwrap(await answer)
        except (TimeoutError, WebSocketException) as error:
            raise Offline(f"no answer to {event}") from error
        finally:
            self._waiting.pop(number, None)

    async def closed(self) -> str | None:
        """Wait for the end; the code of the hub's ``bye``, if it said one."""
        await asyncio.wait([self._reader])
        return self._said_bye

    async def close(self) -> None:
        """Say goodbye and wait until the connection is gone."""
        with contextlib.suppress(WebSocketException):
            await self._transport.send(write_disconnect())
        await self._transport.close()
        await asyncio.wait([self._reader])

    def cut(self) -> None:
        """Drop the connection without a word, as a dying network does."""
        self._transport.transport.abort()

    async def _read(self) -> None:
        try:
            while True:
                async with asyncio.timeout(self._patience_s):
                    frame = await self._transport.recv()
                packet = read_packet(frame) if isinstance(frame, str) else None
                if packet is not None and not await self._take(packet):
                    break
        except (TimeoutError, ValueError, WebSocketException):
            self._transport.transport.abort()
        finally:
            self._fail_all()
            await self._transport.close()

    async def _take(self, packet: Packet) -> bool:
        """Handle one packet; False when it was the last."""
        match packet:
            case Told(event, payload):
                self._take_told(event, payload)
            case Answered(number, answer):
                self._settle(self._waiting.get(number), answer)
            case Pinged():
                await self._transport.send(PONG)
            case Opened(patience_s):
                self._patience_s = patience_s
            case Refused(code, data):
                self._refuse(HubRefused.read({"kind": "unauthenticated", **data, "code": code, "data": data}))
                return False
            case Closed():
                return False
            case Connected():
                pass
        return True

    def _take_told(self, event: str, payload: dict[str, Any]) -> None:
        if event == "hello":
            self._settle(self._hello, payload)
            return
        if event == "bye":
            self._said_bye = str(payload.get("code", ""))
        self._on_told(event, payload)

    @staticmethod
    def _settle(future: asyncio.Future[dict[str, Any]] | None, value: dict[str, Any]) -> None:
        if future is not None and not future.done():
            future.set_result(value)

    def _refuse(self, refusal: HubRefused) -> None:
        if not self._hello.done():
            self._hello.set_exception(refusal)

    def _fail_all(self) -> None:
        for future in (self._hello, *self._waiting.values()):
            if not future.done():
                future.set_exception(Offline("the line is dead"))
                future.exception()


def _unwrap(answer: dict[str, Any]) -> dict[str, Any]:
    if answer.get("ok") is True:
        return answer
    raise HubRefused.read(answer.get("error") or {})


def _socket_url(url: str) -> str:
    scheme, _, rest = url.rstrip("/").partition("://")
    return f"{'wss' if scheme == 'https' else 'ws'}://{rest}/socket.io/?EIO=4&transport=websocket"


def is_local(url: str) -> bool:
    """Whether the hub is this machine, where a proxy from the environment has no business."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}
