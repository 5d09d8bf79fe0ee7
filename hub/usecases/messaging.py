"""Rooms: sending into them, reading their log, and who is in them."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from crypto.dkx.event import GENESIS
from crypto.dkx.roster import Roster
from hub.account import Actor, User
from hub.errors import Conflict, Invalid, NotFound
from hub.events import Event
from hub.ids import CommandId, DeviceId, RoomId, UserId
from hub.ports import Ports
from hub.presence import PresenceState
from hub.rental import CLOSED, Rental
from hub.room import KeptRoster, Member, Page, Receipt, Room, Stored
from hub.usecases._admission import admit, check_rate, continues, new_message
from hub.usecases._files import open_reports, remove_file
from hub.usecases._once import body_hash, once
from hub.usecases._people import named
from hub.usecases._rooms import own_room
from hub.usecases._roster import members_after, next_roster
from hub.usecases.telling import tell_receipt, tell_roster, tell_typing

MAX_SYNCED: Final = 500
"""Entries in one answer to a sync, over all rooms."""


@dataclass(frozen=True, slots=True)
class AddressedKey:
    """One key packet, for one device."""

    to: DeviceId
    pkt: bytes


@dataclass(slots=True)
class SendMessage:
    """``dl`` and ``roster`` are what the sender encrypted for: each member's (epoch, version), the roster's version.

    Not frozen for the reason that ``NewMessage`` gives.
    """

    room: RoomId
    cid: bytes
    env: bytes
    chain: bytes
    idx: int
    dl: Mapping[UserId, tuple[int, int]]
    roster: int
    keys: tuple[AddressedKey, ...] = ()
    push: Literal["high", "normal", "none"] = "normal"


@dataclass(frozen=True, slots=True)
class RedactMessage:
    room: RoomId
    seq: int


@dataclass(frozen=True, slots=True)
class SyncRooms:
    """For each room the last seq the device holds."""

    cursors: Mapping[RoomId, int]
    limit: int = 100


@dataclass(frozen=True, slots=True)
class PageHistory:
    room: RoomId
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class GetRoom:
    room: RoomId


@dataclass(frozen=True, slots=True)
class ListRooms:
    pass


@dataclass(frozen=True, slots=True)
class LastChainIndex:
    room: RoomId
    chain: bytes


@dataclass(frozen=True, slots=True)
class PublishRoster:
    cmd_id: CommandId
    room: RoomId
    roster: bytes


@dataclass(frozen=True, slots=True)
class ListRosters:
    """All rosters of ``room`` after ``version``."""

    room: RoomId
    version: int = 0


@dataclass(frozen=True, slots=True)
class PutReceipt:
    room: RoomId
    delivered: int | None = None
    read: int | None = None


@dataclass(frozen=True, slots=True)
class SetTyping:
    room: RoomId
    on: bool


@dataclass(frozen=True, slots=True)
class RoomSheet:
    room: Room
    people: Mapping[UserId, User]
    receipts: Sequence[Receipt]
    head: int


@dataclass(frozen=True, slots=True)
class Synced:
    pages: Mapping[RoomId, Page]
    presence: Mapping[UserId, PresenceState]


@dataclass(frozen=True, slots=True)
class PublishedRoster:
    version: int
    seq: int
    duplicate: bool = False


async def queue_message(ports: Ports, actor: Actor, command: SendMessage) -> Awaitable[Stored]:
    """Judge a message and hand it to the log, in order; the awaitable resolves when it is durable.

    A message that was sent before gets its first answer again, even where newer lists would refuse it today: its
    sender must not encrypt it anew and say it twice.
    """
    if (queued := message_at_once(ports, actor, command)) is not None:
        return queued
    device, room = actor.proven_device(), await own_room(ports, actor, command.room)
    check_rate(ports, device, room.id)
    message = new_message(ports.policy, actor.user, device, command)
    try:
        await admit(ports, room, message, command)
    except (Conflict, Invalid):
        known = await ports.log.repeated(message)
        if known is None:
            raise
        return _resolved(replace(known, duplicate=True))
    return ports.log.submit(message)


def message_at_once(ports: Ports, actor: Actor, command: SendMessage) -> Awaitable[Stored] | None:
    """``queue_message`` without awaiting: the next message of an open chain, while all it is judged by is at hand.

    None when it is anything else. Nearly every message goes this way, and no task is made for it.
    """
    if actor.device is None or not continues(ports, actor.user, actor.device, command):
        return None
    check_rate(ports, actor.device, command.room)
    return ports.log.submit(new_message(ports.policy, actor.user, actor.device, command))


async def redact_message(ports: Ports, actor: Actor, command: RedactMessage) -> None:
    """Erase one's own message, its files, too; its place in the log stays, so that no seq is ever missing.

    The files are marked before: should this be interrupted, upkeep finds what is left of them. Those of a reported
    message stay until the report is closed, for the moderators alone.
    """
    room = await own_room(ports, actor, command.room)
    address = await ports.log.address(room.id, command.seq, actor.user)
    files = await ports.files.of(address, ports.clock.real()) if address else ()
    if not await ports.log.redact(room.id, command.seq, actor.user):
        raise NotFound("message_not_found")
    ports.publisher.tell(("room", room.id), "message:gone", {"room": room.id, "seq": command.seq})
    if address and files and not await open_reports(ports, address):
        for file in files:
            await remove_file(ports, file.id)


async def sync_rooms(ports: Ports, actor: Actor, command: SyncRooms) -> Synced:
    """Pages forward from each cursor until ``more`` is false. One's own rooms only, or none at all.

    A long list of busy rooms is answered in parts: a room whose turn did not come has ``more`` and no entries.
    """
    rooms = [await own_room(ports, actor, room) for room in command.cursors]
    heads = await ports.log.heads(command.cursors)
    pages: dict[RoomId, Page] = {}
    left = MAX_SYNCED
    for room in rooms:
        since = max(command.cursors[room.id], room.member(actor.user).joined_seq - 1)
        behind = heads.get(room.id, 0) > since
        if behind and left > 0:
            page = await ports.log.forward(room.id, since, min(command.limit, left), actor.device)
        else:
            page = Page((), heads.get(room.id, 0), more=behind)
        left -= len(page.entries)
        pages[room.id] = _readable(page, room.member(actor.user))
    return Synced(pages, await _presence(ports, actor, rooms))


async def page_history(ports: Ports, actor: Actor, command: PageHistory) -> Page:
    """A page backwards from ``before``, or from the end."""
    room = await own_room(ports, actor, command.room)
    before = command.before
    if before is None:
        before = (await ports.log.heads([room.id])).get(room.id, 0) + 1
    page = await ports.log.back(room.id, before, command.limit, actor.device)
    return _readable(page, room.member(actor.user))


async def get_room(ports: Ports, actor: Actor, command: GetRoom) -> RoomSheet:
    room = await own_room(ports, actor, command.room)
    return (await _sheets(ports, [room]))[0]


async def list_rooms(ports: Ports, actor: Actor, command: ListRooms) -> Sequence[RoomSheet]:  # noqa: ARG001 - shape of an act
    known = [await ports.rooms.get(room) for room in await ports.rooms.of(actor.user)]
    return await _sheets(ports, [room for room in known if room is not None])


async def last_chain_index(ports: Ports, actor: Actor, command: LastChainIndex) -> int | None:
    """How far the hub has followed a chain of this device; a device that is behind that was rolled back."""
    room = await own_room(ports, actor, command.room)
    return await ports.rooms.last_index(room.id, actor.proven_device(), command.chain, fresh=True)


async def publish_roster(ports: Ports, actor: Actor, command: PublishRoster) -> PublishedRoster:
    """Change who is in the room, by the next signed roster; a row of the room's log in the same transaction."""
    await own_room(ports, actor, command.room)
    body = body_hash(actor.user, command)

    async def attempt() -> PublishedRoster:
        room = await own_room(ports, actor, command.room)
        rental = await ports.rentals.get(room.rental, None)
        if rental is None:
            raise NotFound("room_not_found")
        return await _keep_roster(ports, actor, command, room, rental)

    outcome = await once(ports, command.room, command.cmd_id, body, attempt)
    if isinstance(outcome, PublishedRoster):
        return outcome
    return PublishedRoster(Roster.parse(command.roster).version, outcome.seq, duplicate=True)


