"""What a message must be before the log takes it: the hot path, so it does no I/O while the caches are warm.

Only the first message of a chain writes: it opens the chain. All rules are those of e2ee.md §4 and realtime.md §4.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from crypto import b64
from crypto.dkx.envelope import HEADER, SIZES, place
from crypto.dkx.error import DkxError
from crypto.dkx.keypacket import KeyPacket
from hub.errors import Conflict, Invalid, RateLimited, Unauthenticated
from hub.ids import DeviceId, RoomId, UserId
from hub.period import stamp
from hub.ports import Policy, Ports
from hub.room import Chain, DeviceList, NewMessage, Room
from hub.usecases._roster import accounts_in

Lists = Mapping[UserId, DeviceList]


class AddressedPacket(Protocol):
    @property
    def to(self) -> DeviceId: ...
    @property
    def pkt(self) -> bytes: ...


class Sent(Protocol):
    """The fields of a ``SendMessage`` that are judged here."""

    @property
    def room(self) -> RoomId: ...
    @property
    def cid(self) -> bytes: ...
    @property
    def env(self) -> bytes: ...
    @property
    def chain(self) -> bytes: ...
    @property
    def idx(self) -> int: ...
    @property
    def dl(self) -> Mapping[UserId, tuple[int, int]]: ...
    @property
    def roster(self) -> int: ...
    @property
    def keys(self) -> tuple[AddressedPacket, ...]: ...
    @property
    def push(self) -> str: ...


def check_rate(ports: Ports, device: DeviceId, room: RoomId) -> None:
    """One message against the bursts of the device and of the room. RateLimited."""
    policy, now = ports.policy, ports.clock.seconds()
    wait_ms = ports.bursts.take(device, policy.message_burst, policy.message_per_s, now)
    wait_ms = wait_ms or ports.bursts.take(room, policy.room_per_min, policy.room_per_min / 60, now)
    if wait_ms:
        raise RateLimited("rate_limited", {"limit": "message"}, after_ms=wait_ms)


def new_message(policy: Policy, account: UserId, device: DeviceId, sent: Sent) -> NewMessage:
    """The message, once its envelope says the same as the fields around it and the session."""
    if len(sent.env) > policy.max_envelope:
        raise Invalid("too_large", {"max": policy.max_envelope})
    said = place(bytes.fromhex(sent.room), bytes.fromhex(device), sent.chain, sent.idx, sent.cid)
    if len(sent.env) not in SIZES or not sent.env.startswith(said):
        raise Invalid("bad_envelope")
    keys = {key.to: key.pkt for key in sent.keys}
    if len(keys) != len(sent.keys):
        raise Invalid("bad_keys")
    return NewMessage(
        sent.room, account, device, sent.cid, sent.chain, sent.idx, sent.env[:HEADER], sent.env, keys, sent.push
    )


def continues(ports: Ports, account: UserId, device: DeviceId, sent: Sent) -> bool:
    """Whether it is surely the next message of an open chain that ``admit`` would take, by what is at hand.

    False says nothing: something must be read first, or there is something to refuse.
    """
    room, known = ports.rooms.known(sent.room), ports.rooms.known_chain(sent.room, device, sent.chain)
    if room is None or known is None or sent.keys:
        return False
    if _is_closed(ports, room):
        return False
    lists = ports.devices.known_of(room.users())
    if lists is None or account not in lists or device not in lists[account].devices:
        return False
    chain, last = known
    follows = last is not None and sent.idx == last + 1
    return follows and _is_newest(room, lists, sent) and _is_for(chain, room, sent) and not _outside(room, lists)


async def admit(ports: Ports, room: Room, message: NewMessage, sent: Sent) -> None:
    """Judge it against the newest lists and roster and its chain, or refuse with what the sender lacks."""
    if room.talk_until is not None and _is_closed(ports, room):
        raise Conflict("room_closed", {"since": stamp(room.talk_until)})
    lists = await ports.devices.newest_of(room.users())
    _check_newest(room, lists, sent)
    own = lists.get(message.account)
    if own is None or message.device not in own.devices:
        raise Unauthenticated("device_unknown")
    chain = await ports.rooms.chain(room.id, message.device, message.chain)
    if chain is None:
        await _open_chain(ports, room, lists, message)
        return
    if not _is_for(chain, room, sent):
        raise Conflict("chain_stale")
    if await _check_index(ports, chain, message) is None:
        await _check_keys(ports, lists, message)
    elif message.keys:
        raise Invalid("bad_keys")


def _is_closed(ports: Ports, room: Room) -> bool:
    """Whether what the room was about is long over."""
    return room.talk_until is not None and ports.clock.now() >= room.talk_until


def _check_newest(room: Room, lists: Lists, sent: Sent) -> None:
    """Encrypted for exactly those who are in the room now, with the devices they have now."""
    if not _is_newest(room, lists, sent):
        raise Conflict("devices_stale", _newer(room, lists, sent))
    if outside := _outside(room, lists):
        raise Conflict("roster_incomplete", {"accounts": sorted(outside)})


def _is_newest(room: Room, lists: Lists, sent: Sent) -> bool:
    if sent.roster != room.roster_version or len(sent.dl) != len(lists):
        return False
    return all(sent.dl.get(account) == known.stamp for account, known in lists.items())


def _is_for(chain: Chain, room: Room, sent: Sent) -> bool:
    """Whether the chain was opened for the people and devices that the message names."""
    return chain.roster_version == room.roster_version and chain.lists == sent.dl


def _outside(room: Room, lists: Lists) -> set[UserId]:
    return lists.keys() - accounts_in(room.roster)


def _newer(room: Room, lists: Lists, sent: Sent) -> dict[str, Any]:
    documents = {account: _document(known) for account, known in lists.items() if sent.dl.get(account) != known.stamp}
    newer: dict[str, Any] = {"lists": documents, "roster_version": room.roster_version}
    return newer if sent.roster == room.roster_version else newer | {"roster": b64.encode(room.roster)}


def _document(known: DeviceList) -> dict[str, Any]:
    return {
        "epoch": known.epoch,
        "version": known.version,
        "cert": b64.encode(known.cert),
        "list": b64.encode(known.devlist),
    }


async def _check_index(ports: Ports, chain: Chain, message: NewMessage) -> int | None:
    """The chain's last index, which this message follows. The device may have used another worker meanwhile."""
    last = await ports.rooms.last_index(chain.room, chain.device, chain.chain)
    try:
        chain.check_next(message.index, last)
    except Conflict:
        last = await ports.rooms.last_index(chain.room, chain.device, chain.chain, fresh=True)
        chain.check_next(message.index, last)
    return last


