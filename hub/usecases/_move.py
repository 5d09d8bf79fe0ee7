"""The one path of every rental command: load, decide, keep, tell; once each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from crypto.dkx.event import GENESIS
from hub.account import User
from hub.contract import Contract, contract_of
from hub.errors import NotFound
from hub.events import Event
from hub.hours import keeps_hours
from hub.ids import CommandId, ItemId, UserId
from hub.item import Item
from hub.notice import Notification, notifications_of, review_notices
from hub.ports import Note, Ports, Transaction
from hub.rental import (
    GOOD_STANDING,
    OCCUPYING,
    Command,
    Decision,
    InstantBook,
    Offering,
    Opening,
    Propose,
    Rental,
    Request,
    Role,
    Standing,
    decide,
)
from hub.rental.deadline import talk_until
from hub.review import opened_by
from hub.room import EventEntry, Room
from hub.usecases._people import named
from hub.usecases.telling import tell_new_room, tell_notices, tell_rental

RIVALS: Final = "rivals"
"""The timer that follows an agreement: others who bargain for the same units are told that they are taken."""

NEXT: Final = "next"
"""The timer that follows a thing which is late or back: those who have it next are told what to expect."""


Also = Callable[[Transaction], Awaitable[None]]
"""What else is written with an event."""


@dataclass(frozen=True, slots=True)
class Move:
    """A command on its way to the table of transitions. ``rule`` makes it from the item as it stands now.

    ``open_room`` judges the first roster of a rental that does not exist yet. ``actor`` names a moderator.
    """

    cmd_id: CommandId
    body_hash: bytes
    role: Role
    rule: Callable[[Item], Command]
    opening: Opening | None = None
    open_room: Callable[[Rental], Awaitable[Room]] | None = None
    actor: UserId | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    rental: Rental
    entry: EventEntry
    notices: tuple[Notification, ...] = ()


async def make_move(ports: Ports, move: Move, item_id: ItemId, before: Rental | None) -> Moved:
    """Apply one command to what was loaded, or refuse. StaleWrite when somebody else wrote in between."""
    decision = await rehearse(ports, move, item_id, before)
    room = await move.open_room(decision.rental) if move.open_room else None
    moved = await _keep(ports, move, decision, before, room)
    if room is not None:
        tell_new_room(ports, room, moved.entry.seq)
    tell_rental(ports, moved.rental, moved.entry)
    tell_notices(ports, moved.notices)
    return moved


async def rehearse(ports: Ports, move: Move, item_id: ItemId, before: Rental | None) -> Decision:
    """What the command would do to what was loaded, without doing it; or the refusal."""
    item = await ports.items.get(item_id)
    if item is None or not (before or item.listed):  # what was never shown or is deleted: nothing new begins
        raise NotFound("item_not_found")
    command = move.rule(item)
    return decide(
        before,
        command,
        role=move.role,
        item=item,
        calendar=await ports.items.calendar(item.id),
        now=ports.clock.now(),
        opening=move.opening,
        standing=await _standing(ports, move, command, item, before),
        actor=move.actor,
    )


async def add_fact(ports: Ports, rental: Rental, event: Event, cmd_id: CommandId, also: Also | None = None) -> Moved:
    """Write a row into the room's log that changes nothing else of the rental; ``also`` what it tells of, with it."""
    now = ports.clock.now()
    notices = notifications_of(rental, event, cmd_id, now)
    async with ports.work() as tx:
        if also is not None:
            await also(tx)
        entry = await append_fact(tx, rental, event, cmd_id, cmd_id.encode(), now)
        await tx.notify(notices)
    tell_rental(ports, rental, entry)
    tell_notices(ports, notices)
    return Moved(rental, entry)


async def append_fact(  # noqa: PLR0917 - a row of the log
    tx: Transaction, rental: Rental, event: Event, cmd_id: CommandId, body_hash: bytes, at: datetime
) -> EventEntry:
    """The same as a part of a larger change. StaleWrite if anything happened to the rental since it was loaded."""
    prev = rental.event_head or GENESIS
    return await tx.append_event(rental.room, rental.id, event, cmd_id=cmd_id, body_hash=body_hash, at=at, prev=prev)


