"""Neighbours for the end-to-end tests: the ordinary client, each in its own directory, on a hub in its own process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from client.errors import Offline
from client.neighbour import Neighbour
from client.rentals import terms

PASSWORD = "dorf-und-kiste-26"
DAY = timedelta(days=1)


def morning(days_ahead: int) -> datetime:
    return (datetime.now(UTC) + days_ahead * DAY).replace(hour=8, minute=0, second=0, microsecond=0)


async def move_in(directory: Path, url: str, name: str) -> Neighbour:
    """A neighbour with an account and a proven device, not yet live."""
    person = Neighbour(directory / name, url)
    await person.register(email=f"{name}@example.org", password=PASSWORD, handle=name, display_name=name.title())
    await person.sign_in(f"{name}@example.org", PASSWORD)
    await person.create_device()
    return person


@asynccontextmanager
async def living(directory: Path, url: str, names: Sequence[str]) -> AsyncIterator[list[Neighbour]]:
    """Neighbours who are live for as long as the block lasts."""
    people: list[Neighbour] = []
    try:
        for first in range(0, len(names), 4):
            people += await asyncio.gather(*(move_in(directory, url, name) for name in names[first : first + 4]))
        await asyncio.gather(*(person.connect() for person in people))
        yield people
    finally:
        await asyncio.gather(*(person.close() for person in people))


async def list_trailer(owner: Neighbour, *, units: int = 1, title: str = "Anhänger", **more: Any) -> dict[str, Any]:
    return await owner.rentals.create_item(
        title=title,
        description="750 kg, mit Plane",
        tariff={"day": 1200, "deposit": 5000},
        units=units,
        **more,
        place={"label": "Hof", "address": "Dorfstraße 7", "lat": 52.5201, "lon": 13.4049},
    )


async def patient(ask: Callable[[], Awaitable[Any]]) -> Any:
    """The answer to a question that can be asked again, once the line is there again."""
    for _ in range(100):
        with suppress(Offline):
            return await ask()
        await asyncio.sleep(0.1)
    return await ask()


async def request(renter: Neighbour, item: str, days_ahead: int, price: int | None = None) -> dict[str, Any]:
    """Ask for two days; with ``price`` as a bargain. Answers the rental."""
    start = morning(days_ahead)
    quote = await patient(lambda: renter.rentals.quote(item, start, start + 2 * DAY))
    asked = quote["price"] if price is None else price
    offered = terms(start, start + 2 * DAY, asked, negotiated=price is not None)
    rental: dict[str, Any] = (await patient(lambda: renter.rentals.request(item, offered)))["rental"]
    return rental


async def heard(person: Neighbour, room: str, text: str) -> None:
    """Return once ``text`` stands in the person's timeline of the room."""
    happenings = person.happenings()
    while text not in [line.text for line in person.timeline(room)]:
        await anext(happenings)


async def looked_into(owner: Neighbour, item: str) -> None:
    """Return once the other calendar has been read."""
    for _ in range(200):
        if any(each["read_at"] for each in await patient(lambda: owner.calendars.others(item))):
            return
        await asyncio.sleep(0.2)
    raise TimeoutError("the other calendar was not read")


def kept_back(day: int) -> bytes:
    """Another calendar that has one of the units for two days."""
    start, end = (f"{morning(n):%Y%m%dT%H%M%SZ}" for n in (day, day + 2))
    event = ("BEGIN:VEVENT", "UID:one@elsewhere", f"DTSTAMP:{start}", f"DTSTART:{start}", f"DTEND:{end}", "END:VEVENT")
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//else//", *event, "END:VCALENDAR", ""]).encode()
