"""A server somewhere else: it speaks HTTP/1.1 over TLS on a loopback port, says what a test tells it, and remembers."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme


@dataclass
class FarServer:
    """``answer`` is sent byte for byte to every question; ``pause_s`` comes before its last byte."""

    answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    pause_s: float = 0.0
    asked: list[bytes] = field(default_factory=list)
    port: int = 0
    host: str = "localhost"
    scheme: str = "https"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def says(self, body: bytes, *headers: str, status: str = "200 OK") -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
        self.answer = "\r\n".join([*lines, "", ""]).encode() + body

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":0")
            self.asked.append(head + await reader.readexactly(int(length.partition(b":")[2])))
            writer.write(self.answer[:-1])
            await writer.drain()
            await asyncio.sleep(self.pause_s)
            writer.write(self.answer[-1:])
            await writer.drain()
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def far_server(ca: trustme.CA | None = None, name: str = "localhost") -> AsyncIterator[FarServer]:
    """Over TLS with a certificate of ``ca`` for ``name``; without one in the clear."""
    far, tls = FarServer(scheme="https" if ca else "http"), None
    if ca:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ca.issue_cert(name).configure_cert(tls)
    talks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talks.add(task)
        await far._talk(reader, writer)

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    far.port = server.sockets[0].getsockname()[1]
    try:
        yield far
    finally:
        server.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
        await server.wait_closed()
