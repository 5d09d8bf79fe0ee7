"""Calendar arithmetic of one item: who keeps it when, what is left, and when nothing is (design: rental.md §2).

All intervals are half-open UTC [s, e). Nothing here checks capacity on the way in: some changes must be written even
when they overlap, such as a thing that did not come back in time. Every change leaves ``rev`` to the store.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Literal, TypeVar

from hub.ids import ItemId, RentalId
from hub.period import EARLIEST, LATEST

_Use = tuple[datetime, datetime, int]

KEEP_PAST = timedelta(days=90)

PENDING = "pending"
"""The state in the calendar of what an open offer holds."""

BlockSource = Literal["owner", "ical", "repair"]


@dataclass(frozen=True, slots=True)
class Interval:
    s: datetime
    e: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """``q`` units are with ``rental``; ``e`` includes the turnaround. ``st`` is its state, or ``pending``."""

    rental: RentalId
    s: datetime
    e: datetime
    q: int
    st: str


@dataclass(frozen=True, slots=True)
class Block:
    """The owner, an imported calendar or a repair keeps ``q`` units back; None means all.

    ``feed`` is the subscription that an imported one belongs to.
    """

    id: str
    s: datetime
    e: datetime
    src: BlockSource = "owner"
    note: str = ""
    q: int | None = None
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """``full``: the maximal stretches without a free unit, begun ``turnaround_min`` early.

    So a plain [S, E) can be had if no full stretch overlaps it: one indexable query for search, whatever the capacity.
    """

    item: ItemId
    rev: int
    tz: str
    cap: int
    turnaround_min: int
    busy: tuple[Busy, ...] = ()
    blocks: tuple[Block, ...] = ()
    full: tuple[Interval, ...] = ()

    @property
    def turnaround(self) -> timedelta:
        return timedelta(minutes=self.turnaround_min)


def free_units(calendar: Calendar, s: datetime, e: datetime, exclude: RentalId | None = None) -> int:
    """Units free during all of [s, e), not counting what ``exclude`` holds itself. Add the turnaround to ``e`` first.

    Pooled, not per unit: units can be told apart at hand-over in order of start, which always works for intervals.
    """
    taken = [use for use in _uses(calendar, exclude) if use[0] < e and use[1] > s]
    peak = max((level for _, level in _levels(taken)), default=0)
    return max(0, calendar.cap - peak)


def agreed_units(calendar: Calendar, since: datetime) -> int:
    """The most units that rentals hold at any one time from ``since`` on."""
    uses = [(b.s, b.e, b.q) for b in calendar.busy if b.e > since]
    return max((level for _, level in _levels(uses)), default=0)


def full_intervals(calendar: Calendar) -> tuple[Interval, ...]:
    """``Calendar.full`` computed afresh; one unbounded stretch if there are no units at all."""
    if calendar.cap <= 0:
        return (Interval(EARLIEST, LATEST),)
    merged: list[Interval] = []
    for raw in _stretches_at(calendar.cap, _levels(_uses(calendar))):
        early = max(EARLIEST, raw.s - calendar.turnaround)
        if merged and early <= merged[-1].e:
            merged[-1] = Interval(merged[-1].s, raw.e)
        else:
            merged.append(Interval(early, raw.e))
    return tuple(merged)


def put(calendar: Calendar, *held: Busy) -> Calendar:
    """Enter what rentals hold, in place of all that they held before."""
    rentals = {busy.rental for busy in held}
    others = tuple(b for b in calendar.busy if b.rental not in rentals)
    return _refilled(replace(calendar, busy=_by_time((*others, *held))))


def pull(calendar: Calendar, rental: RentalId) -> Calendar:
    """Free what a rental holds, if anything."""
    return _refilled(replace(calendar, busy=tuple(b for b in calendar.busy if b.rental != rental)))


def put_block(calendar: Calendar, block: Block) -> Calendar:
    """Enter a block, in place of the one with its id."""
    others = tuple(b for b in calendar.blocks if b.id != block.id)
    return _refilled(replace(calendar, blocks=_by_time((*others, block))))


def pull_block(calendar: Calendar, block_id: str) -> Calendar:
    return _refilled(replace(calendar, blocks=tuple(b for b in calendar.blocks if b.id != block_id)))


def put_feed(calendar: Calendar, feed: str, blocks: Iterable[Block]) -> Calendar:
    """Enter everything that an imported calendar says, in place of everything that it said before."""
    others = tuple(b for b in calendar.blocks if b.feed != feed)
    return _refilled(replace(calendar, blocks=_by_time((*others, *blocks))))


def clashes(calendar: Calendar, feed: str, since: datetime) -> tuple[RentalId, ...]:
    """Rentals that have no units left beside what an imported calendar keeps back. What is only asked for has none."""
    told = [b for b in calendar.blocks if b.feed == feed and b.e > since]
    return tuple(
        busy.rental
        for busy in calendar.busy
        if busy.st != PENDING and busy.e - calendar.turnaround > since and _crowded(calendar, busy, told)
    )


def _crowded(calendar: Calendar, busy: Busy, told: Iterable[Block]) -> bool:
    """Whether one of the blocks falls into a rental and leaves too little; the time after its end may be shared."""
    end = busy.e - calendar.turnaround
    return any(
        free_units(calendar, max(busy.s, block.s), min(end, block.e), exclude=busy.rental) < busy.q
        for block in told
        if block.s < end and block.e > busy.s
    )


def adapt(calendar: Calendar, *, cap: int, turnaround_min: int) -> Calendar:
    """Follow the item's units and turnaround. What is agreed already keeps its own end."""
    return _refilled(replace(calendar, cap=cap, turnaround_min=turnaround_min))


def prune(calendar: Calendar, now: datetime) -> Calendar:
    """Forget what ended 90 days ago or earlier."""
    past = now - KEEP_PAST
    kept_busy = tuple(b for b in calendar.busy if b.e > past)
    kept_blocks = tuple(b for b in calendar.blocks if b.e > past)
    return _refilled(replace(calendar, busy=kept_busy, blocks=kept_blocks))


def _refilled(calendar: Calendar) -> Calendar:
    return replace(calendar, full=full_intervals(calendar))


S = TypeVar("S", Busy, Block)


def _by_time(stretches: Iterable[S]) -> tuple[S, ...]:
    return tuple(sorted(stretches, key=lambda stretch: (stretch.s, stretch.e)))


def _uses(calendar: Calendar, exclude: RentalId | None = None) -> list[_Use]:
    held = [(b.s, b.e, b.q) for b in calendar.busy if b.rental != exclude]
    blocked = [(b.s, b.e, calendar.cap if b.q is None else b.q) for b in calendar.blocks]
    return held + blocked


def _levels(uses: Iterable[_Use]) -> Iterator[tuple[datetime, int]]:
    """Each moment at which the number of units in use may change, in order, with the number from then on."""
    steps = sorted(step for s, e, q in uses for step in ((s, q), (e, -q)))
    level = 0
    for at, group in groupby(steps, key=itemgetter(0)):
        level += sum(change for _, change in group)
        yield at, level


def _stretches_at(cap: int, levels: Iterable[tuple[datetime, int]]) -> Iterator[Interval]:
    since: datetime | None = None
    for at, level in levels:
        if level >= cap and since is None:
            since = at
        elif level < cap and since is not None:
            yield Interval(since, at)
            since = None
