"""Rentals, and everything a command changes together."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from hub.agreement import Document
from hub.availability import Calendar
from hub.condition import ConditionProtocol
from hub.contract import Contract
from hub.events import Event
from hub.feed import Subscription
from hub.ids import ItemId, RentalId, RoomId, SubscriptionId, UserId
from hub.item import Item
from hub.notice import Notification
from hub.ports.audit import Note
from hub.rental import CodeKind, Rental, State, Timer
from hub.report import Report
from hub.review import Round
from hub.room import EventEntry, Room


class Rentals(Protocol):
    async def get(self, rental: RentalId, reader: UserId | None) -> Rental | None:
        """With ``reader``, only if they are a party (the filter is part of the query)."""

    async def of(self, user: UserId, limit: int) -> Sequence[Rental]: ...
    async def of_in(self, user: UserId, states: Collection[State]) -> Sequence[Rental]:
        """Those of the user that are in one of the states."""

    async def of_item_in(self, item: ItemId, states: Collection[State]) -> Sequence[Rental]: ...
    async def disputed(self, limit: int) -> Sequence[Rental]:
        """With a case that is not over or is appealed, the longest untouched first."""

    async def dated(self, user: UserId, since: datetime, limit: int) -> Sequence[Rental]:
        """What is agreed and not over, or was and was touched ``since``; with an offer, by its start."""

    async def of_item(self, item: ItemId) -> Sequence[Rental]: ...
    async def live_negotiations(self, item: ItemId, renter: UserId) -> int: ...
    async def completed(self, renter: UserId) -> bool:
        """Whether this renter ever brought a rental to its end."""

    async def open_of(self, item: ItemId, renter: UserId, but: RentalId | None) -> int:
        """Of this thing what this renter asks for or has, not counting one."""

    async def cancelled_or_open_count(self, renter: UserId) -> int:
        """Rentals of this renter that are not terminal, for the quota."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What a command with this id did before: the body hash tells a repeat from a clash."""

    rental: RentalId
    seq: int
    body_hash: bytes


class Transaction(Protocol):
    """Everything one command changes, together or not at all. Each write raises StaleWrite when it lost a race."""

    async def add_rental(self, rental: Rental, room: Room) -> None: ...
    async def save_rental(self, rental: Rental, expected_rev: int) -> None: ...
    async def set_talk(self, room: RoomId, until: datetime | None) -> None:
        """Until when the room takes messages; None: for as long as need be."""

    async def save_calendar(self, calendar: Calendar, expected_rev: int) -> None: ...
    async def save_item(self, item: Item, expected_rev: int) -> None: ...
    async def save_contract(self, contract: Contract) -> None:
        """Once; it never changes."""

    async def save_protocol(self, protocol: ConditionProtocol, expected_rev: int | None) -> None:
        """A new one without ``expected_rev``. StaleWrite where another has its number."""

    async def save_subscription(self, subscription: Subscription, due_at: datetime, lease: str | None) -> None:
        """Look into it next at ``due_at``. With ``lease``, only while that holds it."""

    async def drop_subscription(self, subscription: SubscriptionId) -> None: ...
    async def save_roster(self, room: Room, expected_version: int, seq: int) -> None:
        """With the row of the log that tells of it; the one before stays in the room's history."""

    async def append_event(
        self, room: RoomId, rental: RentalId, event: Event, *, cmd_id: str, body_hash: bytes, at: datetime, prev: bytes
    ) -> EventEntry:
        """Write the event at head + 1 with its chain hash; ``prev`` is the hash of the room's last event or zeros."""

    async def notify(self, notifications: Iterable[Notification]) -> None:
        """Keep them for the people they are for."""

    async def put_agreement(self, document: Document) -> None:
        """Keep a document with its signatures. The event of the same transaction decides who was first."""

    async def add_report(self, report: Report) -> None: ...
    async def close_report(self, report: Report) -> None:
        """Keep how it ended; StaleWrite when somebody closed it before."""

    async def save_round(self, after: Round, before: Round | None) -> None:
        """With what is new of its reviews, over ``before`` as it was read; the store counts ``rev``."""

    async def set_timers(self, rental: RentalId, timers: Iterable[Timer]) -> None:
        """Exactly these timers of the machine stand for the rental from now on."""

    async def set_timer(self, target: str, kind: str, due_at: datetime) -> None:
        """A timer of its own kind beside those of the machine."""

    async def note(self, note: Note) -> None:
        """An entry of the audit log."""


class UnitOfWork(Protocol):
    def __call__(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit on leaving (majority, journaled), abort on an error; StaleWrite when the commit lost a race."""

    async def applied(self, room: RoomId, cmd_id: str) -> Applied | None: ...


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come, held by a lease: ``target`` is what its kind is about."""

    key: str
    kind: str
    target: str
    lease: str


class Timers(Protocol):
    async def claim(self, now: datetime) -> DueTimer | None: ...
    async def done(self, timer: DueTimer) -> None: ...
    async def postpone(self, timer: DueTimer, by: timedelta) -> None:
        """Let it be due again after so long, unless its lease ended or it was set anew meanwhile."""


@dataclass(frozen=True, slots=True)
class Code:
    """Six digits to read out, and 16 bytes for a QR code that proves the same."""

    digits: str
    secret: bytes


class Codes(Protocol):
    """One code for each rental and kind, made when it is first needed and then for good; sealed at rest."""

    async def get(self, rental: RentalId, kind: CodeKind, receiver: UserId) -> Code: ...
    async def take_try(self, rental: RentalId, kind: CodeKind) -> int | None:
        """Use up one of the tries before looking at the digits: how many are left then, or None when none was left.

        However many ask at once, no more are given than there are.
        """
