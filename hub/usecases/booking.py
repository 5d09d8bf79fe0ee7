"""Bargaining: from the first question to an agreement, and where the thing is then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.account import Actor
from hub.errors import Conflict, Forbidden, NotFound
from hub.events import Event
from hub.ids import CommandId, ItemId, RentalId, RoomId, new_id
from hub.item import Item, PrereqKind
from hub.place import Place
from hub.ports import Note, Ports
from hub.rental import (
    PLACE_SHOWN,
    Accept,
    Cancel,
    Command,
    Counter,
    Decline,
    Inquire,
    InstantBook,
    Opening,
    Propose,
    Rental,
    Request,
    Revise,
    Role,
    Satisfy,
    Terms,
    Withdraw,
)
from hub.room import Room
from hub.usecases._move import Move, Moved, add_fact, make_move
from hub.usecases._once import body_hash, once
from hub.usecases._roster import first_room
from hub.usecases.dealing import AppliedCommand, OnRental, RentalSheet, act_as_party, of_party, rental_sheet, role_of


@dataclass(frozen=True, slots=True)
class InquireRental:
    """``room`` and ``roster`` (version 1, signed) are made by the renter's client; the room is new."""

    cmd_id: CommandId
    item: ItemId
    room: RoomId
    roster: bytes = b""


@dataclass(frozen=True, slots=True)
class RequestRental:
    """An inquiry with an offer in it; ``price`` in minor units of the tariff's currency, for all ``q`` units."""

    cmd_id: CommandId
    item: ItemId
    room: RoomId
    start: datetime
    end: datetime
    price: int
    q: int = 1
    negotiated: bool = False
    roster: bytes = b""


@dataclass(frozen=True, slots=True)
class BookRental:
    """As ``RequestRental``, at the tariff's price."""

    cmd_id: CommandId
    item: ItemId
    room: RoomId
    start: datetime
    end: datetime
    price: int
    q: int = 1
    roster: bytes = b""


@dataclass(frozen=True, slots=True)
class BookInquiry(OnRental):
    """The same in the room of an inquiry."""

    start: datetime
    end: datetime
    price: int
    q: int = 1


@dataclass(frozen=True, slots=True)
class MeetPrerequisite(OnRental):
    """``kind`` is one of those that are met by a word; money is met by the ledger."""

    kind: PrereqKind


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """The first offer in an inquiry, by either side."""

    cmd_id: CommandId
    rental: RentalId
    start: datetime
    end: datetime
    price: int
    q: int = 1
    negotiated: bool = False
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class CounterOffer:
    """``rev`` is the offer that is answered."""

    cmd_id: CommandId
    rental: RentalId
    rev: int
    start: datetime
    end: datetime
    price: int
    q: int = 1
    negotiated: bool = False
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class ReviseOffer:
    """``rev`` is one's own offer that is replaced."""

    cmd_id: CommandId
    rental: RentalId
    rev: int
    start: datetime
    end: datetime
    price: int
    q: int = 1
    negotiated: bool = False
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    cmd_id: CommandId
    rental: RentalId
    rev: int
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class DeclineRental:
    cmd_id: CommandId
    rental: RentalId
    reason: str
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class WithdrawRental:
    cmd_id: CommandId
    rental: RentalId
    reason: str
    expected_rev: int | None = None


@dataclass(frozen=True, slots=True)
class CancelRental:
    cmd_id: CommandId
    rental: RentalId
    reason: str
    expected_rev: int | None = None


_Opening = InquireRental | RequestRental | BookRental
_Offered = RequestRental | BookRental | BookInquiry | MakeOffer | CounterOffer | ReviseOffer


@dataclass(frozen=True, slots=True)
class GetRental:
    rental: RentalId


@dataclass(frozen=True, slots=True)
class ListRentals:
    limit: int = 100


@dataclass(frozen=True, slots=True)
class ReadPlace:
    rental: RentalId


async def inquire_rental(ports: Ports, actor: Actor, command: InquireRental) -> AppliedCommand:
    """Ask about a thing; opens the room in which the parties talk."""
    return await _open(ports, actor, command, lambda _: Inquire())


async def request_rental(ports: Ports, actor: Actor, command: RequestRental) -> AppliedCommand:
    """Ask for a thing on terms; opens the room."""
    return await _open(ports, actor, command, lambda item: Request(_terms(item, command)))


async def book_rental(ports: Ports, actor: Actor, command: BookRental) -> AppliedCommand:
    """Take a thing whose owner need not be asked; opens the room."""
    return await _open(ports, actor, command, lambda item: InstantBook(_terms(item, command)))


async def book_inquiry(ports: Ports, actor: Actor, command: BookInquiry) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, item: InstantBook(_terms(item, command)))


async def meet_prerequisite(ports: Ports, actor: Actor, command: MeetPrerequisite) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: Satisfy(command.kind))


