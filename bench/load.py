"""The load: raw WebSocket connections over asyncio transports, cheap enough that the server is what is measured.

Frames are built before the clock starts. A client frame must be masked (RFC 6455, 5.3); the key 0 is a legal key that
leaves the payload as it is, so that sending costs one ``write``.
"""

import asyncio
import base64
import os
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import cast


def masked_frame(payload: bytes) -> bytes:
    """One whole client text frame under the mask key 0."""
    size = len(payload)
    if size < 126:
        head = struct.pack("!BB", 0x81, 0x80 | size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x81, 0x80 | 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, 0x80 | 127, size)
    return head + b"\0\0\0\0" + payload


class Frames:
    """Cuts server frames out of a byte stream; server frames are unmasked and, here, never fragmented."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterable[tuple[int, bytes]]:
        buffer = self._rest + data if self._rest else data
        at, end = 0, len(buffer)
        while end - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                head = 4
            elif size == 127:
                head = 10
            if end - at < head:
                break
            if head == 4:
                size = buffer[at + 2] << 8 | buffer[at + 3]
            elif head == 10:
                size = int.from_bytes(buffer[at + 2 : at + 10])
            if end - at < head + size:
                break
            yield buffer[at] & 15, buffer[at + head : at + head + size]
            at += head + size
        self._rest = buffer[at:]


class Wire(asyncio.Protocol):
    """One WebSocket connection: the upgrade, then text frames go to ``on_text``; Engine.IO pings are answered."""

    def __init__(self, path: str, on_text: Callable[["Wire", bytes], None]) -> None:
        self._path, self._on_text = path, on_text
        self._frames = Frames()
        self._head: bytes | None = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self._path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            if b" 101 " not in self._head[:20]:
                self.opened.set_exception(ConnectionError(self._head[:200].decode("latin-1")))
                return
            data, self._head = self._head[end + 4 :], None
            self.opened.set_result(None)
        for opcode, payload in self._frames.feed(data):
            if payload == b"2":
                self.send(masked_frame(b"3"))
            elif opcode == 1:
                self._on_text(self, payload)

    def send(self, frame: bytes) -> None:
        self._transport.write(frame)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.opened.done():
            self.opened.set_exception(exc or ConnectionError("closed during the upgrade"))

    def close(self) -> None:
        self._transport.close()


async def open_wire(port: int, path: str, on_text: Callable[[Wire, bytes], None]) -> Wire:
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(lambda: Wire(path, on_text), "127.0.0.1", port)
    await wire.opened
    return wire


@dataclass
class Lane:
    """One sender with its frames made ready; ``sent`` holds the send times of what the other side has not got yet."""

    wire: Wire
    frames: list[bytes]
    next: int = 0
    in_flight: int = 0
    sent: deque[float] = field(default_factory=deque)

    def send_one(self) -> bool:
        if self.next >= len(self.frames):
            return False
        self.sent.append(time.perf_counter())
        self.wire.send(self.frames[self.next])
        self.next += 1
        self.in_flight += 1
        return True


@dataclass
class Outcome:
    """What one run saw: counts, how long, and the times from send to received in seconds."""

    messages: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    violations: int = 0
    refused: int = 0

    @property
    def rate(self) -> float:
        return self.messages / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


class Relay:
    """Drives lanes and checks, at the receiving side, that each room's seq is 1, 2, 3 … from where it started."""

    def __init__(self) -> None:
        self.outcome = Outcome()
        self._lanes: dict[bytes, Lane] = {}
        self._expected: dict[bytes, int] = {}
        self._window = 0
        self._done = asyncio.Event()
        self._total = 0

    def add(self, room: bytes, lane: Lane, next_seq: int) -> None:
        self._lanes[room], self._expected[room] = lane, next_seq

    def acked(self, ok: bool) -> None:
        if not ok:
            self.outcome.refused += 1
            self._count()

    def received(self, room: bytes, seq: int) -> None:
        now = time.perf_counter()
        lane = self._lanes[room]
        if seq != self._expected[room]:
            self.outcome.violations += 1
        self._expected[room] = seq + 1
        if lane.sent:
            self.outcome.latencies.append(now - lane.sent.popleft())
        lane.in_flight -= 1
        self.outcome.messages += 1
        if self._window:
            lane.send_one()
        self._count()

    def _count(self) -> None:
        if self.outcome.messages + self.outcome.refused >= self._total:
            self._done.set()

    async def warm_up(self, each: int) -> None:
        """A few messages per lane that do not count."""
        self._total = each * len(self._lanes)
        for lane in self._lanes.values():
            for _ in range(each):
                lane.send_one()
        await asyncio.wait_for(self._done.wait(), 30)
        self._done.clear()
        self.outcome = Outcome()

    async def saturate(self, window: int, deadline_s: float = 120) -> Outcome:
        """Keep ``window`` messages in flight per lane until all frames are through."""
        self._window = window
        self._total = sum(len(lane.frames) - lane.next for lane in self._lanes.values())
        started = time.perf_counter()
        for lane in self._lanes.values():
            for _ in range(window):
                lane.send_one()
        await asyncio.wait_for(self._done.wait(), deadline_s)
        self.outcome.seconds = time.perf_counter() - started
        return self.outcome

    async def trickle(self, per_second: float, messages: int) -> Outcome:
        """A fixed light load, evenly spaced, round the lanes."""
        self._total = messages
        lanes = list(self._lanes.values())
        started = time.perf_counter()
        for number in range(messages):
            pause = started + number / per_second - time.perf_counter()
            if pause > 0:
                await asyncio.sleep(pause)
            lanes[number % len(lanes)].send_one()
        await asyncio.wait_for(self._done.wait(), 30)
        self.outcome.seconds = time.perf_counter() - started
        return self.outcome
