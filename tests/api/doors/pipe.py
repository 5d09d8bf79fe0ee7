"""A pipe between a hub and Redis that a test may cut: the server goes on, nobody reaches it."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit


class Pipe:
    """``cut`` ends every connection and refuses new ones until ``mend``."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._whole = True
        self._carrying: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        self._whole = False
        for task in self._carrying:
            task.cancel()

    def mend(self) -> None:
        self._whole = True

    def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.close()
            return
        task = asyncio.create_task(self._carry(reader, writer))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        task.add_done_callback(lambda _: writer.close())

    async def close(self) -> None:
        self.cut()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there = await asyncio.open_unix_connection(self._server)
        pouring = [asyncio.create_task(_pour(reader, there)), asyncio.create_task(_pour(there_reader, writer))]
        try:
            await asyncio.wait(pouring, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in pouring:
                task.cancel()
            there.close()


@asynccontextmanager
async def piped(redis_url: str) -> AsyncIterator[tuple[Pipe, str]]:
    """A pipe to the Redis of this URL, and the URL of its other end."""
    server = urlsplit(redis_url).path
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path: sockets take 107 bytes
        path, pipe = Path(folder, "r.sock"), Pipe(server)
        listening = await asyncio.start_unix_server(pipe.carry, path)
        try:
            yield pipe, redis_url.replace(server, str(path))
        finally:
            listening.close()
            await pipe.close()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while found := await source.read(65_536):
            sink.write(found)