async def list_rosters(ports: Ports, actor: Actor, command: ListRosters) -> Sequence[KeptRoster]:
    """The rosters a reader has not seen yet, oldest first; who joined later reads from their own joining on."""
    room = await own_room(ports, actor, command.room)
    since = room.member(actor.user).joined_seq
    kept = await ports.rooms.rosters(room.id, command.version)
    return [each for each in kept if since == 1 or each.seq >= since]


async def put_receipt(ports: Ports, actor: Actor, command: PutReceipt) -> None:
    """How far one has received and read. Both only grow, and what was read was received."""
    room = await own_room(ports, actor, command.room)
    read, delivered = command.read or 0, max(command.delivered or 0, command.read or 0)
    head = (await ports.log.heads([room.id])).get(room.id, 0)
    if delivered > head:
        raise Invalid("bad_receipt", {"head": head})
    receipt = Receipt(room.id, actor.user, delivered, read)
    if await ports.rooms.raise_receipt(receipt):
        tell_receipt(ports, receipt)


async def set_typing(ports: Ports, actor: Actor, command: SetTyping) -> None:
    """Tell the room that somebody is about to write, but nobody whom they blocked or who blocked them."""
    room = await own_room(ports, actor, command.room)
    tell_typing(ports, room, actor, on=command.on, unseen_by=await ports.blocks.around(actor.user))