async def _open_chain(ports: Ports, room: Room, lists: Lists, message: NewMessage) -> None:
    """The first message of a chain brings its keys. It may start anywhere: a client may have discarded a start."""
    await _check_keys(ports, lists, message)
    stamps = {account: known.stamp for account, known in lists.items()}
    chain = Chain(
        room.id, message.device, message.chain, room.roster_version, stamps, message.index, frozenset(message.keys)
    )
    await ports.rooms.open_chain(chain)


async def _check_keys(ports: Ports, lists: Lists, message: NewMessage) -> None:
    """A good packet for every other current device in the room, and for nobody else.

    A device that has not published a prekey cannot be written to; it asks for the keys later.
    """
    current = {device for known in lists.values() for device in known.devices} - {message.device}
    if not message.keys.keys() <= current:
        raise Invalid("bad_keys")
    missing = current - message.keys.keys()
    if missing and (reachable := sorted(await ports.devices.prekeys(missing))):
        raise Conflict("keys_missing", {"devices": reachable})
    for device, raw in message.keys.items():
        _check_packet(device, raw, message)


def _check_packet(to: DeviceId, raw: bytes, message: NewMessage) -> None:
    try:
        packet = KeyPacket.parse(raw)
    except DkxError:
        raise Invalid("bad_keys") from None
    said = (packet.room.hex(), packet.from_dev.hex(), packet.to_dev.hex(), packet.chain)
    if said != (message.room, message.device, to, message.chain):
        raise Invalid("bad_keys")
