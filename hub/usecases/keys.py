"""Keys that a device lacks: it asks, whoever may answer does, and the hub carries the packets (e2ee.md §4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crypto import b64
from crypto.dkx.error import DkxError
from crypto.dkx.keypacket import KeyPacket
from hub.account import Actor
from hub.errors import Forbidden, Invalid, NotFound
from hub.ids import DeviceId, RoomId
from hub.ports import ChainName, Ports, Want
from hub.room import Chain, Room
from hub.usecases._rooms import own_room

MAX_WAITING: Final = 100


@dataclass(frozen=True, slots=True)
class RequestKey:
    """``device`` is the one whose chain it is."""

    room: RoomId
    device: DeviceId
    chain: bytes


@dataclass(frozen=True, slots=True)
class PutKey:
    """A packet for the device ``to``, which asked for the key of a chain of ``device``."""

    room: RoomId
    device: DeviceId
    chain: bytes
    to: DeviceId
    pkt: bytes


@dataclass(frozen=True, slots=True)
class ListWanted:
    pass


@dataclass(frozen=True, slots=True)
class AskedKey:
    """``asked``: others were told just now; ``packets`` are what there is already, by the device that made them."""

    asked: bool
    packets: Mapping[DeviceId, bytes]


async def request_key(ports: Ports, actor: Actor, command: RequestKey) -> AskedKey:
    """Ask the sender and one's own other devices for the key of a chain; answers what was sent for it so far.

    Only a device that was listed when the chain began and still is may ask: nobody reads what was said before them.
    """
    device, room = actor.proven_device(), await own_room(ports, actor, command.room)
    chain = await ports.rooms.chain(room.id, command.device, command.chain)
    if chain is None:
        raise NotFound("chain_not_found")
    want = Want(ChainName(room.id, command.device, command.chain), device, actor.user)
    await _check_meant(ports, chain, want)
    asked, packets = await ports.wants.ask(want, ports.clock.real())
    if asked:
        told = wanted_item(want)
        for audience in (("device", command.device), ("user", actor.user)):
            ports.publisher.tell(audience, "key:wanted", told)
    return AskedKey(asked, packets)


async def put_key(ports: Ports, actor: Actor, command: PutKey) -> None:
    """Answer a device that asked: with the key of a chain of one's own, or as another device of the same account."""
    device, room = actor.proven_device(), await own_room(ports, actor, command.room)
    name = ChainName(room.id, command.device, command.chain)
    want, chain = await ports.wants.get(name, command.to), await ports.rooms.chain(*name)
    if want is None or chain is None or (device != command.device and want.account != actor.user):
        raise NotFound("key_not_wanted")
    _check_packet(command, device)
    if want.account not in room.users():
        raise NotFound("key_not_wanted")
    await _check_meant(ports, chain, want)
    if not await ports.wants.answer(want, device, command.pkt):
        raise NotFound("key_not_wanted")
    ports.publisher.tell(("device", command.to), "key:new", _told(command, room))


async def list_wanted(ports: Ports, actor: Actor, command: ListWanted) -> Sequence[Want]:  # noqa: ARG001 - shape of an act
    """What others wait for and this device could give: of its own chains, and for its account's other devices."""
    return await ports.wants.waiting(actor.user, actor.proven_device(), MAX_WAITING)


def wanted_item(want: Want) -> dict[str, str]:
    """A wanted key as lists and live hints carry it."""
    name = want.chain
    return {"room": name.room, "device": name.device, "chain": name.chain.hex(), "to": want.to}


def _told(command: PutKey, room: Room) -> dict[str, str]:
    chain, packet = command.chain.hex(), b64.encode(command.pkt)
    return {"room": room.id, "from_dev": command.device, "chain": chain, "pkt": packet}


async def _check_meant(ports: Ports, chain: Chain, want: Want) -> None:
    """The device is in its account's list as the chain's first message knew it, and in the newest."""
    stamp, newest = chain.lists.get(want.account), await ports.devices.newest(want.account)
    then = await ports.devices.at(want.account, stamp) if stamp else None
    if not all(known and want.to in known.devices for known in (then, newest)):
        raise Forbidden("key_not_meant")


def _check_packet(command: PutKey, device: DeviceId) -> None:
    try:
        packet = KeyPacket.parse(command.pkt)
    except DkxError:
        raise Invalid("bad_keys") from None
    said = (packet.room.hex(), packet.from_dev.hex(), packet.to_dev.hex(), packet.chain)
    if said != (command.room, device, command.to, command.chain):
        raise Invalid("bad_keys")
