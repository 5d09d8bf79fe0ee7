"""The life of a listing: published, paused, archived, copied, deleted. No rental is ever removed by it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from hub.account import Actor
from hub.errors import Conflict
from hub.ids import ItemId, new_id
from hub.item import Item, ItemStatus
from hub.ports import Ports
from hub.usecases._again import again
from hub.usecases._items import Listing, blank_calendar, check_rev, listing, own_item
from hub.usecases._photos import claim_photos

MOVES: Final[dict[str, tuple[frozenset[ItemStatus], ItemStatus]]] = {
    "publish": (frozenset({"draft"}), "active"),
    "pause": (frozenset({"active"}), "paused"),
    "resume": (frozenset({"paused"}), "active"),
    "archive": (frozenset({"draft", "active", "paused", "missing"}), "archived"),
    "restore": (frozenset({"archived", "missing"}), "paused"),
}
"""Which statuses a move leaves, and where it leads: what was archived or missing is lent again once it is resumed."""


@dataclass(frozen=True, slots=True)
class MoveItem:
    item: ItemId
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class PublishItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class PauseItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class ResumeItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class ArchiveItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class RestoreItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class DeleteItem(MoveItem):
    pass


@dataclass(frozen=True, slots=True)
class DuplicateItem:
    item: ItemId


async def publish_item(ports: Ports, actor: Actor, command: PublishItem) -> Listing:
    return await _move(ports, actor, command, "publish")


async def pause_item(ports: Ports, actor: Actor, command: PauseItem) -> Listing:
    """No new requests; what is being talked about goes on."""
    return await _move(ports, actor, command, "pause")


async def resume_item(ports: Ports, actor: Actor, command: ResumeItem) -> Listing:
    return await _move(ports, actor, command, "resume")


async def archive_item(ports: Ports, actor: Actor, command: ArchiveItem) -> Listing:
    """No new commitments at all; what is agreed stays agreed."""
    return await _move(ports, actor, command, "archive")


async def restore_item(ports: Ports, actor: Actor, command: RestoreItem) -> Listing:
    return await _move(ports, actor, command, "restore")


async def delete_item(ports: Ports, actor: Actor, command: DeleteItem) -> None:
    """Hide it from everybody and let its photos go; its rentals keep it."""
    now = ports.clock.now()

    def deleted(item: Item) -> Item:
        return replace(item, status="archived", deleted_at=now, media=(), rev=item.rev + 1)

    await _changed(ports, actor, command, deleted)


async def duplicate_item(ports: Ports, actor: Actor, command: DuplicateItem) -> Listing:
    """The same thing once more, as a draft with a calendar of its own and without the names of units."""
    original = await own_item(ports, actor, command.item)
    id_ = ItemId(new_id())
    copy = replace(original, id=id_, status="draft", unit_labels=(), rev=1, created_at=ports.clock.now())
    await claim_photos(ports, actor.user, copy.media)
    await ports.items.add(copy, blank_calendar(copy))
    return await listing(ports, copy)


async def _move(ports: Ports, actor: Actor, command: MoveItem, move: str) -> Listing:
    """Once more does nothing: a caller whose answer was lost asks again."""
    leaves, leads_to = MOVES[move]

    def moved(item: Item) -> Item:
        if item.status == leads_to:
            return item
        if item.status not in leaves:
            raise Conflict("item_status", {"status": item.status})
        return replace(item, status=leads_to, rev=item.rev + 1)

    return await listing(ports, await _changed(ports, actor, command, moved))


async def _changed(ports: Ports, actor: Actor, command: MoveItem, change: Callable[[Item], Item]) -> Item:
    async def attempt() -> Item:
        before = await own_item(ports, actor, command.item)
        check_rev(before, command.expected_rev)
        after = change(before)
        if after is not before:
            await ports.items.save(after, before.rev)
        return after

    return await again(attempt)
