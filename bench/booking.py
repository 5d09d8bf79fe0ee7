"""What an agreement costs, and that no thing is ever promised twice: the hub's accept beside a naive find-then-insert.

``hot``: 32 callers at a barrier want one thing for overlapping days, round after round. ``spread``: as many callers,
each on things of their own. Both contenders run in turn on one mongod (``w: majority, j: true``), in one process.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.errors import HubError
from hub.item import Item
from hub.rental import OCCUPYING, Rental
from hub.usecases.booking import AcceptOffer, accept_offer
from hub.usecases.upkeep import compare_calendars
from storage.embedded import embedded_servers
from storage.mongo.database import open_client
from tests.support.world import Neighbour, World, build_world, cmd_id

CALLERS = 32
UNLIMITED = {"max_negotiations": 10**6, "max_open_rentals": 10**6}

Attempt = Callable[[], Awaitable[bool]]


@dataclass
class Figures:
    """``took`` in seconds for each attempt, won or lost; ``wall`` for all of them together."""

    won: int = 0
    wall: float = 0
    took: list[float] = field(default_factory=list)

    def row(self, name: str, overbooked: str) -> str:
        p50, p99 = (1000 * quantile(self.took, q) for q in (0.5, 0.99))
        return f"| {name} | {len(self.took) / self.wall:,.0f} | {p50:.0f} / {p99:.0f} | {self.won} | {overbooked} |"


def quantile(values: Sequence[float], q: float) -> float:
    return statistics.quantiles(values, n=1000, method="inclusive")[round(q * 1000) - 1]


async def tried(figures: Figures, attempt: Attempt) -> None:
    began = time.perf_counter()
    won = await attempt()
    figures.won += won
    figures.took.append(time.perf_counter() - began)


async def at_once(figures: Figures, attempts: Sequence[Attempt]) -> None:
    """All callers wait for the same moment."""
    barrier = asyncio.Barrier(len(attempts))

    async def caller(attempt: Attempt) -> None:
        await barrier.wait()
        await tried(figures, attempt)

    began = time.perf_counter()
    await asyncio.gather(*map(caller, attempts))
    figures.wall += time.perf_counter() - began


async def in_turn(figures: Figures, attempts: Iterable[Attempt]) -> None:
    """As many callers, each with the next attempt as soon as the last is answered."""
    left = iter(attempts)

    async def caller() -> None:
        for attempt in left:
            await tried(figures, attempt)

    began = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    figures.wall += time.perf_counter() - began


@dataclass
class Village:
    """One owner and as many renters as there are callers; ``naive`` keeps bookings as one would without thinking."""

    world: World
    owner: Neighbour
    renters: list[Neighbour]

    def overlapping(self, caller: int) -> tuple[datetime, datetime]:
        """Every pair of these has a day in common."""
        start, end = self.world.days(10, 12)
        return start + timedelta(hours=caller % 24), end + timedelta(hours=caller % 24)

    async def asked(self, item: Item, caller: int) -> Rental:
        start, end = self.overlapping(caller)
        changes = {"start": start, "end": end, "price": 2 * item.tariff.day}
        applied = await self.world.request(self.renters[caller], self.owner, item, **changes)
        return applied.sheet.rental

    def accept(self, rental: Rental) -> Attempt:
        async def attempt() -> bool:
            try:
                await accept_offer(self.world.ports, self.owner.actor, AcceptOffer(cmd_id(), rental.id, 1))
            except HubError as error:
                if error.code != "slot_unavailable":
                    raise
                return False
            return True

        return attempt

    def insert(self, item: str, caller: int) -> Attempt:
        """Look whether the days are free, then take them."""
        start, end = self.overlapping(caller)
        bookings = self.world.database.naive

        async def attempt() -> bool:
            if await bookings.find_one({"item": item, "s": {"$lt": end}, "e": {"$gt": start}}):
                return False
            await bookings.insert_one({"item": item, "s": start, "e": end})
            return True

        return attempt

    async def promised(self, items: Sequence[Item]) -> list[int]:
        """How many rentals of each thing are agreed."""
        states = [await self.world.ports.rentals.of_item_in(item.id, OCCUPYING) for item in items]
        return [len(rentals) for rentals in states]


async def settle(world: World) -> Village:
    await world.database.naive.create_index([("item", 1), ("s", 1)])
    owner, *renters = [await world.person() for _ in range(CALLERS + 1)]
    return Village(world, owner, renters)


async def hot(village: Village, rounds: int) -> list[str]:
    """The rows, and what went wrong."""
    hub, naive, items, twice = Figures(), Figures(), [], 0
    for number in range(rounds):
        item = await village.world.item(village.owner)
        rentals = [await village.asked(item, caller) for caller in range(CALLERS)]
        await at_once(hub, [village.accept(rental) for rental in rentals])
        before = naive.won
        await at_once(naive, [village.insert(f"hot-{number}", caller) for caller in range(CALLERS)])
        twice += naive.won - before > 1
        items.append(item)
    overbooked = sum(count > 1 for count in await village.promised(items))
    report("hot", hub, naive, f"{overbooked}/{rounds}", f"{twice}/{rounds}")
    return [
        *(["a thing was promised twice"] if overbooked else []),
        *(["the naive contender never overbooked: nothing was shown"] if not twice else []),
        *(["a thing was promised to nobody"] if hub.won != rounds else []),
    ]


async def spread(village: Village, things: int) -> list[str]:
    hub, naive = Figures(), Figures()
    items = [await village.world.item(village.owner) for _ in range(things)]
    rentals = [await village.asked(item, number % CALLERS) for number, item in enumerate(items)]
    await in_turn(hub, map(village.accept, rentals))
    await in_turn(naive, (village.insert(f"spread-{number}", number % CALLERS) for number in range(things)))
    overbooked = sum(count > 1 for count in await village.promised(items))
    report("spread", hub, naive, str(overbooked), "0")
    return [*(["a free thing was refused"] if hub.won != things else []), *(["overbooked"] if overbooked else [])]


def report(name: str, hub: Figures, naive: Figures, hub_overbooked: str, naive_overbooked: str) -> None:
    print(hub.row(f"{name}: the hub", hub_overbooked))
    print(naive.row(f"{name}: find, then insert", naive_overbooked))
    ratio = (len(hub.took) / hub.wall) / (len(naive.took) / naive.wall)
    print(f"| {name}: hub ÷ naive | {ratio:.2f} | | | |", flush=True)


async def run(args: argparse.Namespace) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="dorfkiste-bench-") as directory:
        async with embedded_servers(Path(directory)) as servers, open_client(servers.mongodb_uri) as client:
            policy: dict[str, Any] = UNLIMITED
            async with build_world(client["bench"], servers.redis_url, **policy) as world:
                village = await settle(world)
                print("| what | attempts/s | p50 / p99 ms | agreed | overbooked |\n|---|---|---|---|---|", flush=True)
                wrong = await hot(village, args.rounds) + await spread(village, args.things)
                differences = [str(found) async for found in compare_calendars(world.ports)]
                return wrong + differences


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--things", type=int, default=2000)
    wrong = asyncio.run(run(parser.parse_args()))
    for line in wrong:
        print(f"MISS {line}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
