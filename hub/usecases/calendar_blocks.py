"""Keeping a thing back: the owner's own dates in its calendar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from hub.account import Actor
from hub.availability import Block, Calendar, prune, pull_block, put_block
from hub.errors import Conflict, Invalid
from hub.ids import BlockId, ItemId
from hub.item import Item
from hub.period import Period
from hub.ports import Ports
from hub.usecases._again import again
from hub.usecases._items import own_item

MAX_BLOCKS: Final = 200
MAX_BLOCKED: Final = 50
"""Things that one act keeps back."""
RIVALS: Final = "rivals"
"""The timer by which those who bargain for the same dates hear that these are gone."""


@dataclass(frozen=True, slots=True)
class BlockItem:
    """``block`` is chosen by the client: sent again, it changes that block. ``q`` None: all units."""

    item: ItemId
    block: BlockId
    start: datetime
    end: datetime
    q: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnblockItem:
    item: ItemId
    block: BlockId


@dataclass(frozen=True, slots=True)
class ListItemBlocks:
    item: ItemId


@dataclass(frozen=True, slots=True)
class BlockItems:
    """The same time for several things, under one id chosen by the client; what the block kept before it lets go."""

    block: BlockId
    items: tuple[ItemId, ...]
    start: datetime
    end: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnblockItems:
    block: BlockId


async def block_items(ports: Ports, actor: Actor, command: BlockItems) -> Sequence[ItemId]:
    """Keep all units of these things back, of all of them or of none."""
    period, now = Period(command.start, command.end), ports.clock.now()
    block = Block(command.block, period.start, period.end, "owner", command.note)
    wanted = tuple(dict.fromkeys(command.items))

    async def attempt() -> None:
        for id_ in wanted:
            await own_item(ports, actor, id_)
        known = await _blocked(ports, actor, command.block)
        before = [await ports.items.calendar(id_) for id_ in sorted({*wanted, *known})]
        after = [_with(calendar, block, now) if calendar.item in wanted else pull_block(calendar, block.id)
                 for calendar in before]  # fmt: skip
        await _keep_all(ports, before, after)

    await again(attempt)
    return wanted


async def unblock_items(ports: Ports, actor: Actor, command: UnblockItems) -> Sequence[ItemId]:
    """Let it go on all of one's things; nothing happens where it is gone already."""

    async def attempt() -> Sequence[ItemId]:
        before = [await ports.items.calendar(id_) for id_ in await _blocked(ports, actor, command.block)]
        await _keep_all(ports, before, [pull_block(calendar, command.block) for calendar in before])
        return [calendar.item for calendar in before]

    return await again(attempt)


async def block_item(ports: Ports, actor: Actor, command: BlockItem) -> Calendar:
    """Keep units back. What is agreed stays agreed: a block takes nothing from a rental, only from what is left."""
    period = Period(command.start, command.end)
    block = Block(command.block, period.start, period.end, "owner", command.note, command.q)

    def blocked(item: Item, calendar: Calendar) -> Calendar:
        if command.q is not None and not 1 <= command.q <= item.units:
            raise Invalid("bad_units", {"max": item.units})
        return _with(calendar, block, ports.clock.now())

    return await _changed(ports, actor, command.item, blocked)


async def unblock_item(ports: Ports, actor: Actor, command: UnblockItem) -> Calendar:
    """Let a block go; nothing happens if it is gone already."""
    return await _changed(ports, actor, command.item, lambda _, calendar: pull_block(calendar, command.block))


async def list_item_blocks(ports: Ports, actor: Actor, command: ListItemBlocks) -> Calendar:
    """The owner's view of the calendar: one's own blocks in it."""
    item = await own_item(ports, actor, command.item)
    return await ports.items.calendar(item.id)


def _with(calendar: Calendar, block: Block, now: datetime) -> Calendar:
    changed = put_block(prune(calendar, now), block)
    if sum(each.src == "owner" for each in changed.blocks) > MAX_BLOCKS:
        raise Conflict("too_many_blocks", {"max": MAX_BLOCKS})
    return changed


async def _blocked(ports: Ports, actor: Actor, block: BlockId) -> list[ItemId]:
    """One's own things that the block keeps back."""
    found = [await ports.items.get(id_) for id_ in await ports.items.with_block(block)]
    return [item.id for item in found if item is not None and item.owner == actor.user]


async def _keep_all(ports: Ports, before: Sequence[Calendar], after: Sequence[Calendar]) -> None:
    async with ports.work() as tx:
        for old, new in zip(before, after, strict=True):
            if new != old:
                await tx.save_calendar(new, old.rev)
                await tx.set_timer(new.item, RIVALS, ports.clock.now())


async def _changed(
    ports: Ports, actor: Actor, item_id: ItemId, change: Callable[[Item, Calendar], Calendar]
) -> Calendar:
    async def attempt() -> Calendar:
        item = await own_item(ports, actor, item_id)
        before = await ports.items.calendar(item.id)
        after = change(item, before)
        if after != before:
            async with ports.work() as tx:
                await tx.save_calendar(after, before.rev)
                await tx.set_timer(item.id, RIVALS, ports.clock.now())
        return await ports.items.calendar(item.id)

    return await again(attempt)
