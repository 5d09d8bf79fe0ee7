"""What the acts need from outside, as small protocols. Times: aware UTC datetimes; message times are ms since 1970."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from hub.account import Session, User, UserRole
from hub.availability import Calendar
from hub.burst import Bursts
from hub.events import Event
from hub.ids import DeviceId, ItemId, PlaceId, RentalId, RoomId, SessionId, UserId
from hub.item import Item
from hub.place import Point
from hub.presence import PresenceChange, PresenceState
from hub.rental import Rental, Timer
from hub.room import Chain, DeviceList, EventEntry, NewMessage, Page, Receipt, Room, Stored


class StaleWrite(Exception):
    """Someone else wrote first: load again, decide again."""


class Clock(Protocol):
    """``now`` is the business clock (may be moved in demo and tests); ``real`` never is: tokens and sockets use it."""

    def now(self) -> datetime: ...
    def real(self) -> datetime: ...


class Users(Protocol):
    async def add(self, user: User, password_hash: str) -> bool:
        """Store a new neighbour; False when the e-mail is known already. Conflict("handle_taken")."""

    async def get(self, user: UserId) -> User | None: ...
    async def by_handle(self, handle: str) -> User | None: ...
    async def credentials(self, email: str) -> tuple[User, str] | None:
        """The neighbour and the password hash behind a normalised e-mail."""

    async def set_password_hash(self, user: UserId, password_hash: str) -> None: ...
    async def set_roles(self, user: UserId, roles: frozenset[UserRole]) -> None: ...


class Sessions(Protocol):
    async def add(self, session: Session) -> None: ...
    async def get(self, session: SessionId) -> Session | None: ...
    async def live_of(self, user: UserId) -> Sequence[Session]: ...
    async def rotate(self, session: SessionId, presented: bytes, successor: bytes, now: datetime) -> bool:
        """Swap the refresh hash if ``presented`` is the current one of a live session; False otherwise."""

    async def bind_device(self, session: SessionId, device: DeviceId) -> None: ...
    async def revoke(self, sessions: Collection[SessionId]) -> None:
        """Mark them revoked and append to the changes that every worker follows."""

    async def add_challenge(self, session: SessionId, challenge: bytes, expires_at: datetime) -> None: ...
    async def take_challenge(self, session: SessionId, challenge: bytes, now: datetime) -> bool:
        """True once, for a challenge of this session that has not expired."""


class Devices(Protocol):
    async def newest(self, account: UserId) -> DeviceList | None: ...
    async def newest_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList]: ...
    async def history(self, account: UserId, after: tuple[int, int]) -> Sequence[DeviceList]: ...
    async def publish(self, new: DeviceList, expected: tuple[int, int] | None) -> None:
        """Append as the newest; StaleWrite if the newest is not ``expected``; tells the changes.

        Conflict("device_taken") when one of its devices belongs, or ever belonged, to another account.
        """

    async def put_prekey(self, account: UserId, device: DeviceId, spk: bytes, spk_id: int) -> None:
        """Replace the signed prekey; Conflict("prekey_rollback") when ``spk_id`` is not newer."""

    async def prekeys(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, bytes]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """An address. ``exact`` and ``address`` are stored encrypted and shown only as the rental allows."""

    id: PlaceId
    owner: UserId
    label: str
    address: str
    exact: Point
    public: Point


class Items(Protocol):
    async def add(self, item: Item, place: Place, calendar: Calendar) -> None: ...
    async def get(self, item: ItemId) -> Item | None: ...
    async def place(self, place: PlaceId) -> Place | None: ...
    async def page(self, owner: UserId | None, after: ItemId | None, limit: int) -> Sequence[Item]:
        """Active items, newest first; with ``owner`` that person's, whatever their status."""

    async def save(self, item: Item, expected_rev: int) -> None: ...
    def every(self) -> AsyncIterator[ItemId]:
        """All items there are, for upkeep."""

    async def calendar(self, item: ItemId) -> Calendar: ...


class Rentals(Protocol):
    async def get(self, rental: RentalId, reader: UserId | None) -> Rental | None:
        """With ``reader``, only if they are a party (the filter is part of the query)."""

    async def of(self, user: UserId, limit: int) -> Sequence[Rental]: ...
    async def negotiating_for(self, item: ItemId) -> Sequence[Rental]: ...
    async def of_item(self, item: ItemId) -> Sequence[Rental]: ...
    async def live_negotiations(self, item: ItemId, renter: UserId) -> int: ...
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
    async def save_calendar(self, calendar: Calendar, expected_rev: int) -> None: ...
    async def save_roster(self, room: Room, expected_version: int) -> None: ...
    async def append_event(
        self, room: RoomId, rental: RentalId, event: Event, *, cmd_id: str, body_hash: bytes, at: datetime, prev: bytes
    ) -> EventEntry:
        """Write the event at head + 1 with its chain hash; ``prev`` is the hash of the room's last event or zeros."""

    async def set_timers(self, rental: RentalId, timers: Iterable[Timer]) -> None:
        """Exactly these timers stand for the rental from now on."""

    async def set_item_timer(self, item: ItemId, kind: str, due_at: datetime) -> None: ...


