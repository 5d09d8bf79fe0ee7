"""A raw Engine.IO/Socket.IO client on a plain websocket: says exactly what it is told, right or wrong."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

PATH = "/socket.io/?EIO=4&transport=websocket"


class RawSocket:
    """One websocket to ``/socket.io/``; ``namespace`` is ``/hub`` as everywhere."""

    def __init__(self, ws: ClientConnection) -> None:
        self.ws = ws
        self.opening: dict[str, Any] = {}
        self.hello: dict[str, Any] = {}
        self.sid = ""
        self.told: list[tuple[str, Any]] = []
        self._next_id = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int, path: str = PATH, **options: Any) -> AsyncIterator[Self]:
        """Open the websocket and read the Engine.IO handshake; CONNECT is the caller's."""
        async with connect(f"ws://127.0.0.1:{port}{path}", compression=None, **options) as ws:
            raw = cls(ws)
            raw.opening = json.loads((await raw.packet())[1:])
            yield raw

    @classmethod
    @asynccontextmanager
    async def connected(cls, port: int, auth: dict[str, Any] | None = None, **options: Any) -> AsyncIterator[Self]:
        """Open, CONNECT to ``/hub`` and wait for ``hello``."""
        async with cls.open(port, **options) as raw:
            await raw.connect(auth)
            yield raw

    async def connect(self, auth: dict[str, Any] | None = None) -> None:
        """CONNECT and wait until the hub has said hello."""
        await self.send("40/hub," + json.dumps(auth or {}))
        accepted = await self.packet()
        assert accepted.startswith("40/hub,"), accepted
        self.sid = json.loads(accepted[7:])["sid"]
        self.hello = await self.heard("hello")

    async def send(self, packet: str | bytes) -> None:
        """Send one websocket message as it is."""
        await self.ws.send(packet)

    async def emit(self, name: str, payload: Any, ack_id: int | None = None) -> None:
        """Send an event, with an ack id if one is given."""
        await self.send(f"42/hub,{'' if ack_id is None else ack_id}{json.dumps([name, payload], ensure_ascii=False)}")

    async def call(self, name: str, payload: Any, within: float = 3.0) -> dict[str, Any]:
        """Send an event and wait for its ack, keeping what is told meanwhile."""
        self._next_id += 1
        await self.emit(name, payload, self._next_id)
        return await self.ack(self._next_id, within)

    async def ack(self, ack_id: int, within: float = 3.0) -> dict[str, Any]:
        """Wait for the ack with this id."""
        prefix = f"43/hub,{ack_id}["
        while True:
            packet = await self.packet(within)
            if packet.startswith(prefix):
                [answer] = json.loads(packet[len(prefix) - 1 :])
                return dict(answer)
            self._keep(packet)

    async def heard(self, name: str, within: float = 3.0) -> Any:
        """Wait for a told event of this name and return its payload; the others stay in ``told``."""
        while True:
            for kept in self.told:
                if kept[0] == name:
                    self.told.remove(kept)
                    return kept[1]
            self._keep(await self.packet(within))

    def _keep(self, packet: str) -> None:
        if packet.startswith("42/hub,"):
            name, payload = json.loads(packet[7:])
            self.told.append((name, payload))

    async def packet(self, within: float = 3.0) -> str:
        """The next packet that is not a ping; pings are answered."""
        async with asyncio.timeout(within):
            while True:
                packet = await self.ws.recv()
                assert isinstance(packet, str)
                if packet != "2":
                    return packet
                await self.send("3")

    async def until_closed(self, within: float = 5.0) -> int:
        """Read until the server has closed; the websocket close code, 1006 for a cut."""
        try:
            while True:
                self._keep(await self.packet(within))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
