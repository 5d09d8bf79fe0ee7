"""The process that listens: uvicorn with a drain before the end and deadlines for slow HTTP clients."""

import asyncio
import gc
import logging
import socket
from asyncio import TimerHandle
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

import uvicorn
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.sockets.server import HubSocketServer, SocketLimits
from api.sockets.transport import LOCAL_PEER, HubWebSocketProtocol, peer_address

MAX_HEAD: Final = 65_536
POLL_S: Final = 0.05

log = logging.getLogger("dorfkiste.server")


GC_THRESHOLD = (20_000, 20, 50)
"""Messages in flight are not garbage: at the default of 700 the collector walks them again and again."""


class DeadlineHttpProtocol(HttpToolsProtocol):
    """HTTP/1.1 that does not wait for ever: a request's head is due in 10 s, and its body must keep moving.

    uvicorn alone keeps a half-sent head open without end and takes one of any size (security.md §4).
    """

    HEAD_S = 10.0
    BODY_S = 30.0
    BODY_LEAST = 30 * 8_000
    """Bytes within ``BODY_S`` that earn another ``BODY_S``: a photo over a 64 kbit/s line still arrives."""

    _deadline: TimerHandle | None = None
    _phase = "head"
    _timed = ""
    _taken = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Start the clock, and give a local peer its name."""
        super().connection_made(transport)
        self.client = peer_address(transport, self.client)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take bytes, then see what the client still owes."""
        if self._phase == "idle":
            self._phase, self._taken = "head", 0
        if self._phase == "head" and self._taken > MAX_HEAD:
            self.transport.close()
            return
        self._taken += len(data)
        super().data_received(data)
        self._watch()

    def on_headers_complete(self) -> None:
        """From here on the body is owed."""
        self._phase, self._taken = "body", 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Nothing is owed until the next request."""
        self._phase = "idle"
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the transport over; what is left here would be a cycle kept alive by its own parser."""
        self._phase = "idle"
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # as connection_lost does
        self.scope = None  # type: ignore[assignment]  # the same

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        self._phase = "idle"
        self._watch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Let the timer match the phase; a request that comes in one piece never starts a new one."""
        if self._phase == self._timed:
            return
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._timed = self._phase
        if self._phase != "idle":
            self._deadline = self.loop.call_later(self.HEAD_S if self._phase == "head" else self.BODY_S, self._overdue)

    def _overdue(self) -> None:
        if self._phase == "body" and self._taken >= self.BODY_LEAST:
            self._taken, self._timed = 0, ""
            self._watch()
        elif not self.transport.is_closing():
            self.transport.close()


class HubServer(uvicorn.Server):
    """A worker that leaves politely: not ready, wait for the balancer, ``bye``, wait for its people, then close.

    ``on_drain`` is called first and must make ``/readyz`` answer 503. If clients were told before the balancer knows,
    they would reconnect to the node that is going away. No code runs after ``serve``: uvicorn raises the signal again.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        hub: HubSocketServer,
        *,
        on_drain: Callable[[], None],
        balancer_interval_s: float = 2.0,
        drain_s: float = 10.0,
    ) -> None:
        super().__init__(config)
        self.hub = hub
        self._on_drain = on_drain
        self._balancer_interval_s = balancer_interval_s
        self._drain_s = drain_s

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then take all that lives for ever out of the collector's sight."""
        await super().startup(sockets=sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLD)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then let uvicorn close what is left with 1012."""
        self._on_drain()
        await asyncio.sleep(0 if self.force_exit else self._balancer_interval_s)
        left = self.hub.drain()
        log.info("draining %d sockets", left)
        await self._until_gone()
        await self.hub.shutdown()
        await super().shutdown(sockets=sockets)

    async def _until_gone(self) -> None:
        polls = int(self._drain_s / POLL_S)
        for _ in range(polls):
            if not self.hub.eio.sockets or self.force_exit:
                return
            await asyncio.sleep(POLL_S)


def server_config(
    app: Callable[..., Any],
    limits: SocketLimits,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    uds: str | None = None,
    fd: int | None = None,
    keep_alive_s: int = 20,
    graceful_s: int = 15,
    headers: Sequence[tuple[str, str]] = (),
) -> uvicorn.Config:
    """Configure uvicorn for the hub: uvloop, httptools, our websockets, no deflate, one heartbeat, no access log.

    Query strings appear in no log. ``X-Forwarded-*`` count only from ``limits.trusted_proxies`` and, on a Unix
    socket, from the peer behind it; the client is the first address from the right that is not a trusted proxy.
    """
    trusted = sorted(limits.trusted_proxies)
    return uvicorn.Config(
        cast("ASGI3Application", app),
        host=host,
        port=port,
        uds=uds,
        fd=fd,
        loop="uvloop",
        http=DeadlineHttpProtocol,
        ws=HubWebSocketProtocol,
        ws_max_size=limits.frame,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        interface="asgi3",
        proxy_headers=True,
        forwarded_allow_ips=[*trusted, LOCAL_PEER],
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
        timeout_keep_alive=keep_alive_s,
        timeout_graceful_shutdown=graceful_s,
        headers=list(headers),
    )
