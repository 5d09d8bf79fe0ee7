"""A server that speaks the documented framing by a script: what it says to CONNECT and to each event."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.server import ServerConnection, serve

HELLO = '42/hub,["hello",{"v":1,"now":0,"heads":{}}]'


class PaperSocket:
    """``greetings`` are sent after CONNECT, one list per connection (the last again); ``answers`` by event name."""

    def __init__(self) -> None:
        self.url = ""
        self.greetings: list[list[str]] = [['40/hub,{"sid":"s"}', HELLO]]
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
        self.open = '0{"sid":"e","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":160000}'
        self.auths: list[dict[str, Any]] = []
        self.heard: list[str] = []
        self.sockets: list[ServerConnection] = []

    async def handle(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        await socket.send(self.open)
        async for frame in socket:
            assert isinstance(frame, str)
            self.heard.append(frame)
            if frame.startswith("40/hub,"):
                self.auths.append(json.loads(frame[7:]))
                for greeting in self.greetings.pop(0) if len(self.greetings) > 1 else self.greetings[0]:
                    await socket.send(greeting)
            elif frame.startswith("42/hub,"):
                await self._answer(socket, frame[7:])

    async def _answer(self, socket: ServerConnection, packet: str) -> None:
        number, _, body = packet.partition("[")
        event, payload = json.loads(f"[{body}")
        answer = self.answers.get(event, lambda asked: {"ok": True, **asked})(payload)
        if answer is not None:
            await socket.send(f"43/hub,{number}[{json.dumps(answer)}]")

    async def say(self, packet: str) -> None:
        await self.sockets[-1].send(packet)

    async def drop(self) -> None:
        self.sockets[-1].transport.abort()
        await asyncio.sleep(0)


@asynccontextmanager
async def paper_socket() -> AsyncIterator[PaperSocket]:
    paper = PaperSocket()
    async with serve(paper.handle, "127.0.0.1", 0, compression=None) as server:
        host, port = next(iter(server.sockets)).getsockname()[:2]
        paper.url = f"http://{host}:{port}"
        yield paper