def _resolved(stored: Stored) -> Awaitable[Stored]:
    known = asyncio.get_running_loop().create_future()
    known.set_result(stored)
    return known


def _readable(page: Page, member: Member) -> Page:
    """Who joined later reads from there on."""
    entries = tuple(entry for entry in page.entries if entry.seq >= member.joined_seq)
    more = page.more and len(entries) == len(page.entries)
    return replace(page, entries=entries, more=more, floor=max(page.floor, member.joined_seq))


async def _presence(ports: Ports, actor: Actor, rooms: Sequence[Room]) -> Mapping[UserId, PresenceState]:
    """Only who shares an open rental sees the other come and go (realtime.md §7), and never across a block."""
    rentals = await ports.rentals.of(actor.user, MAX_SYNCED)
    open_rooms = {rental.room for rental in rentals if rental.state not in CLOSED}
    people = {user for room in rooms if room.id in open_rooms for user in room.users()} - {actor.user}
    people -= await ports.blocks.around(actor.user) if people else set()
    return await ports.presence.of(people) if people else {}


async def _sheets(ports: Ports, rooms: Sequence[Room]) -> list[RoomSheet]:
    users = {user for room in rooms for user in room.users()}
    people = {user: await named(ports, user) for user in users}
    heads = await ports.log.heads([room.id for room in rooms])
    return [RoomSheet(room, people, await ports.rooms.receipts(room.id), heads.get(room.id, 0)) for room in rooms]


async def _keep_roster(
    ports: Ports, actor: Actor, command: PublishRoster, room: Room, rental: Rental
) -> PublishedRoster:
    roster = await next_roster(ports, actor, room, rental, command.roster)
    told = {"rental": rental.id, "version": roster.version, "roster_hash": roster.hash.hex()}
    async with ports.work() as tx:
        entry = await tx.append_event(
            room.id,
            rental.id,
            Event("roster_changed", actor.user, told),
            cmd_id=command.cmd_id,
            body_hash=body_hash(actor.user, command),
            at=ports.clock.now(),
            prev=rental.event_head or GENESIS,
        )
        members = members_after(room, roster, rental, entry.seq)
        changed = replace(
            room, members=members, roster=roster.raw, roster_version=roster.version, roster_hash=roster.hash
        )
        await tx.save_roster(changed, room.roster_version, entry.seq)
    tell_roster(ports, changed, entry.seq)
    return PublishedRoster(roster.version, entry.seq)
