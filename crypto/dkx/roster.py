"""ROSTER: who is in a room, in which role and with which identity key, signed by a member's device."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple, Self

from crypto.dkx.devlist import DevList
from crypto.dkx.document import Document
from crypto.dkx.error import (
    RosterError,
    RosterForbiddenError,
    RosterForkError,
    RosterGapError,
    RosterRollbackError,
)
from crypto.dkx.primitive import SIGNATURE, ZEROS32, is_signing_key, label, pack

MAGIC = b"\x01\x04"
LABEL = label("roster")
MAX_MEMBERS = 12
_HEAD = struct.Struct(">2s16sI32s16s16sQB")
_ENTRY = struct.Struct(">16s32sB")


class Role(IntEnum):
    """What a member is in the room; renter and owner may change the roster, the others may only leave."""

    RENTER = 1
    OWNER = 2
    MEDIATOR = 3
    OBSERVER = 4
    BOT = 5

    @property
    def may_change(self) -> bool:
        return self <= Role.OWNER


class Member(NamedTuple):
    account: bytes
    aik: bytes
    role: Role


@dataclass(frozen=True, slots=True)
class Roster(Document):
    """95 + 49 n + 64 bytes, n from 1 to 12 members in the order of their account ids."""

    room: bytes
    version: int
    prev_hash: bytes
    signer_account: bytes
    signer_device: bytes
    created: int
    members: tuple[Member, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the bytes strictly, or raise ``RosterError``; the signature is ``verify``'s business."""
        if len(raw) < _HEAD.size + SIGNATURE:
            raise RosterError("too short")
        magic, room, version, prev_hash, account, device, created, n = _HEAD.unpack_from(raw)
        if magic != MAGIC:
            raise RosterError("unknown type or version")
        if not 1 <= n <= MAX_MEMBERS or len(raw) != _HEAD.size + n * _ENTRY.size + SIGNATURE:
            raise RosterError("wrong number of members for this length")
        if version < 1 or (version == 1) != (prev_hash == ZEROS32):
            raise RosterError("versions start at 1, and version 1 alone follows nothing")
        roster = cls(raw, room, version, prev_hash, account, device, created, _members(raw))
        if version == 1:
            _check_maker(roster.member(account))
        return roster

    def member(self, account: bytes) -> Member | None:
        """The row of this account, or None."""
        return next((member for member in self.members if member.account == account), None)

    def verify(self, signer: DevList) -> None:
        """Check the signature against a verified list of the signer.

        For a new roster pass the signer's current list, for an old one any pinned version (e2ee.md §3c).
        """
        device = signer.device(self.signer_device)
        if signer.account != self.signer_account or device is None:
            raise RosterError("the signing device is not in this list")
        if not self.is_signed_by(device.dsk, LABEL):
            raise RosterError("not signed by the device it names")

    def names(self, account: bytes, aik: bytes) -> bool:
        """Whether the row of ``account`` is there with this identity key; for one's own row a no is a red alarm."""
        member = self.member(account)
        return member is not None and member.aik == aik


def unsigned(
    *,
    room: bytes,
    version: int,
    prev_hash: bytes,
    signer: tuple[bytes, bytes],
    created: int,
    members: Sequence[Member],
) -> bytes:
    """The bytes a DSK signs; ``signer`` is (account, device), the rows are put in order."""
    head = pack(_HEAD, MAGIC, room, version, prev_hash, *signer, created, len(members))
    return head + b"".join(pack(_ENTRY, *member) for member in sorted(members))


def check_successor(previous: Roster | None, new: Roster) -> None:
    """Whether ``new`` may follow ``previous``, the newest roster of the room; the very same one again is fine."""
    if previous is None:
        if new.version != 1:
            raise RosterGapError("the first roster has version 1")
        return
    if new.raw == previous.raw:
        return
    _check_place(previous, new)
    if new.prev_hash != previous.hash:
        raise RosterForkError("does not follow the roster known")
    _check_change(previous, new)


def _check_place(previous: Roster, new: Roster) -> None:
    if new.room != previous.room:
        raise RosterError("of another room")
    if new.version < previous.version:
        raise RosterRollbackError(f"version {new.version} after {previous.version}")
    if new.version == previous.version:
        raise RosterForkError(f"two rosters of version {new.version}")
    if new.version > previous.version + 1:
        raise RosterGapError(f"version {new.version} after {previous.version}")


def _check_change(previous: Roster, new: Roster) -> None:
    signer = previous.member(new.signer_account)
    if signer is None:
        raise RosterForbiddenError("not a member")
    if signer.role.may_change:
        return
    if new.members != tuple(member for member in previous.members if member is not signer):
        raise RosterForbiddenError("this role may only leave")


def _check_maker(signer: Member | None) -> None:
    if signer is None or not signer.role.may_change:
        raise RosterForbiddenError("version 1 is made by its renter or owner")


def _members(raw: bytes) -> tuple[Member, ...]:
    rows = tuple(_ENTRY.iter_unpack(raw[_HEAD.size : -SIGNATURE]))
    if any(not Role.RENTER <= role <= Role.BOT for _, _, role in rows):
        raise RosterError("unknown role")
    members = tuple(Member(account, aik, Role(role)) for account, aik, role in rows)
    if any(earlier.account >= later.account for earlier, later in pairwise(members)):
        raise RosterError("members unsorted or twice")
    if len({member.aik for member in members}) < len(members):
        raise RosterError("two members share an identity")
    if not all(is_signing_key(member.aik) for member in members):
        raise RosterError("an identity is no good Ed25519 key")
    return members
