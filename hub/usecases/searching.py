"""Finding things: by words, kind, distance, price and dates, a page at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Final, Literal

from hub.catalogue import CATALOGUE
from hub.category import CategoryId
from hub.errors import Invalid
from hub.ids import ItemId
from hub.period import LATEST, Period
from hub.place import distance_m, square
from hub.ports import Ports
from hub.search import (
    Candidate,
    Filter,
    Key,
    Order,
    asked_words,
    key_of,
    meant,
    parts,
    read_key,
    snapped,
    squares,
    write_key,
)
from hub.usecases._items import Listing, listings

MOST: Final = 20_000
"""Things that one question looks at by words or around a point; more tell nobody anything."""
SCANNED: Final = 2_000
"""Things whose dates one page looks at: it may end early, and its cursor goes on."""
NEAR_M: Final = 20_000
"""As far is near unless the question says otherwise."""

Ranked = tuple[Candidate, Key]


@dataclass(frozen=True, slots=True)
class SearchItems:
    """``lat`` and ``lon`` are snapped to their public point before anything is compared. ``price``: for a day."""

    text: str = ""
    category: CategoryId | None = None
    lat: float | None = None
    lon: float | None = None
    within_m: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    q: int = 1
    price: int | None = None
    sort: Order = "relevance"
    after: str | None = None
    limit: int = 24


@dataclass(frozen=True, slots=True)
class Hit:
    """``distance_m`` is between public points, rounded to 100 m; None when the question named no point."""

    listing: Listing
    distance_m: int | None


@dataclass(frozen=True, slots=True)
class Hits:
    """``after`` asks for what follows; None at the end. A page may be short, or empty, before the end."""

    hits: tuple[Hit, ...]
    after: str | None


async def search_items(ports: Ports, command: SearchItems) -> Hits:
    """What is lent and fits. Pages neither repeat nor leave out anything when things are added meanwhile."""
    wanted, text = _filter(command), asked_words(command.text)
    if command.text.strip() and not text:
        return Hits((), None)
    period = _period(command)
    order = _order(command, wanted, text)
    after = read_key(command.after) if command.after else None
    by_words = _by_words(ports, text, wanted, order, after)
    ranked = by_words if text else _by_order(ports, wanted, order, after, command.limit)
    found, cursor = await _page(ports, ranked, period, command)
    return Hits(await _hits(ports, wanted, found), cursor)


def _filter(command: SearchItems) -> Filter:
    if (command.lat is None) != (command.lon is None):
        raise Invalid("bad_point")
    near = None if command.lat is None or command.lon is None else snapped(command.lat, command.lon)
    within_m = command.within_m if command.within_m is not None else NEAR_M
    kinds = frozenset(CATALOGUE.within(command.category)) if command.category else None
    return Filter(kinds, near, within_m, command.price)


def _period(command: SearchItems) -> Period | None:
    if command.start is None and command.end is None:
        return None
    if command.start is None or command.end is None:
        raise Invalid("bad_period")
    return Period(command.start, command.end)


def _order(command: SearchItems, wanted: Filter, text: Sequence[str]) -> Order:
    """Without words nothing is more relevant than what is near, or new. ``Invalid("bad_sort")`` without a point."""
    if command.sort == "distance" and wanted.near is None:
        raise Invalid("bad_sort")
    if command.sort == "relevance" and not text:
        return "distance" if wanted.near else "newest"
    return command.sort


async def _by_words(
    ports: Ports, text: tuple[str, ...], wanted: Filter, order: Order, after: Key | None
) -> AsyncIterator[list[Ranked]]:
    """Tier by tier, as far as somebody reads: all words well in the title; nearly; roughly; a part of them.

    An order by anything else is of the first two tiers together: cheap things should be what was asked for, too.
    """
    lexicon = await ports.search.lexicon()
    understood = [meant(word, lexicon) for word in text]
    seen: set[ItemId] = set()
    place = key_of(order, wanted)
    if order != "relevance":
        candidates, met = await _met(ports, [each.nearly for each in understood], wanted)
        yield _placed(candidates, set.intersection(*met), wanted, lambda each: place(each, 0), after)
        return
    for tier, known in enumerate(("titled", "nearly", "roughly"), 1):
        candidates, met = await _met(ports, [getattr(each, known) for each in understood], wanted)
        whole = set.intersection(*met) - seen
        yield _placed(candidates, whole, wanted, partial(_in_tier, place, tier), after)
        seen |= whole
    yield _placed(candidates, parts(text, met) - seen, wanted, partial(_in_tier, place, 4), after)


def _in_tier(place: Callable[[Candidate, int], Key], tier: int, each: Candidate) -> Key:
    return place(each, tier)


async def _met(
    ports: Ports, known: Sequence[frozenset[str]], wanted: Filter
) -> tuple[dict[ItemId, Candidate], list[set[ItemId]]]:
    """For each word of a question the things that meet it, and all of these."""
    found = await asyncio.gather(*(ports.search.known_by(words, wanted, MOST) for words in known))
    return {each.id: each for group in found for each in group}, [{each.id for each in group} for group in found]


def _placed(
    candidates: Mapping[ItemId, Candidate],
    chosen: Iterable[ItemId],
    wanted: Filter,
    place: Callable[[Candidate], Key],
    after: Key | None,
) -> list[Ranked]:
    fitting = (candidates[id_] for id_ in chosen)
    return _ranked(((each, place(each)) for each in fitting if wanted.takes(each)), after)


async def _by_order(
    ports: Ports, wanted: Filter, order: Order, after: Key | None, limit: int
) -> AsyncIterator[list[Ranked]]:
    """In an order that the store keeps, or outwards from the point: as far as somebody reads."""
    match order:
        case "newest" | "price":
            batches = _kept_order(ports, wanted, order, after, limit + 1)
        case _:
            batches = _outwards(ports, wanted, after, limit + 1)
    async for batch in batches:
        yield batch


async def _kept_order(
    ports: Ports, wanted: Filter, order: Literal["newest", "price"], after: Key | None, size: int
) -> AsyncIterator[list[Ranked]]:
    place = key_of(order, wanted)
    while batch := await ports.search.ordered(order, wanted, after, size):
        yield [(each, place(each, 0)) for each in batch if wanted.takes(each)]
        after = place(batch[-1], 0)
        size *= 2


async def _outwards(ports: Ports, wanted: Filter, after: Key | None, size: int) -> AsyncIterator[list[Ranked]]:
    """Everything up to a distance, once it is enough or cannot be more; then everything further out."""
    place, near = key_of("distance", wanted), wanted.near
    if near is None:
        raise LookupError("nothing is near without a point")
    for reach in squares(wanted.within_m, after[0] if after else 0):
        closer = replace(wanted, within_m=reach)
        found = await ports.search.within(square(near, reach), wanted, MOST)
        batch = _ranked(((each, place(each, 0)) for each in found if closer.takes(each)), after)
        if len(batch) >= size or reach == wanted.within_m:
            yield batch
            after = batch[-1][1] if batch else after


def _ranked(found: Iterable[Ranked], after: Key | None) -> list[Ranked]:
    return sorted((each for each in found if after is None or each[1] > after), key=itemgetter(1))


async def _page(
    ports: Ports, ranked: AsyncIterator[list[Ranked]], period: Period | None, command: SearchItems
) -> tuple[list[ItemId], str | None]:
    """The first things that are free, and the cursor to what follows."""
    found: list[ItemId] = []
    last, scanned = None, 0
    async for batch in _in_parts(ranked, 2 * command.limit if period else command.limit + 1):
        free = await _free(ports, [each.id for each, _ in batch], period, command.q)
        for candidate, key in batch:
            if len(found) == command.limit or scanned >= SCANNED:
                return found, write_key(last) if last else None
            last, scanned = key, scanned + 1
            found.extend([candidate.id] if candidate.id in free else [])
    return found, None


async def _in_parts(ranked: AsyncIterator[list[Ranked]], size: int) -> AsyncIterator[list[Ranked]]:
    async for batch in ranked:
        for start in range(0, len(batch), size):
            yield batch[start : start + size]


async def _free(ports: Ports, items: list[ItemId], period: Period | None, q: int) -> Collection[ItemId]:
    """Those with enough units, and with these free if dates were named."""
    if period is None and q == 1:
        return items
    start, end = (period.start, period.end) if period else (LATEST, LATEST)
    return await ports.search.free(items, start, end, q)


async def _hits(ports: Ports, wanted: Filter, found: Sequence[ItemId]) -> tuple[Hit, ...]:
    items = await ports.search.several(found) if found else {}
    listed = [items[id_] for id_ in found if id_ in items and items[id_].status == "active"]
    return tuple(
        Hit(shown, distance_m(wanted.near, shown.item.public) if wanted.near else None)
        for shown in await listings(ports, listed)
    )
