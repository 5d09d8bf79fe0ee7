"""Pairs of ordinary neighbours with a room each, and what they have written and sealed before the clock starts."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from client.neighbour import Neighbour
from client.rentals import terms

PASSWORD = "bench-neighbours-8"
TEXT = "Passt Samstag um zehn? Dann bringe ich den Anhänger gleich mit zurück. Nachricht {n}"


class Bencher(Neighbour):
    """An ordinary neighbour who also lends its introduction to the load and asks for the head of a room."""

    async def introduction(self) -> dict[str, Any]:
        """The CONNECT payload that this device proves itself with."""
        return await self._introduce(renew=False)

    async def head(self, room: str) -> int:
        return int((await self._hub.get(f"/v1/rooms/{room}"))["head"])


@dataclass
class Pair:
    """Two neighbours and the room of their rental; ``sealed`` are payloads of ``message:send`` in order."""

    writer: Bencher
    reader: Bencher
    room: str
    sealed: list[Mapping[str, Any]]


async def neighbour(directory: Path, url: str, name: str) -> Bencher:
    person = Bencher(directory / name, url)
    await person.register(email=f"{name}@bench.example", password=PASSWORD, handle=name, display_name=name)
    await person.sign_in(f"{name}@bench.example", PASSWORD)
    await person.create_device()
    return person


async def make_pair(directory: Path, url: str, number: int) -> Pair:
    """An owner with a thing, a renter who asks for it, and so a room for two devices."""
    owner, renter = await asyncio.gather(
        neighbour(directory, url, f"owner-{number}"), neighbour(directory, url, f"renter-{number}")
    )
    for person in (owner, renter):
        await person.refresh_prekey()
    item = await owner.rentals.create_item(
        title=f"Anhänger {number}",
        description="750 kg, mit Plane",
        tariff={"day": 1200, "deposit": 5000},
        place={"label": "Hof", "address": "Dorfstraße 1", "lat": 52.5, "lon": 13.4},
    )
    start = (datetime.now(UTC) + timedelta(days=10)).replace(hour=8, minute=0, second=0, microsecond=0)
    end = start + timedelta(days=2)
    quote = await renter.rentals.quote(item["id"], start, end)
    answer = await renter.rentals.request(item["id"], terms(start, end, quote["price"]))
    return Pair(renter, owner, answer["rental"]["room"], [])


async def make_pairs(directory: Path, url: str, count: int) -> list[Pair]:
    """A few at a time: each sign-in is an Argon2id on the hub."""
    pairs: list[Pair] = []
    for first in range(0, count, 4):
        group = (make_pair(directory, url, number) for number in range(first, min(first + 4, count)))
        pairs += await asyncio.gather(*group)
    return pairs


async def write_ahead(pairs: Sequence[Pair], count: int) -> None:
    for pair in pairs:
        pair.sealed = await pair.writer.write_ahead(pair.room, [TEXT.format(n=n) for n in range(count)])
