"""One rental of the screenplay: who is in it, and doing each thing exactly once."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from client.demo.cast import Person
from client.demo.village.household import Household
from client.demo.village.journal import Journal
from client.demo.village.script import Act, Rental, moment
from client.errors import NeighbourError
from client.neighbour import Neighbour
from client.timeline import Line

View = dict[str, Any]


class Scene:
    """Every command is looked for in the room's log before it is given: an earlier life may have given it."""

    def __init__(self, household: Household, journal: Journal, rental: Rental, born: datetime, pictures: Path) -> None:
        """``pictures`` is the folder with what people may send."""
        self._household, self._journal, self.pictures = household, journal, pictures
        self.rental, self._born = rental, born
        self._given: set[str] | None = None

    @property
    def id(self) -> str:
        return self._journal.rentals[self.rental.name][0]

    @property
    def room(self) -> str:
        return self._journal.rentals[self.rental.name][1]

    @property
    def days(self) -> tuple[datetime, datetime]:
        return self.moment(self.rental.start), self.moment(self.rental.end)

    def moment(self, told: str) -> datetime:
        return moment(self._born, told)

    async def who(self, act: Act) -> Person:
        """Who acts."""
        return await self._household.person(self.rental.owner if act.who == "owner" else self.rental.renter)

    async def partner(self, act: Act) -> Person:
        """The other one."""
        return await self._household.person(self.rental.renter if act.who == "owner" else self.rental.owner)

    async def other(self, act: Act) -> Neighbour:
        return (await self.partner(act)).client

    async def item(self, client: Neighbour) -> str:
        """The thing, as its owner lists it."""
        owner = await self._household.person(self.rental.owner)
        for item in await client.rentals.items(owner.id):
            if item["title"] == self.rental.thing:
                return str(item["id"])
        raise NeighbourError(f"{self.rental.owner} has no {self.rental.thing}")

    async def open(self, person: Person, command: Callable[[str], Awaitable[View]]) -> None:
        """Open the rental, unless it was opened already."""
        if self.rental.name in self._journal.rentals:
            return
        item = await self.item(person.client)
        opened = await self._opened(person, item) or (await command(item))["rental"]
        self._journal.open(self.rental.name, opened["id"], opened["room"])
        self._given = set()
        head = max(entry["seq"] for entry in await person.client.raw_history(opened["room"]))
        await self.both_have(head)

    async def once(self, person: Person, command: Callable[[], Awaitable[View]]) -> None:
        """Give a command, unless it was given already; both have what came of it."""
        named = self._household.named(person)
        if self._given is None:
            self._given = await _commands(person, self.room)
        if named.peek() in self._given:
            named()
            return
        await self.both_have((await command())["seq"])

    async def both_have(self, seq: int) -> None:
        for handle in (self.rental.owner, self.rental.renter):
            await (await self._household.person(handle)).has_entry(self.room, seq)

    async def both_see(self, holds: Callable[[Line], bool]) -> None:
        """Wait until a line of the room is so on both devices."""
        for handle in (self.rental.owner, self.rental.renter):
            await self.sees(await self._household.person(handle), holds)

    async def sees(self, person: Person, holds: Callable[[Line], bool]) -> None:
        await person.until(lambda: self.line(person, holds) is not None, "wait.entry")

    def line(self, person: Person, holds: Callable[[Line], bool]) -> Line | None:
        """The newest line of the room that is so, on this person's device."""
        return next((line for line in reversed(person.client.timeline(self.room)) if holds(line)), None)

    async def _opened(self, person: Person, item: str) -> View | None:
        """What this very command has opened before, if its answer was lost."""
        command = self._household.named(person).peek()
        for rental in await person.client.rentals.mine():
            if rental["item"]["id"] == item and command in await _commands(person, rental["room"]):
                return rental
        return None


async def _commands(person: Person, room: str) -> set[str]:
    return {str(entry["cmd_id"]) for entry in await person.client.raw_history(room) if "cmd_id" in entry}