class UnitOfWork(Protocol):
    def __call__(self) -> AbstractAsyncContextManager[Transaction]:
        """Commit on leaving (majority, journaled), abort on an error; StaleWrite when the commit lost a race."""

    async def applied(self, room: RoomId, cmd_id: str) -> Applied | None: ...


class Rooms(Protocol):
    """Reads are cached per worker; a change of members or lists drops the entry on every worker within 2 s."""

    async def get(self, room: RoomId) -> Room | None: ...
    async def of(self, user: UserId) -> Sequence[RoomId]: ...
    async def chain(self, room: RoomId, device: DeviceId, chain: bytes) -> Chain | None: ...
    async def open_chain(self, chain: Chain) -> None: ...
    async def last_index(self, room: RoomId, device: DeviceId, chain: bytes, *, fresh: bool = False) -> int | None:
        """The last index the log holds or has been given for this chain.

        ``fresh`` asks the log itself: what this worker remembers is out of date when the device sent through another.
        """

    async def raise_receipt(self, receipt: Receipt) -> bool:
        """Store the maxima; True if anything grew."""

    async def receipts(self, room: RoomId) -> Sequence[Receipt]: ...


class MessageLog(Protocol):
    def submit(self, message: NewMessage) -> Awaitable[Stored]:
        """Queue for the next group commit, in call order; resolves when durable. Conflict("cid_mismatch")."""

    async def repeated(self, message: NewMessage) -> Stored | None:
        """Where this very message stands if it was submitted before, even if it is still on its way; else None.

        Conflict("cid_mismatch") when other bytes stand under its cid.
        """

    async def heads(self, rooms: Iterable[RoomId]) -> Mapping[RoomId, int]: ...
    async def forward(self, room: RoomId, after: int, limit: int, device: DeviceId | None) -> Page: ...
    async def back(self, room: RoomId, before: int, limit: int, device: DeviceId | None) -> Page: ...
    async def redact(self, room: RoomId, seq: int, account: UserId) -> bool:
        """Unset the ciphertext and key packets of one's own message; its seq stays. False if it is not theirs."""


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose time has come, held by a lease: ``target`` is a rental or, for kind ``rivals``, an item."""

    key: str
    kind: str
    target: str
    lease: str


class Timers(Protocol):
    async def claim(self, now: datetime) -> DueTimer | None: ...
    async def done(self, timer: DueTimer) -> None: ...


class Presence(Protocol):
    async def beat(self, user: UserId, connection: str, state: PresenceState) -> None: ...
    async def leave(self, user: UserId, connection: str) -> None: ...
    async def of(self, users: Collection[UserId]) -> Mapping[UserId, PresenceState]:
        """``unknown`` for everybody while the presence store cannot be reached."""


Audience = tuple[Literal["room", "user", "device", "session"], str]


class Publisher(Protocol):
    """Hints to live sockets on every worker. It never blocks and never fails an act: the log is the truth."""

    def tell(self, audience: Audience, event: str, payload: Mapping[str, Any]) -> None: ...


class Limiter(Protocol):
    async def hit(self, key: str, limit: int, per_s: float) -> int:
        """Count one use; 0 when allowed, else the milliseconds to wait."""


class Passwords(Protocol):
    """Argon2id in a bounded worker. ``verify`` does the same work for an unknown account (hash None)."""

    async def hash(self, password: str) -> str: ...
    async def verify(self, password_hash: str | None, password: str) -> bool: ...
    def needs_rehash(self, password_hash: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    token: str
    expires_at: datetime


class Tokens(Protocol):
    def issue_access(
        self, user: UserId, session: SessionId, device: DeviceId | None, roles: frozenset[UserRole]
    ) -> AccessToken: ...
    def new_refresh(self, session: SessionId) -> str: ...
    def read_refresh(self, token: str) -> tuple[SessionId, bytes]:
        """The session a refresh token names and the token's hash. Unauthenticated("bad_refresh_token")."""

    def successor(self, token: str) -> str:
        """Always the same for the same token, so that parallel refreshes agree."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers an operator may set; shown to clients in ``hello``."""

    origin: str
    refresh_days: int = 30
    refresh_grace_s: int = 10
    max_devices: int = 10
    max_negotiations: int = 3
    max_open_rentals: int = 20
    message_burst: int = 20
    message_per_s: float = 1.0
    room_per_min: int = 200
    max_envelope: int = 65_744


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything an act may reach, handed in by the composition root."""

    clock: Clock
    users: Users
    sessions: Sessions
    devices: Devices
    items: Items
    rentals: Rentals
    rooms: Rooms
    log: MessageLog
    work: UnitOfWork
    timers: Timers
    presence: Presence
    publisher: Publisher
    limiter: Limiter
    passwords: Passwords
    tokens: Tokens
    policy: Policy
    bursts: Bursts = field(default_factory=Bursts)


@dataclass(frozen=True, slots=True)
class Change:
    """Something every worker must learn within 2 s, Redis or not: drop caches, close sockets."""

    kind: Literal["session", "user", "room", "devices"]
    id: str


class Changes(Protocol):
    def follow(self) -> AsyncIterator[Change]: ...


OnStored = Callable[[Sequence[tuple[NewMessage, Stored]]], None]
"""Called by the message log after each durable batch, in seq order per room: the only place messages are told from."""
OnPresence = Callable[[PresenceChange], None]
