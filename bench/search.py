"""What finding a thing costs among very many: by words, near, free and of a kind; in the store and through the door.

The things are spread over villages as people are, on the points of the public grid, many on each. Questions are words
that neighbours ask for: titles, parts of compounds, other spellings, typos, English.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from bench.processes import free_port, hub
from hub.availability import Block, Calendar, adapt, put_block
from hub.catalogue import CATALOGUE, FOLDER
from hub.ids import ItemId, PlaceId, new_id
from hub.item import Item, Rules
from hub.place import Point, public_point
from hub.tariff import Tariff
from hub.usecases.searching import SearchItems, search_items
from storage.embedded import embedded_servers
from storage.mongo.calendar_document import calendar_document
from storage.mongo.dictionary import learn
from storage.mongo.item_document import item_document
from tests.support.live_hub import live_hub
from tests.support.world import World

BATCH = 5_000
P50_MS, P99_MS = 5.0, 30.0
NOW = datetime(2027, 5, 1, 8, tzinfo=UTC)
BEFORE = [
    "akku",
    "profi",
    "mini",
    "elektro",
    "hand",
    "kinder",
    "garten",
    "hobby",
    "werkstatt",
    "holz",
    "stahl",
    "alu",
    "leih",
    "turbo",
    "sommer",
]
SAID = [
    "mit",
    "koffer",
    "und",
    "zubehör",
    "bitte",
    "sauber",
    "zurückbringen",
    "sehr",
    "guter",
    "zustand",
    "passt",
    "in",
    "einen",
    "kombi",
    "kurze",
    "einweisung",
    "bei",
    "der",
    "übergabe",
    "abholung",
    "abends",
    "wird",
    "gern",
    "verliehen",
    "ideal",
    "für",
    "haus",
    "hof",
    "terrasse",
    "wochenende",
    "ersatzteile",
    "vorhanden",
    "leise",
    "leicht",
]
ASKED = (
    "Bohrmaschine", "Bormaschine", "anhaenger", "Anhänger", "drill", "leiter", "zelt", "projector", "Kettensäge",
    "rasenmäher", "grill", "stuhl", "häcksler", "schubkarre", "akku bohrmaschine", "pressure washer",
)  # fmt: skip
FOUND = (("Bohrmaschine", "schlagbohrmaschine"), ("anhaenger", "anhänger"), ("Bormaschine", "bohrmaschine"),
         ("drill", "bohrmaschine"))  # fmt: skip


def things(count: int, owners: Sequence[Any], rng: random.Random) -> Iterator[tuple[Item, Calendar]]:
    lines = (FOLDER / "synonyms.txt").read_text("utf-8").splitlines()
    groups = [line.split() for line in lines if line and not line.startswith("#")]
    kinds = [kind.id for kind in CATALOGUE.categories.values() if len(kind.path) > 1 and "prohibited" not in kind.flags]
    brands = ["".join(rng.choices("bdfgklmnprst", k=1) + rng.choices("aeiou", k=1)) * 2 + str(n) for n in range(3_000)]
    villages = [(48.9 + rng.gauss(0, 0.12), 9.58 + rng.gauss(0, 0.18)) for _ in range(200)]
    for _ in range(count):
        group, (lat, lon) = rng.choice(groups), rng.choice(villages)
        name = (rng.choice(BEFORE) if rng.random() < 0.4 else "") + rng.choice((group[0], rng.choice(group)))
        item = Item(
            id=ItemId(new_id()),
            owner=rng.choice(owners),
            title=f"{name.capitalize()} {rng.choice(brands)}",
            description=" ".join(rng.choices(SAID, k=rng.randint(5, 40))),
            tz="Europe/Berlin",
            tariff=Tariff(day=rng.choice((0, 0, 200, 500, 800, 1200, 2500, 6000))),
            rules=Rules(),
            units=rng.choice((1, 1, 1, 4)),
            place=PlaceId(new_id()),
            public=public_point(Point(lat + rng.gauss(0, 0.012), lon + rng.gauss(0, 0.018))),
            status="active",
            rev=1,
            created_at=NOW - timedelta(minutes=rng.randrange(400_000)),
            category=rng.choice(kinds),
        )
        yield item, taken(item, rng)


def taken(item: Item, rng: random.Random) -> Calendar:
    calendar = adapt(Calendar(item.id, 1, item.tz, item.units, 0), cap=item.units, turnaround_min=0)
    for n in range(rng.choice((0, 0, 1, 4))):
        begin = NOW + timedelta(hours=rng.randrange(24 * 60))
        calendar = put_block(calendar, Block(f"b{n}", begin, begin + timedelta(days=rng.randint(1, 4))))
    return calendar


async def fill(world: World, count: int, rng: random.Random) -> None:
    """The documents of the store itself, in batches."""
    owners = [(await world.person(device=False)).user.id for _ in range(50)]
    made = things(count, owners, rng)
    while batch := [pair for pair, _ in zip(made, range(BATCH), strict=False)]:
        documents = [item_document(item) for item, _ in batch]
        await learn(world.database, {word for document in documents for word in document["words"]})
        await world.database.calendars.insert_many([calendar_document(calendar) for _, calendar in batch])
        await world.database.items.insert_many(documents, ordered=False)


def somewhere(rng: random.Random) -> dict[str, Any]:
    return {"lat": round(48.9 + rng.gauss(0, 0.1), 5), "lon": round(9.58 + rng.gauss(0, 0.15), 5)}


def dates(rng: random.Random) -> dict[str, Any]:
    start = NOW + timedelta(days=rng.randint(1, 50))
    return {"start": start, "end": start + timedelta(days=rng.randint(1, 3))}


KINDS: dict[str, Callable[[random.Random], SearchItems]] = {
    "text": lambda rng: SearchItems(rng.choice(ASKED)),
    "text, 10 km, dates": lambda rng: SearchItems(rng.choice(ASKED), within_m=10_000, **somewhere(rng), **dates(rng)),
    "text, 10 km, dates, category": lambda rng: SearchItems(
        rng.choice(ASKED), rng.choice(("tools", "transport", "garden")), within_m=10_000, **somewhere(rng), **dates(rng)
    ),
    "text, cheapest first": lambda rng: SearchItems(rng.choice(ASKED), sort="price", price=2_000),
    "near, 20 km": lambda rng: SearchItems(**somewhere(rng)),
    "near, 20 km, dates, category": lambda rng: SearchItems(
        category=rng.choice(("tools", "trailers", "camping")), **somewhere(rng), **dates(rng)
    ),
    "newest": lambda _: SearchItems(),
    "newest, dates, category": lambda rng: SearchItems(category=rng.choice(("tools", "camping")), **dates(rng)),
}  # fmt: skip


async def timed(count: int, act: Callable[[], Awaitable[Any]]) -> tuple[float, float]:
    """Median and 99th percentile in ms, one after the other."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        await act()
        took.append(1000 * (time.perf_counter() - began))
    cuts = statistics.quantiles(took, n=100, method="inclusive")
    return cuts[49], cuts[98]


