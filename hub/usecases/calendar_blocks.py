"""Keeping a thing back: the owner's own dates in its calendar."""

from collections.abc import Callable
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


async def block_item(ports: Ports, actor: Actor, command: BlockItem) -> Calendar:
    """Keep units back. What is agreed stays agreed: a block takes nothing from a rental, only from what is left."""
    period = Period(command.start, command.end)
    block = Block(command.block, period.start, period.end, "owner", command.note, command.q)

    def blocked(item: Item, calendar: Calendar) -> Calendar:
        if command.q is not None and not 1 <= command.q <= item.units:
            raise Invalid("bad_units", {"max": item.units})
        changed = put_block(prune(calendar, ports.clock.now()), block)
        if len(changed.blocks) > MAX_BLOCKS:
            raise Conflict("too_many_blocks", {"max": MAX_BLOCKS})
        return changed

    return await _changed(ports, actor, command.item, blocked)


async def unblock_item(ports: Ports, actor: Actor, command: UnblockItem) -> Calendar:
    """Let a block go; nothing happens if it is gone already."""
    return await _changed(ports, actor, command.item, lambda _, calendar: pull_block(calendar, command.block))


async def list_item_blocks(ports: Ports, actor: Actor, command: ListItemBlocks) -> Calendar:
    """The owner's view of the calendar: one's own blocks in it."""
    item = await own_item(ports, actor, command.item)
    return await ports.items.calendar(item.id)


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