async def make_offer(ports: Ports, actor: Actor, command: MakeOffer) -> AppliedCommand:
    """The first offer in an inquiry: a request by the renter, a proposal by the owner."""

    def rule(role: Role, item: Item) -> Command:
        terms = _terms(item, command)
        return Request(terms) if role is Role.RENTER else Propose(terms)

    return await act_as_party(ports, actor, command, rule)


async def counter_offer(ports: Ports, actor: Actor, command: CounterOffer) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, item: Counter(_terms(item, command), command.rev))


async def revise_offer(ports: Ports, actor: Actor, command: ReviseOffer) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, item: Revise(_terms(item, command), command.rev))


async def accept_offer(ports: Ports, actor: Actor, command: AcceptOffer) -> AppliedCommand:
    """Agree. The units are taken in the calendar in the same transaction, or somebody was faster: slot_unavailable."""
    return await act_as_party(ports, actor, command, lambda _, __: Accept(command.rev))


async def decline_rental(ports: Ports, actor: Actor, command: DeclineRental) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: Decline(command.reason))


async def withdraw_rental(ports: Ports, actor: Actor, command: WithdrawRental) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: Withdraw(command.reason))


async def cancel_rental(ports: Ports, actor: Actor, command: CancelRental) -> AppliedCommand:
    return await act_as_party(ports, actor, command, lambda _, __: Cancel(command.reason))


async def get_rental(ports: Ports, actor: Actor, command: GetRental) -> RentalSheet:
    return await _own_sheet(ports, actor, await of_party(ports, actor, command.rental))


async def list_rentals(ports: Ports, actor: Actor, command: ListRentals) -> Sequence[RentalSheet]:
    """One's rentals, the most recently changed first."""
    rentals = await ports.rentals.of(actor.user, command.limit)
    return [await _own_sheet(ports, actor, rental) for rental in rentals]


async def read_place(ports: Ports, actor: Actor, command: ReadPlace) -> Place:
    """The exact place, while the rental is agreed and not undone. The owner sees each read in the room (L2)."""
    rental = await of_party(ports, actor, command.rental)
    _check_agreed(rental)
    item = await ports.items.get(rental.item)
    place = await ports.places.get(rental.live.terms.place or item.place) if item else None
    if place is None:
        raise NotFound("place_not_found")
    if rental.renter == actor.user:
        await _note_read(ports, actor, rental)
    return place


async def _note_read(ports: Ports, actor: Actor, rental: Rental) -> None:
    """A row of the room's log says that the renter has read the place; no read without its row."""
    cmd_id = CommandId(new_id())

    async def attempt() -> Moved:
        current = await of_party(ports, actor, rental.id)
        _check_agreed(current)
        event = Event("place_read", actor.user, {"rental": rental.id})
        note = Note("place_read", actor.user, (rental.owner,), rental.id)
        return await add_fact(ports, current, event, cmd_id, lambda tx: tx.note(note))

    await once(ports, rental.room, cmd_id, cmd_id.encode(), attempt)


def _check_agreed(rental: Rental) -> None:
    if rental.state not in PLACE_SHOWN:
        raise Forbidden("place_hidden", {"state": rental.state.value})


async def _open(ports: Ports, actor: Actor, command: _Opening, rule: Callable[[Item], Command]) -> AppliedCommand:
    """A rental's first command, with the room that the renter's client has made for it."""
    opening = Opening(RentalId(new_id()), command.room, actor.user)

    async def open_room(rental: Rental) -> Room:
        return await first_room(ports, actor, rental, command.roster)

    actor.proven_device()
    body = body_hash(actor.user, command)
    move = Move(command.cmd_id, body, Role.RENTER, rule, opening, open_room)

    async def attempt() -> Moved:
        if await ports.rooms.get(command.room) is not None:
            raise Conflict("room_taken")
        return await make_move(ports, move, command.item, None)

    outcome = await once(ports, command.room, command.cmd_id, body, attempt)
    if isinstance(outcome, Moved):
        return AppliedCommand(await _own_sheet(ports, actor, outcome.rental), outcome.entry.seq)
    rental = await of_party(ports, actor, outcome.rental)
    return AppliedCommand(await _own_sheet(ports, actor, rental), outcome.seq, duplicate=True)


async def _own_sheet(ports: Ports, actor: Actor, rental: Rental) -> RentalSheet:
    return await rental_sheet(ports, rental, role_of(rental, actor.user))


def _terms(item: Item, offered: _Offered) -> Terms:
    """The client's dates, units and price; currency and deposit are the tariff's alone."""
    deposit = item.tariff.deposit * offered.q
    return Terms(
        offered.start,
        offered.end,
        offered.q,
        offered.price,
        item.tariff.cur,
        deposit,
        negotiated=not isinstance(offered, BookRental | BookInquiry) and offered.negotiated,
    )
