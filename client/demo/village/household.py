"""The neighbours of the village as real clients: each with a directory, a device and a backup of their own."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from client.demo.cast import Person
from client.demo.village.journal import Journal, Named
from client.errors import HubRefused, NeighbourError
from client.neighbour import Neighbour

AT_ONCE: Final = 3
"""So many move in at a time: each makes the hub and this process derive keys from passwords."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What every demo neighbour has, and everybody may know."""

    password: str
    code: str


class Household:
    """Opens neighbours as they are asked for, and closes them all at the end."""

    def __init__(self, url: str, directory: Path, journal: Journal, secrets: Secrets) -> None:
        self._url, self._directory, self._journal, self._secrets = url, directory, journal, secrets
        self._stack = AsyncExitStack()
        self._people: dict[str, Person] = {}
        self._named: dict[str, Named] = {}
        self._doors: dict[str, asyncio.Lock] = {}
        self._seats = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def settle(self, handles: Sequence[str]) -> None:
        """Whoever has no device and no backup yet gets both."""
        new = [handle for handle in handles if f"backup/{handle}" not in self._journal.done]
        async with asyncio.TaskGroup() as group:
            for handle in new:
                group.create_task(self._at_home(handle))

    async def back_up(self) -> None:
        """What was written is in everybody's backup: whoever restores now reads it."""
        for person in self._people.values():
            await person.client.recovery.catch_up()

    async def stay(self, handles: Sequence[str]) -> None:
        """Be there until cancelled: what is written to somebody is read, and its key is in their backup.

        Whoever was shut out or erased by those who look at the village stays away.
        """
        found = await asyncio.gather(*map(self._at_home, handles), return_exceptions=True)
        for error in found:
            if error is not None and not isinstance(error, NeighbourError):
                raise error
        await asyncio.Event().wait()

    async def _at_home(self, handle: str) -> None:
        async with self._seats:
            await self.person(handle)

    async def person(self, handle: str) -> Person:
        """A neighbour who is connected."""
        async with self._doors.setdefault(handle, asyncio.Lock()):
            if handle not in self._people:
                self._people[handle] = await self._open(handle)
            return self._people[handle]

    async def prepare(self, step: str, *handles: str) -> None:
        """Have these neighbours here; what they command from now on belongs to this step."""
        for handle in handles:
            await self.person(handle)
            self._named[handle].begin(step)

    def named(self, person: Person) -> Named:
        """The ids of this person's commands."""
        return self._named[person.name]

    async def _open(self, handle: str) -> Person:
        email = f"{handle}@demo.example"
        named = self._named[handle] = Named(handle)
        client = Neighbour(self._directory / handle, self._url, command_id=named)
        await self._stack.enter_async_context(client)
        if not client.is_signed_in:
            await client.sign_in(email, self._secrets.password)
        if f"device/{handle}" not in self._journal.done:
            await client.create_device()
            self._journal.finish(f"device/{handle}")
        try:
            await client.connect()
        except HubRefused:  # the sign-in was ended from another device
            await client.sign_in(email, self._secrets.password)
            await client.connect()
        if f"backup/{handle}" not in self._journal.done:
            await self._back_up(client)
            self._journal.finish(f"backup/{handle}")
        return Person(handle, client, email)

    async def _back_up(self, client: Neighbour) -> None:
        await client.account.confirm(self._secrets.password)
        client.recovery.prepare(given=self._secrets.code)
        await client.recovery.confirm(self._secrets.code, code=self._secrets.code)
