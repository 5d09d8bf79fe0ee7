"""The line to the hub: one live socket, and the loop that keeps making new ones (realtime.md §2, §3, §5)."""

import asyncio
import contextlib
import itertools
import random
from collections.abc import Awaitable, Callable
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
STABLE_AFTER_S: Final = 10.0
MAX_FRAME: Final = 16 * 2**20
TOKEN_CODES: Final = frozenset({"bad_token", "token_expired"})
"""Refusals that a fresh access token cures."""
PASSING_CODES: Final = frozenset(
    {"too_many_sockets", "rate_limited", "unavailable", "internal", "draining", "slow_reader"}
)
"""Refusals and farewells that time cures. Everything else ends the line: no reconnecting helps."""

OnTold = Callable[[str, dict[str, Any]], None]


def full_jitter(attempt: int, ceiling_s: float = 30.0) -> float:
    """Seconds to wait before try number ``attempt`` (from 0): anywhere in 0 … min(ceiling, 2ⁿ).

    Source: Brooker, "Exponential Backoff And Jitter", 2015: spreads a village that lost its hub at one moment.
    """
    return random.uniform(0, min(ceiling_s, 2.0 ** min(attempt, 10)))


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
            await asyncio.wait_for(asyncio.shield(socket._hello), HELLO_WITHIN_S)
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
            return _unwrap(await asyncio.wait_for(answer, within_s))
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
                self._refuse(HubRefused(code, "unauthenticated", data))
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


class Line:
    """Keeps a socket alive until ``stop``: full-jitter reconnects, fresh tokens, ``hello`` before anything else.

    ``introduce`` makes the CONNECT payload, with a new token if its argument is true. ``on_hello`` runs after every
    ``hello``; ``on_told`` for every event of every socket, in order.
    """

    def __init__(
        self,
        url: str,
        introduce: Callable[[bool], Awaitable[dict[str, Any]]],
        on_hello: Callable[[dict[str, Any]], None],
        on_told: OnTold,
    ) -> None:
        self._url, self._introduce = url, introduce
        self._on_hello, self._on_told = on_hello, on_told
        self._socket: Socket | None = None
        self._up, self._allowed = asyncio.Event(), asyncio.Event()
        self._allowed.set()
        self._task: asyncio.Task[None] | None = None
        self.ended_by: HubRefused | None = None
        """Why the loop gave up, if it did: sign in again."""
        self.on_down: Callable[[], None] = lambda: None
        """Told when a live socket is gone, and when the loop has given up."""

    def start(self) -> None:
        if self._task is None or self._task.done():
            self.ended_by = None
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        if self._socket is not None:
            await self._socket.close()

    async def up(self) -> None:
        """Wait for a live socket, however long the hub is away; raises what ended the loop."""
        if self._task is None:
            raise Offline("not connected")
        waiting = asyncio.get_running_loop().create_task(self._up.wait())
        try:
            await asyncio.wait([waiting, self._task], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self._task.done():
            raise self.ended_by or _failure(self._task) or Offline("the line was stopped")

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    async def ask(self, event: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Ask over the live socket; Offline at once when there is none."""
        if self._socket is None or not self.is_up:
            raise Offline("no connection")
        return await self._socket.ask(event, payload)

    def cut(self, *, stay_down: bool = False) -> None:
        """Drop the live socket without a word. The loop makes a new one, if told so only after ``resume``."""
        if stay_down:
            self._allowed.clear()
        if self._socket is not None:
            self._socket.cut()

    def resume(self) -> None:
        """Reconnect after ``cut(stay_down=True)``."""
        self._allowed.set()

    async def _run(self) -> None:
        attempt, renew = 0, False
        while True:
            await self._allowed.wait()
            pause = full_jitter(attempt)
            try:
                socket = await Socket.open(self._url, await self._introduce(renew), self._on_told)
                renew = False
                attempt = 0 if await self._live(socket) else attempt + 1
            except Offline:
                attempt += 1
            except HubRefused as refusal:
                if not _may_pass(refusal, renew):
                    self.ended_by = refusal
                    self.on_down()
                    return
                attempt, renew = attempt + 1, refusal.code in TOKEN_CODES
                pause = max(pause, refusal.after_ms / 1000)
            await asyncio.sleep(pause)

    async def _live(self, socket: Socket) -> bool:
        """Serve one socket to its end; whether it lasted long enough to forget earlier failures."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._socket = socket
        self._on_hello(socket.hello)
        self._up.set()
        try:
            code = await socket.closed()
        finally:
            self._up.clear()
            self.on_down()
        if code and code not in PASSING_CODES:
            raise HubRefused(code, "unauthenticated")
        return loop.time() - began >= STABLE_AFTER_S


def _may_pass(refusal: HubRefused, renewed: bool) -> bool:
    """Whether trying again can help; a token refused right after its renewal will not get better."""
    if refusal.code in TOKEN_CODES:
        return not renewed
    return refusal.retry or refusal.code in PASSING_CODES


def _failure(task: asyncio.Task[None]) -> BaseException | None:
    return None if task.cancelled() else task.exception()


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