async def in_the_store(world: World, count: int, rng: random.Random) -> bool:
    print("\n| question | p50 / p99 ms |\n|---|---|")
    within = True
    for name, question in KINDS.items():
        p50, p99 = await timed(count, lambda question=question: search_items(world.ports, question(rng)))  # type: ignore[misc]
        missed = "" if p50 <= P50_MS and p99 <= P99_MS else " MISS"
        within = within and not missed
        print(f"| {name} | {p50:.1f} / {p99:.1f}{missed} |")
    return within


async def recalls(world: World) -> bool:
    every = True
    for asked, wanted in FOUND:
        titles = [
            hit.listing.item.title.lower()
            for hit in (await search_items(world.ports, SearchItems(asked, limit=100))).hits
        ]
        found = sum(wanted in title for title in titles)
        every = every and found > 0
        print(f"{asked} finds {wanted}: {found} of the first {len(titles)}{'' if found else ' MISS'}")
    return every


async def through_the_door(url: str, count: int, rng: random.Random) -> None:
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:

        async def ask(path: str) -> None:
            (await client.get(path)).raise_for_status()

        def anew() -> str:
            at = somewhere(rng)
            return f"/v1/search?text={rng.choice(ASKED)}&lat={at['lat']}&lon={at['lon']}&within_m=10000"

        await ask(anew())
        cold = await timed(count, lambda: ask(anew()))
        warm = await timed(count, lambda: ask("/v1/search?text=bormaschine&lat=48.9&lon=9.58"))
    print(f"\n| over HTTP, asked anew | {cold[0]:.1f} / {cold[1]:.1f} |")
    print(f"| over HTTP, kept | {warm[0]:.1f} / {warm[1]:.1f} |")


async def main(count: int, questions: int) -> bool:
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "hub"
        data.mkdir(0o700)
        async with embedded_servers(Path(folder) / "db") as servers:
            async with live_hub(servers, data, "bench") as live:
                await fill(live.world, count, rng)
                sizes = (await live.world.database.command("collStats", "items"))["indexSizes"]
                print(f"{count:,} things; indexes {sum(sizes.values()) / 1e6:.0f} MB", flush=True)
                within = await recalls(live.world)
                within = await in_the_store(live.world, questions, rng) and within
            env = {"MONGODB_URI": servers.mongodb_uri, "REDIS_URL": servers.redis_url, "MONGODB_DATABASE": "bench"}
            port = free_port()
            with hub(data, port, env, 1):
                await through_the_door(f"http://127.0.0.1:{port}", questions, rng)
    return within


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    chosen = parser.parse_args()
    sys.exit(0 if asyncio.run(main(chosen.items, chosen.questions)) else 1)
