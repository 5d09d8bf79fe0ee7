"""Prekeys: what a device publishes so that others can give it keys while it is away (e2ee.md §2, §3e)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from crypto.dkx.error import DkxError
from crypto.dkx.spk import Spk
from crypto.dkx.spk import check_successor as check_spk_successor
from hub.account import Actor
from hub.errors import Invalid
from hub.ids import DeviceId, UserId
from hub.ports import OneTime, Ports, Stock
from hub.room import DeviceList
from hub.usecases._dkx import device_key, now_ms, refusal

T = TypeVar("T")

MAX_CLAIMED: Final = 12
MAX_ONE_TIME: Final = 100
"""One-time prekeys of a device that may wait at a time."""
LOW: Final = 20
"""Fewer than these, and the device is told to make more."""


@dataclass(frozen=True, slots=True)
class OneTimePrekey:
    id: int
    key: bytes


@dataclass(frozen=True, slots=True)
class PublishPrekey:
    """``one_time`` are further ones; those numbered below what was published before were published before."""

    spk: bytes
    one_time: tuple[OneTimePrekey, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimPrekeys:
    accounts: tuple[UserId, ...]


@dataclass(frozen=True, slots=True)
class ClaimedKeys:
    """One account's newest list, and of its devices the signed prekeys and what one-time prekeys there are."""

    devices: DeviceList
    prekeys: Mapping[DeviceId, bytes]
    one_time: Mapping[DeviceId, OneTime] = field(default_factory=dict)


async def publish_prekey(ports: Ports, actor: Actor, command: PublishPrekey) -> Stock:
    """Replace the signed prekey of the proven device and add one-time prekeys; answers how many of these wait."""
    device = actor.proven_device()
    dsk = await device_key(ports, actor.user, device)
    before = (await ports.devices.prekeys([device])).get(device)
    try:
        spk = Spk.parse(command.spk)
        spk.verify(dsk, now_ms(ports))
        check_spk_successor(Spk.parse(before) if before else None, spk)
    except DkxError as error:
        raise refusal(error) from error
    if spk.device.hex() != device:
        raise Invalid("spk_invalid")
    await ports.devices.put_prekey(actor.user, device, command.spk, spk.id)
    further = [OneTime(each.id, each.key) for each in command.one_time]
    return await ports.devices.add_one_time(actor.user, device, further, MAX_ONE_TIME)


async def claim_prekeys(ports: Ports, actor: Actor, command: ClaimPrekeys) -> Mapping[UserId, ClaimedKeys]:
    """What it takes to send keys to these accounts; those without a device are absent.

    One-time prekeys are for a device that writes to people it shares a room with, so that no stranger uses them up.
    """
    if len(command.accounts) > MAX_CLAIMED:
        raise Invalid("too_many", {"field": "accounts", "max": MAX_CLAIMED})
    lists = await ports.devices.newest_of(dict.fromkeys(command.accounts))
    prekeys = await ports.devices.prekeys([device for known in lists.values() for device in known.devices])
    one_time = await _one_time(ports, actor, lists)
    return {account: ClaimedKeys(known, _of(known, prekeys), _of(known, one_time)) for account, known in lists.items()}


def _of(known: DeviceList, found: Mapping[DeviceId, T]) -> dict[DeviceId, T]:
    return {device: found[device] for device in known.devices if device in found}


async def _one_time(ports: Ports, actor: Actor, lists: Mapping[UserId, DeviceList]) -> Mapping[DeviceId, OneTime]:
    if actor.device is None:
        return {}
    near = await _neighbours(ports, actor.user)
    wanted = [device for account, known in lists.items() if account in near for device in known.devices]
    taken = await ports.devices.take_one_time(device for device in wanted if device != actor.device)
    await _tell_low(ports, taken)
    return taken


async def _neighbours(ports: Ports, user: UserId) -> set[UserId]:
    rooms = [await ports.rooms.get(room) for room in await ports.rooms.of(user)]
    return {user, *(member for room in rooms if room for member in room.users())}


async def _tell_low(ports: Ports, devices: Iterable[DeviceId]) -> None:
    for device in devices:
        left = await ports.devices.count_one_time(device, LOW)
        if left < LOW:
            ports.publisher.tell(("device", device), "prekey:low", {"left": left})
