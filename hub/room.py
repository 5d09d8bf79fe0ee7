"""Rooms and their log: members, entries and the chain heads that decide what the log may take next. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from hub.errors import Conflict, NotFound
from hub.ids import DeviceId, RentalId, RoomId, UserId


class RosterRole(IntEnum):
    """Roles in a signed roster (DKX-1 section 3c)."""

    RENTER = 1
    OWNER = 2
    MEDIATOR = 3
    OBSERVER = 4
    BOT = 5


@dataclass(frozen=True, slots=True)
class Member:
    user: UserId
    role: RosterRole
    joined_seq: int = 1


@dataclass(frozen=True, slots=True)
class Room:
    """One room; its members are those of the newest roster, which ``roster`` holds as signed bytes.

    ``talk_until``: from then on it takes no more messages; None while the rental runs or a case is open.
    """

    id: RoomId
    rental: RentalId
    members: tuple[Member, ...]
    roster: bytes
    roster_version: int
    roster_hash: bytes
    created_at: datetime
    talk_until: datetime | None = None

    def member(self, user: UserId) -> Member:
        """The membership of ``user``, or the refusal that does not tell whether the room exists."""
        member = self.find(user)
        if member is None:
            raise NotFound("room_not_found")
        return member

    def find(self, user: UserId) -> Member | None:
        return next((member for member in self.members if member.user == user), None)

    def users(self) -> tuple[UserId, ...]:
        return tuple(member.user for member in self.members)


@dataclass(slots=True)
class NewMessage:
    """A ciphertext on its way into the log. ``header`` is HDR104 of the envelope; ``keys`` maps device to KEYPKT.

    Nobody changes it. It is not frozen because that makes it five times as dear to make, and one is made a message.
    """

    room: RoomId
    account: UserId
    device: DeviceId
    cid: bytes
    chain: bytes
    index: int
    header: bytes
    envelope: bytes
    keys: Mapping[DeviceId, bytes]
    push: str


@dataclass(frozen=True, slots=True)
class MessageAddress:
    """What a device calls a message of its own from before it is sent: its ``cid`` is unique for the device."""

    room: RoomId
    device: DeviceId
    cid: bytes


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the log has a message; ``erased``: only its place is left."""

    seq: int
    erased: bool


@dataclass(slots=True)
class Stored:
    """Where a message stands for ever: its ``seq``, the hub's receive time (ms) and its franking tag."""

    seq: int
    ts: int
    kid: str
    ft: bytes
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message as a reader gets it back; ``key`` is the key packet for the asking device, if this message had one.

    ``envelope`` is empty once the message was redacted or its retention ended; its place in the log stays.
    """

    seq: int
    account: UserId
    envelope: bytes
    ts: int
    kid: str
    ft: bytes
    key: bytes | None = None


@dataclass(frozen=True, slots=True)
class EventEntry:
    """A rental event in the log; ``hash`` chains over events only (DKX-1 section 9)."""

    seq: int
    type: str
    by: str
    cmd_id: str
    data: Mapping[str, Any]
    at: str
    prev_hash: bytes
    hash: bytes


Entry = MessageEntry | EventEntry


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of one room's log. ``more`` tells that another page follows; ``floor`` is the first readable seq."""

    entries: tuple[Entry, ...]
    head: int
    more: bool
    floor: int = 1


@dataclass(frozen=True, slots=True)
class Chain:
    """What the hub keeps of a sender chain: it never sees the key, only who got it and how far it has run."""

    room: RoomId
    device: DeviceId
    chain: bytes
    roster_version: int
    lists: Mapping[UserId, tuple[int, int]]
    first_index: int
    to: frozenset[DeviceId]

    def check_next(self, index: int, last: int | None) -> None:
        """Indices of a chain are contiguous, so that an omission shows."""
        expected = self.first_index if last is None else last + 1
        if index != expected:
            raise Conflict("chain_index", {"expected": expected})


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The newest signed list of one account as stored bytes, with what the hub compares on every message."""

    account: UserId
    aik: bytes
    epoch: int
    version: int
    devices: tuple[DeviceId, ...]
    cert: bytes
    devlist: bytes
    hash: bytes

    @property
    def stamp(self) -> tuple[int, int]:
        return (self.epoch, self.version)


@dataclass(frozen=True, slots=True)
class KeptRoster:
    """A signed roster and the row of the log that told of it; 0 for the first, which came with the room."""

    version: int
    seq: int
    roster: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far a member's devices have delivered and the member has read; both only grow."""

    room: RoomId
    user: UserId
    delivered: int
    read: int
