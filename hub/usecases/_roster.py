"""Judging signed rosters: who may be in a room, and who may say so (e2ee.md §3c)."""

from collections.abc import Iterable
from functools import lru_cache

from crypto.dkx.devlist import DevList
from crypto.dkx.error import DkxError
from crypto.dkx.roster import Roster, check_successor
from hub.account import Actor
from hub.errors import Conflict, Forbidden, Invalid, Unauthenticated
from hub.ids import RoomId, UserId
from hub.ports import Ports
from hub.rental import Rental
from hub.room import DeviceList, Member, Room, RosterRole
from hub.usecases._dkx import refusal


@lru_cache(maxsize=8192)
def accounts_in(roster: bytes) -> frozenset[UserId]:
    """The accounts a stored roster names. Kept, because each message asks."""
    return frozenset(UserId(member.account.hex()) for member in Roster.parse(roster).members)


async def first_room(ports: Ports, actor: Actor, rental: Rental, raw: bytes) -> Room:
    """The room that roster version 1 opens, made by the renter's proven device.

    It names renter and owner with the identities they have published. An owner without a device is not in it, but is
    a member of the room: the rental works and the chat waits (e2ee.md §3f).
    """
    if not raw:
        raise Conflict("roster_missing")
    roster = _parsed(raw)
    lists = await ports.devices.newest_of((rental.renter, rental.owner))
    _check_signed(roster, actor, rental.room, lists.get(actor.user))
    parties = {rental.renter: RosterRole.RENTER, rental.owner: RosterRole.OWNER}
    rows = {(bytes.fromhex(user), lists[user].aik, int(role)) for user, role in parties.items() if user in lists}
    if roster.version != 1 or {(row.account, row.aik, int(row.role)) for row in roster.members} != rows:
        raise Invalid("roster_invalid", {"reason": "members"})
    members = tuple(Member(user, role) for user, role in parties.items())
    return Room(rental.room, rental.id, members, raw, 1, roster.hash, ports.clock.now())


async def next_roster(ports: Ports, actor: Actor, room: Room, rental: Rental, raw: bytes) -> Roster:
    """The verified successor of the room's roster; every identity in it is the published one.

    Renter and owner stay what they are; an owner who was missing for want of a device may come in.
    """
    roster, current = _parsed(raw), Roster.parse(room.roster)
    lists = await ports.devices.newest_of(UserId(member.account.hex()) for member in roster.members)
    own = lists.get(actor.user) or await ports.devices.newest(actor.user)
    _check_signed(roster, actor, room.id, own)
    try:
        check_successor(current, roster)
    except DkxError as error:
        raise refusal(error) from error
    if roster.version != room.roster_version + 1:
        raise Conflict("roster_rollback", {"version": room.roster_version})
    _check_parties(current, roster, rental)
    _check_identities(roster, lists.values())
    return roster


def members_after(room: Room, roster: Roster, rental: Rental, seq: int) -> tuple[Member, ...]:
    """Who is in the room under the new roster; newcomers from ``seq`` on. The two parties never leave."""
    since = {member.user: member.joined_seq for member in room.members}
    roles = {rental.renter: RosterRole.RENTER, rental.owner: RosterRole.OWNER}
    roles |= {UserId(row.account.hex()): RosterRole(row.role) for row in roster.members}
    return tuple(Member(user, role, since.get(user, seq)) for user, role in roles.items())


def _parsed(raw: bytes) -> Roster:
    try:
        return Roster.parse(raw)
    except DkxError as error:
        raise refusal(error) from error


def _check_signed(roster: Roster, actor: Actor, room: RoomId, own: DeviceList | None) -> None:
    """By the proven device of who sends it, which stands in their newest list."""
    signer = (roster.signer_account.hex(), roster.signer_device.hex())
    if signer != (actor.user, actor.proven_device()) or roster.room.hex() != room:
        raise Invalid("roster_invalid", {"reason": "signer"})
    if own is None:
        raise Unauthenticated("device_unknown")
    try:
        roster.verify(DevList.parse(own.devlist))
    except DkxError as error:
        raise refusal(error) from error


def _check_parties(current: Roster, new: Roster, rental: Rental) -> None:
    allowed = {(bytes.fromhex(rental.renter), 1), (bytes.fromhex(rental.owner), 2)}
    before = {(row.account, int(row.role)) for row in current.members if row.role.may_change}
    after = {(row.account, int(row.role)) for row in new.members if row.role.may_change}
    if not before <= after <= allowed:
        raise Forbidden("roster_forbidden")


def _check_identities(roster: Roster, lists: Iterable[DeviceList]) -> None:
    published = {bytes.fromhex(known.account): known.aik for known in lists}
    if any(published.get(row.account) != row.aik for row in roster.members):
        raise Invalid("roster_invalid", {"reason": "identity"})
