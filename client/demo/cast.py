"""Who plays: real clients, each with a directory and keys of its own."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from client.errors import NeighbourError
from client.neighbour import Neighbour

PATIENCE_S = 60


class WaitedInVain(NeighbourError):
    """Something that had to happen did not; ``what`` is a key of the words."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    client: Neighbour
    email: str

    @property
    def id(self) -> str:
        return self.client.user

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something to become true on this person's own device, or raise ``WaitedInVain``."""
        happenings = self.client.happenings()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not holds():
                    await anext(happenings)
        except TimeoutError as error:
            raise WaitedInVain(what) from error

    async def has_text(self, room: str, text: str) -> None:
        await self.until(
            lambda: any(line.text == text and line.seq for line in self.client.timeline(room)), "wait.text"
        )

    async def has_entry(self, room: str, seq: int) -> None:
        await self.until(lambda: self.client.cursor(room) >= seq, "wait.entry")


@asynccontextmanager
async def settled(name: str, directory: Path, url: str, lang: str) -> AsyncIterator[Person]:
    """A neighbour who has joined, has a device and is connected."""
    handle = f"{name.lower()}-{secrets.token_hex(3)}"
    email, password = f"{handle}@dorf.example", secrets.token_urlsafe(18)
    async with Neighbour(directory, url, lang=lang) as client:
        await client.register(email=email, password=password, handle=handle, display_name=name)
        await client.sign_in(email, password)
        await client.create_device()
        await client.connect()
        yield Person(name, client, email)