async def _keep(ports: Ports, move: Move, decision: Decision, before: Rental | None, room: Room | None) -> Moved:
    rental, (event,) = decision.rental, decision.events
    now, reviews = ports.clock.now(), opened_by(before, rental)
    notices = notifications_of(rental, event, move.cmd_id, now)
    notices += review_notices(rental, None, reviews, now) if reviews else ()
    contract = await _contract(ports, before, rental)
    async with ports.work() as tx:
        if room is not None:
            await tx.add_rental(rental, room)
        elif before is not None:
            await _save(tx, before, rental)
        if decision.calendar is not None:
            await tx.save_calendar(decision.calendar, decision.calendar.rev)
        if decision.item is not None:
            await tx.save_item(decision.item, decision.item.rev - 1)
        entry = await tx.append_event(
            rental.room,
            rental.id,
            event,
            cmd_id=move.cmd_id,
            body_hash=move.body_hash,
            at=rental.updated_at,
            prev=rental.event_head or GENESIS,
        )
        if contract is not None:
            await tx.save_contract(contract)
        if reviews is not None:
            await tx.save_round(reviews, None)
            await tx.set_timer(rental.id, "reviews_close", reviews.closes_at)
        await tx.notify(notices)
        await tx.set_timers(rental.id, decision.timers)
        if _takes_units(before, rental):
            await tx.set_timer(rental.item, RIVALS, rental.updated_at)
        if _moves_the_next(before, rental):
            await tx.set_timer(rental.item, NEXT, _known_at(rental))
        if move.role is Role.MODERATOR and move.actor is not None:
            await tx.note(Note(event.type, move.actor, (rental.owner, rental.renter), rental.id))
    return Moved(rental, entry, notices)


async def _save(tx: Transaction, before: Rental, after: Rental) -> None:
    await tx.save_rental(after, before.rev)
    if talk_until(after) != talk_until(before):
        await tx.set_talk(after.room, talk_until(after))


async def _contract(ports: Ports, before: Rental | None, after: Rental) -> Contract | None:
    """What an agreement freezes, the moment it is made."""
    if after.agreed_at is None or (before is not None and before.agreed_at is not None):
        return None
    item = await ports.items.get(after.item)
    if item is None:
        raise NotFound("item_not_found")
    billing = await ports.billings.get(after.owner)
    return contract_of(after, item, billing.trader if billing else None)


def _takes_units(before: Rental | None, after: Rental) -> bool:
    """By an agreement, or by a change of one."""
    if after.state not in OCCUPYING:
        return False
    return before is None or before.state not in OCCUPYING or before.live.terms != after.live.terms


def _moves_the_next(before: Rental | None, after: Rental) -> bool:
    """Once it is handed over, what a rental holds depends on when the thing is back, and others wait for that."""
    return after.handed_over is not None and before is not None and before.holds != after.holds


def _known_at(rental: Rental) -> datetime:
    """When those who come next can be told: of lateness at once, of a thing that is back when it is ready for them."""
    ready = rental.holds.e if rental.holds and (rental.verified or rental.ended_at) else rental.updated_at
    return max(rental.updated_at, ready)


async def _standing(ports: Ports, move: Move, command: Command, item: Item, before: Rental | None) -> Standing:
    """What the accounts say; nothing for time and consequence, which no account can hinder."""
    renter = before.renter if before else move.opening.renter if move.opening else None
    if renter is None or move.role is Role.SYSTEM:
        return GOOD_STANDING
    people = [await named(ports, user) for user in (renter, item.owner)]
    blockers = await ports.blocks.between(renter, item.owner)
    asking, asked = (renter, item.owner) if move.role is Role.RENTER else (item.owner, renter)
    over = isinstance(command, Request | Propose | InstantBook) and await _over_quota(ports, item, renter, before)
    trust = await _trust(ports, people[0]) if isinstance(command, InstantBook) else 0
    return Standing(
        blocked=asking in blockers,
        shunned=asked in blockers or any(one.id == asked and one.restricted_at for one in people),
        suspended=any(one.suspended for one in people),
        restricted=any(one.id == asking and one.restricted_at for one in people),
        over_quota=over,
        trust=trust,
        closed=await _closed(ports, item, command),
    )


async def _trust(ports: Ports, renter: User) -> int:
    """0 not known, 1 by a confirmed e-mail, 2 by a rental that came to its end."""
    if await ports.rentals.completed(renter.id):
        return 2
    return int(renter.email_verified)


async def _closed(ports: Ports, item: Item, command: Command) -> bool:
    if not isinstance(command, Offering):
        return False
    place = await ports.places.get(item.place)
    return place is not None and not keeps_hours(place, command.terms.period, item.tz)


async def _over_quota(ports: Ports, item: Item, renter: UserId, before: Rental | None) -> bool:
    if await ports.rentals.live_negotiations(item.id, renter) >= ports.policy.max_negotiations:
        return True
    most = item.rules.per_person
    if most is not None and await ports.rentals.open_of(item.id, renter, before.id if before else None) >= most:
        return True
    itself = 0 if before is None else 1
    return await ports.rentals.cancelled_or_open_count(renter) - itself >= ports.policy.max_open_rentals
