"""Devices of an account: publishing their signed list, and proving that one is at hand.

Everything signed is verified here before it is stored, so that the hub never serves what a client must refuse. It
cannot vouch for anything either: clients verify all of it again (e2ee.md §3).
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from crypto.dkx import devlist, dlkcert, login
from crypto.dkx.devlist import DevList
from crypto.dkx.dlkcert import DlkCert
from crypto.dkx.error import DkxError
from hub.account import Actor
from hub.errors import Conflict, Invalid, NotFound, Unauthenticated
from hub.ids import DeviceId, UserId
from hub.passkey import Challenge
from hub.ports import AccessToken, Ports, StaleWrite
from hub.room import DeviceList
from hub.usecases._dkx import device_key, now_ms, refusal
from hub.usecases._people import existing
from hub.usecases._signing import note_own, warn_person
from hub.usecases.backups import forget_backup

CHALLENGE_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class MakeChallenge:
    pass


@dataclass(frozen=True, slots=True)
class ProveDevice:
    device: DeviceId
    challenge: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class PublishDevices:
    """``aik`` is the 32-byte identity key; ``cert`` and ``list`` are a DLKCERT and a DEVLIST signed under it."""

    aik: bytes
    cert: bytes
    list: bytes


@dataclass(frozen=True, slots=True)
class ResetIdentity(PublishDevices):
    """The first list under another identity key: version 1 of the epoch after the last one."""


@dataclass(frozen=True, slots=True)
class ListDevices:
    """All lists of ``user`` after (``epoch``, ``version``)."""

    user: UserId
    epoch: int = 0
    version: int = 0


@dataclass(frozen=True, slots=True)
class DeviceHistory:
    account: UserId
    aik: bytes
    lists: Sequence[DeviceList]


async def make_challenge(ports: Ports, actor: Actor, command: MakeChallenge) -> Challenge:  # noqa: ARG001 - shape of an act
    """A challenge for this session: 32 random bytes, five minutes, once."""
    made = Challenge(secrets.token_bytes(login.CHALLENGE), ports.clock.real() + CHALLENGE_LIFE)
    await ports.challenges.add(_bound(actor), made.challenge, made.expires)
    return made


async def prove_device(ports: Ports, actor: Actor, command: ProveDevice) -> AccessToken:
    """Bind the session to a device of the newest list that signed the challenge; answers a token that says so.

    The challenge is used up even when the signature is wrong. A session stays with its device: whoever removes the
    device from the list ends the session, so it must not have moved to another one meanwhile.
    """
    if not await ports.challenges.take(_bound(actor), command.challenge, ports.clock.real()):
        raise Unauthenticated("challenge_expired")
    session = await ports.sessions.get(actor.session)
    if session is None or session.device not in {None, command.device}:
        raise Conflict("device_bound")
    dsk = await device_key(ports, actor.user, command.device)
    account, device = bytes.fromhex(actor.user), bytes.fromhex(command.device)
    try:
        login.verify(
            command.signature,
            dsk,
            challenge=command.challenge,
            origin=ports.policy.origin,
            account=account,
            device=device,
        )
    except DkxError as error:
        raise Unauthenticated(error.code) from error
    await ports.sessions.bind_device(actor.session, command.device)
    return ports.tokens.issue_access(actor.user, actor.session, command.device, actor.roles)


async def publish_devices(ports: Ports, actor: Actor, command: PublishDevices) -> DeviceList:
    """Store the next signed device list of the actor's account; the first one fixes the identity key.

    Devices that are no longer listed lose their sessions, and everybody who shares a room is told.
    """
    before = await ports.devices.newest(actor.user)
    try:
        new = await _verified(ports, actor.user, command, before)
    except DkxError as error:
        raise refusal(error) from error
    if before is not None and new.stamp == before.stamp:
        return before
    try:
        await ports.devices.publish(new, before.stamp if before else None)
    except StaleWrite:
        raise Conflict("devlist_rollback") from None
    await _sign_out(ports, actor.user, set(before.devices if before else ()) - set(new.devices))
    await _tell_neighbours(ports, new)
    return new


async def reset_identity(ports: Ports, actor: Actor, command: ResetIdentity) -> DeviceList:
    """Begin anew under another identity key, for who has neither a device nor the code (security.md N14).

    The devices so far are signed out, the backup, which only the old key opens, is gone, and everybody who shares a
    room is told; none of them writes on before they have decided. NotFound("devices_not_found") for an account that
    never had a device. Said again, it does what may have been cut off.
    """
    before = await ports.devices.newest(actor.user)
    if before is None:
        raise NotFound("devices_not_found")
    try:
        new = _begun_anew(ports, actor.user, command, before)
    except DkxError as error:
        raise refusal(error) from error
    if new.hash != before.hash:
        await forget_backup(ports, actor.user)
        await _publish_anew(ports, actor, new, before)
    listed = await ports.devices.history(actor.user, (0, 0))
    await _sign_out(ports, actor.user, {device for known in listed for device in known.devices} - set(new.devices))
    await _tell_neighbours(ports, new)
    return new


async def _publish_anew(ports: Ports, actor: Actor, new: DeviceList, before: DeviceList) -> None:
    try:
        await ports.devices.publish(new, before.stamp)
    except StaleWrite:
        raise Conflict("devlist_rollback") from None
    await note_own(ports, "identity_reset", actor.user, actor.session)
    user = await existing(ports, actor.user)
    await warn_person(ports, user, "identity_reset", actor.session, new.hash.hex(), mail="keys")


async def list_devices(ports: Ports, actor: Actor, command: ListDevices) -> DeviceHistory:  # noqa: ARG001 - shape of an act
    """The chain of lists a reader has not seen yet, under the identity of now; NotFound without any device."""
    newest = await ports.devices.newest(command.user)
    if newest is None:
        raise NotFound("devices_not_found")
    lists = await ports.devices.history(command.user, (command.epoch, command.version))
    return DeviceHistory(command.user, newest.aik, [known for known in lists if known.aik == newest.aik])


def _bound(actor: Actor) -> str:
    return f"device {actor.session}"


async def _verified(ports: Ports, account: UserId, command: PublishDevices, before: DeviceList | None) -> DeviceList:
    cert, new = DlkCert.parse(command.cert), DevList.parse(command.list)
    if new.account.hex() != account:
        raise Invalid("devlist_foreign")
    if before is not None and before.aik != command.aik:
        raise Conflict("identity_fixed")
    cert.verify(command.aik, now_ms(ports))
    new.verify(cert)
    dlkcert.check_successor(DlkCert.parse(before.cert) if before else None, cert)
    newest = DevList.parse(before.devlist) if before else None
    devlist.check_successor(newest, new, ancestor=await _ancestor(ports, account, new, newest))
    return _device_list(ports, command, new)


def _begun_anew(ports: Ports, account: UserId, command: ResetIdentity, before: DeviceList) -> DeviceList:
    cert, new = DlkCert.parse(command.cert), DevList.parse(command.list)
    if new.account.hex() != account:
        raise Invalid("devlist_foreign")
    cert.verify(command.aik, now_ms(ports))
    new.verify(cert)
    if new.hash == before.hash:
        return before
    if before.aik == command.aik:
        raise Conflict("identity_fixed")
    if new.place != (before.epoch + 1, 1):
        raise Conflict("devlist_rollback")
    return _device_list(ports, command, new)


def _device_list(ports: Ports, command: PublishDevices, new: DevList) -> DeviceList:
    if len(new.devices) > ports.policy.max_devices:
        raise Conflict("too_many_devices", {"max": ports.policy.max_devices})
    devices = tuple(DeviceId(device.id.hex()) for device in new.devices)
    account = UserId(new.account.hex())
    return DeviceList(account, command.aik, new.epoch, new.version, devices, command.cert, command.list, hash=new.hash)


async def _ancestor(ports: Ports, account: UserId, new: DevList, newest: DevList | None) -> DevList | None:
    """The older list that a new epoch branches off, if it does not follow the newest one."""
    if newest is None or new.epoch <= newest.epoch or new.prev_hash == newest.hash:
        return None
    for known in await ports.devices.history(account, (0, 0)):
        if known.hash == new.prev_hash:  # of another identity it would not verify
            return DevList.parse(known.devlist)
    return None


async def _sign_out(ports: Ports, account: UserId, removed: set[DeviceId]) -> None:
    if removed:
        await ports.devices.forget_prekeys(removed)
        sessions = await ports.sessions.live_of(account)
        await ports.sessions.revoke([session.id for session in sessions if session.device in removed])


async def _tell_neighbours(ports: Ports, new: DeviceList) -> None:
    people = {new.account}
    for room_id in await ports.rooms.of(new.account):
        room = await ports.rooms.get(room_id)
        people.update(room.users() if room else ())
    payload = {"account": new.account, "epoch": new.epoch, "version": new.version}
    for person in people:
        ports.publisher.tell(("user", person), "device:changed", payload)
