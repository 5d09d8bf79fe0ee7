"""Whether an opened key packet is believed: its sender must belong where it claims to be."""

from collections.abc import Iterable, Mapping

from crypto.dkx.devlist import DevList
from crypto.dkx.error import DevListMissingError, KeyPacketError
from crypto.dkx.keypacket import KeyPacket
from crypto.dkx.roster import Roster
from crypto.dkx.sealing.body import ChainBody, ForwardBody
from crypto.dkx.sealing.record import ChainRecord


def accept_chain(packet: KeyPacket, body: ChainBody, roster: Roster, lists: Mapping[bytes, DevList]) -> ChainRecord:
    """The record of a chain told by its sender.

    ``roster`` is the verified one that ``body.roster_hash`` names, ``lists`` the pinned device list of each account.
    Raises ``DevListMissingError`` if the sender knows a newer list of its own than we do.
    """
    if packet.room != roster.room or body.roster_hash != roster.hash:
        raise KeyPacketError("of another room or roster")
    author = next((a for a in _accounts(roster) if a in lists and lists[a].device(packet.from_dev)), None)
    if author is None:
        raise KeyPacketError("not from a device of a member")
    if body.devlist > lists[author].place:
        raise DevListMissingError(f"the sender's list {body.devlist} is not known yet")
    return _record(packet, packet.from_dev, author, body)


def accept_forward(
    packet: KeyPacket, body: ForwardBody, own: DevList, roster: Roster, versions: Mapping[bytes, Iterable[DevList]]
) -> ChainRecord:
    """The record of someone's chain, told by another current device of one's own.

    The author is the member any of whose list versions holds the owning device; None shows as unknown.
    """
    if own.device(packet.from_dev) is None:
        raise KeyPacketError("forwarded by a device that is not one's own")
    if packet.room != roster.room or body.roster_hash != roster.hash:
        raise KeyPacketError("of another room or roster")
    return _record(packet, body.owner_device, author_of(body.owner_device, roster, versions), body)


def author_of(device: bytes, roster: Roster, versions: Mapping[bytes, Iterable[DevList]]) -> bytes | None:
    """The member who has, or once had, this device."""
    held = (a for a in _accounts(roster) if any(version.device(device) for version in versions.get(a, ())))
    return next(held, None)


def _accounts(roster: Roster) -> list[bytes]:
    return [member.account for member in roster.members]


def _record(packet: KeyPacket, device: bytes, author: bytes | None, body: ChainBody | ForwardBody) -> ChainRecord:
    return ChainRecord(packet.room, device, packet.chain, author, body.start, body.ck, body.csk, body.roster_hash)
