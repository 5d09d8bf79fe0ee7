"""The websocket under every live connection: uvicorn's own, with a straight way in and out for whole text frames.

uvicorn hands each message through a queue to a task, which pauses and resumes reading every time. Here the ASGI call
only decides about the handshake; afterwards the socket belongs to a ``Peer``, whole text frames reach it as a function
call, and frames built once are written to any number of transports. Everything else on the wire (fragments, pings,
closes, violations) stays with the websockets library.
"""

from asyncio import Transport
from typing import Any, Final, Protocol

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState
from websockets.frames import Frame, apply_mask  # type: ignore[attr-defined]  # in C where that is built, else in Python
from websockets.http11 import Request

EXTENSION: Final = "dorfkiste"
"""Key in the ASGI scope's ``extensions`` under which the protocol offers itself."""

LINGER_S: Final = 2.0
"""How long a peer may take to read the last words before the connection is cut."""

FIN_TEXT: Final = 0x81
MASKED: Final = 0x80
SIZE_16: Final = 126
SIZE_64: Final = 127
MAX_16: Final = 0xFFFF
LEAST_HEAD: Final = 6
MAX_PONGS: Final = 65_536
MAX_REST: Final = 16_384
"""An unfinished frame up to this size waits here; appending to longer ones is the library's work."""


LOCAL_PEER: Final = "unix"
"""The name of whoever speaks through our own Unix socket: the proxy on this machine, trusted by the file's mode."""


def peer_address(transport: Transport, found: tuple[str, int] | None) -> tuple[str, int] | None:
    """``found``, or ``LOCAL_PEER`` on a Unix socket; a TCP peer whose address is unknown never passes for that."""
    if found is None and isinstance(transport.get_extra_info("sockname"), str | bytes):
        return LOCAL_PEER, 0
    return found


def text_frame(payload: bytes) -> bytes:
    """An unfragmented server text frame (RFC 6455 §5.2): unmasked, so the same bytes serve every recipient."""
    size = len(payload)
    if size < SIZE_16:
        return bytes((FIN_TEXT, size)) + payload
    if size <= MAX_16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


class Peer(Protocol):
    """Who takes a websocket over from ASGI."""

    def on_text(self, packet: bytes) -> None:
        """Take one whole text message, not yet checked to be UTF-8."""

    def on_binary(self) -> None:
        """A binary message came; its bytes are already dropped."""

    def on_lost(self) -> None:
        """The connection is gone; nothing follows."""


class HubWebSocketProtocol(WebSocketsSansIOProtocol):
    """A websocket that can leave ASGI behind: ``attach`` a peer, then ``write_frame`` and ``finish``."""

    peer: Peer | None = None
    _rest = b""
    _waiting: list[bytes] | None = None
    _waiting_size = 0

    async def run_asgi(self) -> None:
        """Run the application; its return ends the connection only if nobody attached."""
        self.scope["extensions"][EXTENSION] = {"protocol": self}
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        else:
            if not self.handshake_complete:
                self.send_500_response()
        if self.peer is None and self.close_timer is None:
            self.transport.close()

    def attach(self, peer: Peer) -> None:
        """Leave ASGI: from now on messages go to ``peer``, and the handshake's leftovers are freed."""
        self.peer = peer
        del self.scope, self.request, self.response
        while not self.queue.empty():
            early: Any = self.queue.get_nowait()
            if "text" in early:
                peer.on_text(early["text"].encode())
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Deliver whole text frames at once; the library gets the rest, and what is too long to wait for here."""
        if self._rest:
            data, self._rest = self._rest + data, b""
        if self.peer is None or self.close_sent or self.frames or self.conn.reader.buffer:
            super().data_received(data)
            return
        at, cut_short = self._deliver(self.peer, data)
        if at == len(data):
            return
        rest = data[at:]
        if cut_short and len(rest) < MAX_REST:
            self._rest = rest
        else:
            super().data_received(rest)

    def _deliver(self, peer: Peer, data: bytes) -> tuple[int, bool]:
        """Hand over the leading whole, masked, unfragmented text frames.

        Return where the first other thing begins, and whether that may become one with the bytes still to come.
        """
        at, end = 0, len(data)
        while end - at >= LEAST_HEAD and data[at] == FIN_TEXT and not self.close_sent:
            size, body = data[at + 1] - MASKED, at + LEAST_HEAD
            if size == SIZE_16:
                size, body = int.from_bytes(data[at + 2 : at + 4], "big"), at + 8
            elif size < 0 or size == SIZE_64:
                return at, False
            stop = body + size
            if size > self.config.ws_max_size:
                return at, False
            if stop > end:
                return at, True
            peer.on_text(apply_mask(data[body:stop], data[body - 4 : body]))
            at = stop
        return at, False

    def send_receive_event_to_app(self) -> None:
        """Give a message the library put together to the peer, or to ASGI while there is none."""
        if self.peer is None:
            super().send_receive_event_to_app()
            return
        message, self.frames = b"".join(self.frames), []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            self.peer.on_text(message)
        else:
            self.peer.on_binary()

    def handle_connect(self, event: Request) -> None:
        """Give a local socket's peer a name, so that a proxy on it can be trusted by that name."""
        self.client = peer_address(self.transport, self.client)
        super().handle_connect(event)

    def handle_ping(self) -> None:
        """Answer, unless the peer asks without ever reading: pongs would pile up without bound."""
        self.flush()
        super().handle_ping()
        if self.buffered() > MAX_PONGS:
            self.transport.abort()

    def handle_close(self, event: Frame) -> None:
        """Echo the close behind what is queued."""
        self.flush()
        super().handle_close(event)

    def handle_parser_exception(self) -> None:
        """Say what was wrong behind what is queued."""
        self.flush()
        super().handle_parser_exception()

    def shutdown(self) -> None:
        """Close as a restart, behind what is queued."""
        self.flush()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the peer, once."""
        super().connection_lost(exc)
        peer, self.peer = self.peer, None
        if peer is not None:
            peer.on_lost()

    def write_frame(self, frame: bytes) -> None:
        """Write a frame built by ``text_frame``, together with all that is written in this turn of the loop.

        uvloop hands each write to the kernel at once, which costs more than all our work on a message.
        """
        if not self._waiting:
            self._waiting = [frame]
            self._waiting_size = len(frame)
            self.loop.call_soon(self.flush)
        else:
            self._waiting.append(frame)
            self._waiting_size += len(frame)

    def flush(self) -> None:
        """Pass on what was written in this turn; to be called before anything else is written."""
        waiting, self._waiting = self._waiting, None
        self._waiting_size = 0
        if waiting and not self.transport.is_closing():
            self.transport.write(waiting[0] if len(waiting) == 1 else b"".join(waiting))

    def buffered(self) -> int:
        """Bytes written and not yet taken by the kernel."""
        return self._waiting_size + self.transport.get_write_buffer_size()

    def pause(self) -> None:
        """Read no more until ``resume``: the kernel's window holds the sender back."""
        if not self.read_paused and not self.transport.is_closing():
            self.read_paused = True
            self.transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self.read_paused and not self.transport.is_closing():
            self.read_paused = False
            self.transport.resume_reading()

    def finish(self, code: int) -> None:
        """Send a close frame behind what is queued, await the echo for ``LINGER_S``, then cut."""
        if self.close_sent or self.transport.is_closing():
            return
        try:
            self.conn.send_close(code)
        except InvalidState:
            self.transport.abort()
            return
        self.flush()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(LINGER_S, self.transport.abort)
        self.resume()

    def abort(self) -> None:
        """Cut at once, dropping what is queued."""
        self.transport.abort()
