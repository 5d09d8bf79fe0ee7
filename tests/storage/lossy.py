"""A wire between a client and the real mongod that loses chosen answers or questions."""

import asyncio
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

HEADER = 4


class Wire:
    """``lose_answer`` and ``lose_question`` judge each question; ``cut`` refuses everything."""

    def __init__(self) -> None:
        self.lose_answer: Callable[[bytes], bool] = lambda _: False
        self.lose_question: Callable[[bytes], bool] = lambda _: False
        self.cut = False
        self.lost = 0
        self._carrying: set[asyncio.Task[None]] = set()

    def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: str) -> None:
        task = asyncio.create_task(self._carry(reader, writer, server))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def close(self) -> None:
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: str) -> None:
        """Carry one connection, question by question, until something is lost."""
        there_reader, there = await asyncio.open_unix_connection(server)
        try:
            while not self.cut:
                question = await _whole(reader)
                if self.cut or self.lose_question(question):
                    break
                there.write(question)
                answer = await _whole(there_reader)
                if self.lose_answer(question):
                    break
                writer.write(answer)
            self.lost += 1
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            there.close()
            writer.close()


@asynccontextmanager
async def lossy(mongodb_uri: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to mongod, and the URI of its other end."""
    server = unquote(urlsplit(mongodb_uri).netloc)
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:  # a short path: sockets take 107 bytes
        path = Path(folder, f"{secrets.token_hex(4)}.sock")
        wire = Wire()
        listening = await asyncio.start_unix_server(lambda r, w: wire.carry(r, w, server), path)
        try:
            yield wire, f"mongodb://{quote(str(path), safe='')}/?directConnection=true"
        finally:
            listening.close()
            await wire.close()


def once(command: bytes, *, times: int = 1) -> Callable[[bytes], bool]:
    """Judges the first ``times`` questions that carry ``command``."""
    left = times

    def judge(question: bytes) -> bool:
        nonlocal left
        hit = left > 0 and command in question
        left -= hit
        return hit

    return judge


async def _whole(reader: asyncio.StreamReader) -> bytes:
    length = await reader.readexactly(HEADER)
    return length + await reader.readexactly(int.from_bytes(length, "little") - HEADER)
