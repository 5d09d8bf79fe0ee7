"""Devices and their published keys."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from hub.ids import DeviceId, LinkId, RoomId, UserId
from hub.link import Link, Step
from hub.room import DeviceList


class OneTime(NamedTuple):
    """A one-time prekey: its number, which only grows, and the public key."""

    id: int
    key: bytes


class Stock(NamedTuple):
    """How many one-time prekeys of a device are ``left``, and the lowest number its ``next`` one may have."""

    left: int
    next: int


class Devices(Protocol):
    async def newest(self, account: UserId) -> DeviceList | None: ...
    async def newest_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList]: ...
    def known_of(self, accounts: Iterable[UserId]) -> Mapping[UserId, DeviceList] | None:
        """``newest_of``, if everything is at hand without asking the store."""

    async def history(self, account: UserId, after: tuple[int, int]) -> Sequence[DeviceList]: ...
    async def at(self, account: UserId, stamp: tuple[int, int]) -> DeviceList | None:
        """The list of exactly this (epoch, version)."""

    async def publish(self, new: DeviceList, expected: tuple[int, int] | None) -> None:
        """Append as the newest; StaleWrite if the newest is not ``expected``; tells the changes.

        Conflict("device_taken") when one of its devices belongs, or ever belonged, to another account.
        """

    async def put_prekey(self, account: UserId, device: DeviceId, spk: bytes, spk_id: int) -> None:
        """Replace the signed prekey; Conflict("prekey_rollback") when ``spk_id`` is not newer."""

    async def prekeys(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, bytes]: ...

    async def add_one_time(self, account: UserId, device: DeviceId, keys: Iterable[OneTime], at_most: int) -> Stock:
        """Keep those numbered above all before, which makes it safe to say it twice.

        Conflict("quota_exceeded") when more than ``at_most`` would wait.
        """

    async def take_one_time(self, devices: Iterable[DeviceId]) -> Mapping[DeviceId, OneTime]:
        """One of each device, the oldest first; however many ask at once, nobody gets one that was given before."""

    async def count_one_time(self, device: DeviceId, at_most: int) -> int: ...
    async def forget_prekeys(self, devices: Iterable[DeviceId]) -> None:
        """Of devices that are no longer listed."""


class ChainName(NamedTuple):
    """A sender chain: ``device`` is whose it is."""

    room: RoomId
    device: DeviceId
    chain: bytes


class Want(NamedTuple):
    """A device that lacks the key of a chain; ``account`` is whose device it is."""

    chain: ChainName
    to: DeviceId
    account: UserId


class Wants(Protocol):
    """Keys that devices asked for, and the packets they were answered with; forgotten after two weeks."""

    async def ask(self, want: Want, now: datetime) -> tuple[bool, Mapping[DeviceId, bytes]]:
        """What was answered so far, by device; True once a minute: then others are to be told, and answer anew."""

    async def get(self, chain: ChainName, to: DeviceId) -> Want | None: ...
    async def answer(self, want: Want, by: DeviceId, packet: bytes) -> bool:
        """False when it is wanted no longer."""

    async def waiting(self, account: UserId, device: DeviceId, limit: int) -> Sequence[Want]:
        """What this device could answer and has not: of chains of its own, and for other devices of its account."""


class Links(Protocol):
    """Linkings under way; each ends by itself."""

    async def add(self, link: Link) -> None:
        """Conflict("link_taken")."""

    async def get(self, link: LinkId, user: UserId, now: datetime) -> Link | None: ...
    async def of(self, user: UserId, now: datetime) -> Sequence[Link]: ...
    async def save(self, link: Link, expected: Step) -> None:
        """StaleWrite when it is no longer at that step."""

    async def remove(self, link: LinkId, user: UserId) -> None: ...
