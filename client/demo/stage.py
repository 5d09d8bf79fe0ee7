"""A stage for stories that take days: a hub whose clock is moved on by starting it again, and who plays on it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from client.demo.cast import Person
from client.demo.compare import Failed
from client.demo.embedded import DemoHub
from client.demo.lend import Lending
from client.demo.picture import Picture
from client.rentals import terms

TZ: Final = "Europe/Berlin"
DAY: Final = timedelta(days=1)
PRICE, DEPOSIT, LATE = 1200, 5000, 800
"""Minor units: a day, the deposit, and each day begun beyond the end."""


class Stage:
    """``cast`` is everybody; after the clock was moved each of them has to find back to the hub by themselves."""

    def __init__(self, hub: DemoHub, picture: Picture, cast: tuple[Person, ...]) -> None:
        self.hub, self.picture, self.cast = hub, picture, cast
        self._began = datetime.now(ZoneInfo(TZ)).replace(minute=0, second=0, microsecond=0)
        self._moved = timedelta()

    def at(self, days: float) -> datetime:
        """So many days after the day on which the story begins, to the hour."""
        return self._began + timedelta(hours=4) + days * DAY

    async def pass_time(self, until: datetime, key: str) -> None:
        """The hub is stopped, and started again at a later time; everybody reconnects."""
        self._moved = until - datetime.now(ZoneInfo(TZ))
        self.picture.head(key)
        await self.hub.restart(offset_s=int(self._moved.total_seconds()))
        for person in self.cast:
            await person.until(lambda person=person: person.client.is_up, "wait.up")  # type: ignore[misc]

    async def list_trailer(self, owner: Person) -> str:
        words = self.picture.words
        place = {"label": words("place.label"), "address": words("place.address"), "lat": 47.98, "lon": 7.86}
        fee = {"per_day": LATE, "cap": 10 * LATE}
        item = await owner.client.rentals.create_item(
            title=words("trailer.title"),
            description=words("trailer.description"),
            tariff={"day": PRICE, "deposit": DEPOSIT, "late_fee": fee},
            place=place,
            tz=TZ,
            lang=words("lang"),
        )
        self.say("item.listed", owner=owner.name, title=item["title"], price=words.money(PRICE, "EUR"),
                 deposit=words.money(DEPOSIT, "EUR"))  # fmt: skip
        return str(item["id"])

    async def agree(self, owner: Person, renter: Person, item: str, start: float, end: float) -> tuple[str, str]:
        """Asked for and accepted; the rental and its room."""
        days = self.at(start), self.at(end)
        quote = await renter.client.rentals.quote(item, *days)
        rental = (await renter.client.rentals.request(item, terms(*days, quote["price"])))["rental"]
        self.say("rental.requested", renter=renter.name, terms=self.picture.terms(rental))
        answer = await owner.client.rentals.accept(rental["id"], 1)
        self.say("story.accepted", owner=owner.name)
        for side in (owner, renter):
            await side.has_entry(rental["room"], answer["seq"])
        return str(rental["id"]), str(rental["room"])

    def lending(self, owner: Person, renter: Person, deal: tuple[str, str]) -> Lending:
        return Lending(owner, renter, self.picture, *deal)

    async def saw(self, person: Person, room: str, event: str) -> None:
        """Wait until an event of the room is on the person's own device."""

        def there() -> bool:
            return any(line.event == event for line in person.client.timeline(room))

        await person.until(there, "wait.entry")

    def must(self, holds: bool, key: str) -> None:
        """Fail the story, in words, unless it showed what it is there to show."""
        if not holds:
            raise Failed(key)

    def say(self, key: str, **filled: Any) -> None:
        self.picture.say(key, **filled)


Story = Callable[[Stage], Awaitable[None]]


async def appoint(data_dir: Path, *emails: str) -> None:
    """Make moderators, as an operator does: on the command line, beside the running hub."""
    for email in emails:
        command = ("-m", "api.cli", "admin", "grant", email, "moderator", "--data-dir", str(data_dir))
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        output, _ = await process.communicate()
        if process.returncode:
            raise Failed("failed.grant") from RuntimeError(output.decode(errors="replace"))
