"""Signed device lists, proofs and prekeys: what the hub checks before it stores and serves them."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from crypto.dkx.devlist import Device
from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from hub.backup import Backup
from hub.errors import Conflict, HubError, Invalid, NotFound, Unauthenticated
from hub.ids import DeviceId, new_id
from hub.usecases.devices import (
    ListDevices,
    MakeChallenge,
    ProveDevice,
    PublishDevices,
    ResetIdentity,
    list_devices,
    make_challenge,
    prove_device,
    publish_devices,
    reset_identity,
)
from tests.support.world import ORIGIN, Neighbour, World, another_identity, now_ms


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


def fresh_row() -> Device:
    return Device(bytes.fromhex(new_id()), SigningKey.generate().public, BoxKey.generate().public, now_ms())


async def publish(world: World, person: Neighbour, **changes: bytes) -> None:
    assert person.cert is not None
    command = PublishDevices(person.aik.public, person.cert.raw, person.list.raw)
    await publish_devices(world.ports, person.actor, replace(command, **changes))


async def test_a_challenge_is_answered_once_by_a_listed_device(world: World) -> None:
    anna = await world.person()
    made = await make_challenge(world.ports, anna.actor, MakeChallenge())
    assert anna.actor.device is not None
    proof = ProveDevice(anna.actor.device, made.challenge, signing.sign_login(anna.device, made.challenge, ORIGIN))
    token = await prove_device(world.ports, anna.actor, proof)
    assert token.expires_at > world.clock.real()
    with refused("challenge_expired", Unauthenticated):
        await prove_device(world.ports, anna.actor, proof)


async def test_a_challenge_belongs_to_its_session(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    made = await make_challenge(world.ports, anna.actor, MakeChallenge())
    assert bernd.actor.device is not None
    proof = ProveDevice(bernd.actor.device, made.challenge, signing.sign_login(bernd.device, made.challenge, ORIGIN))
    with refused("challenge_expired", Unauthenticated):
        await prove_device(world.ports, bernd.actor, proof)


@pytest.mark.parametrize("wrong", ["origin", "signature", "device", "challenge"])
async def test_a_wrong_proof_is_refused_and_uses_the_challenge_up(world: World, wrong: str) -> None:
    anna = await world.person()
    made = await make_challenge(world.ports, anna.actor, MakeChallenge())
    origin = "https://evil.example" if wrong == "origin" else ORIGIN
    signature = signing.sign_login(anna.device, made.challenge, origin)
    device = DeviceId(new_id()) if wrong == "device" else anna.actor.device
    assert device is not None
    proof = ProveDevice(device, made.challenge, bytes(64) if wrong == "signature" else signature)
    if wrong == "challenge":
        proof = replace(proof, challenge=bytes(32))
    with pytest.raises((Unauthenticated, Conflict)):
        await prove_device(world.ports, anna.actor, proof)
    if wrong != "challenge":
        with refused("challenge_expired", Unauthenticated):
            await prove_device(world.ports, anna.actor, replace(proof, signature=signature))


async def test_a_session_stays_with_its_device(world: World) -> None:
    anna = await world.person()
    first = anna.actor
    await world.add_device(anna)
    made = await make_challenge(world.ports, first, MakeChallenge())
    signature = signing.sign_login(anna.device, made.challenge, ORIGIN)
    assert anna.actor.device is not None
    with refused("device_bound", Conflict):
        await prove_device(world.ports, first, ProveDevice(anna.actor.device, made.challenge, signature))


async def test_the_list_grows_version_by_version_and_neighbours_are_told(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await world.request(bernd, anna, await world.item(anna))
    world.ear.heard.clear()
    await world.add_device(anna)
    told = [audience for audience, event, _ in world.ear.heard if event == "device:changed"]
    assert set(told) == {("user", anna.user.id), ("user", bernd.user.id)}
    history = await list_devices(world.ports, bernd.actor, ListDevices(anna.user.id, 1, 1))
    assert [known.stamp for known in history.lists] == [(1, 2)]
    assert history.aik == anna.aik.public


async def test_publishing_the_same_list_again_is_harmless(world: World) -> None:
    anna = await world.person()
    await publish(world, anna)
    assert len((await list_devices(world.ports, anna.actor, ListDevices(anna.user.id))).lists) == 1


@pytest.mark.parametrize("place", ["gap", "fork", "rollback"])
async def test_a_list_out_of_place_is_refused(world: World, place: str) -> None:
    anna = await world.person()
    first = anna.list
    rows = [*first.devices, fresh_row()]
    second = signing.next_devlist(anna.dlk, first, rows, now_ms=now_ms())
    if place == "gap":
        anna.devlist = signing.next_devlist(anna.dlk, second, rows, now_ms=now_ms())
    else:
        anna.devlist = second
        await publish(world, anna)
        other = signing.next_devlist(anna.dlk, first, [*first.devices, fresh_row()], now_ms=now_ms())
        anna.devlist = other if place == "fork" else first
    with refused(f"devlist_{place}", Conflict):
        await publish(world, anna)


async def test_a_list_must_be_signed_by_its_own_keys(world: World) -> None:
    anna, mallory = await world.person(), await world.person()
    thief = SigningKey.generate()
    anna.devlist = signing.next_devlist(thief, anna.list, [fresh_row()], now_ms=now_ms())
    with refused("devlist_invalid", Invalid):
        await publish(world, anna)
    assert mallory.cert is not None
    with refused("devlist_foreign", Invalid):
        await publish(world, mallory, list=anna.list.raw)
    with refused("identity_fixed", Conflict):
        await publish(world, anna, aik=thief.public)
    with pytest.raises(Invalid):
        await publish(world, anna, cert=mallory.cert.raw)


async def test_a_new_epoch_may_branch_off_before_a_thiefs_list(world: World) -> None:
    anna = await world.person()
    good = anna.list
    anna.devlist = signing.next_devlist(anna.dlk, good, [*good.devices, fresh_row()], now_ms=now_ms())
    await publish(world, anna)
    anna.dlk = SigningKey.generate()
    anna.cert = signing.certify(anna.aik, anna.account, 2, anna.dlk.public, now_ms=now_ms())
    anna.devlist = signing.next_devlist(anna.dlk, good, good.devices, now_ms=now_ms(), epoch=2)
    await publish(world, anna)
    newest = await world.ports.devices.newest(anna.user.id)
    assert newest is not None
    assert newest.stamp == (2, 2)


async def begin_anew(
    world: World, person: Neighbour, *, aik: SigningKey | None = None, epoch: int = 2, **said: bytes
) -> Neighbour:
    """From another session; with the person's own ``aik`` it is no new beginning."""
    fresh = another_identity(person, aik=aik, epoch=epoch)
    fresh.actor = replace(fresh.actor, session=(await world.session(person.user)).id)
    assert fresh.cert is not None
    command = ResetIdentity(fresh.aik.public, fresh.cert.raw, fresh.list.raw)
    await reset_identity(world.ports, fresh.actor, replace(command, **said))
    return fresh


async def test_who_begins_anew_signs_the_old_devices_out_and_the_backup_is_gone(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await world.request(bernd, anna, await world.item(anna))
    await world.ports.backups.replace(anna.user.id, Backup(), Backup(version=1, code=b"sealed"))
    world.ear.heard.clear()
    fresh = await begin_anew(world, anna)
    told = await list_devices(world.ports, bernd.actor, ListDevices(anna.user.id))
    assert (told.aik, [known.stamp for known in told.lists]) == (fresh.aik.public, [(2, 1)])
    assert [one.id for one in await world.ports.sessions.live_of(anna.user.id)] == [fresh.actor.session]
    assert (await world.ports.backups.get(anna.user.id)).code is None
    assert {to for to, event, _ in world.ear.heard if event == "device:changed"} >= {("user", bernd.user.id)}
    (notice,) = await world.ports.notifications.page(anna.user.id, None, 1)
    assert notice.type == "identity_reset"
    assert [note.act async for note in world.ports.audit.concerning(anna.user.id)][-1] == "identity_reset"


async def test_begun_anew_twice_with_the_same_list_it_is_done_once(world: World) -> None:
    anna = await world.person()
    fresh = await begin_anew(world, anna)
    assert fresh.cert is not None
    again = ResetIdentity(fresh.aik.public, fresh.cert.raw, fresh.list.raw)
    await world.ports.backups.replace(anna.user.id, Backup(), Backup(version=1, code=b"the new one"))
    assert (await reset_identity(world.ports, fresh.actor, again)).stamp == (2, 1)
    assert (await world.ports.backups.get(anna.user.id)).code == b"the new one"


async def test_what_is_no_new_beginning_is_refused(world: World) -> None:
    anna, mallory = await world.person(), await world.person()
    with refused("identity_fixed", Conflict):
        await begin_anew(world, anna, aik=anna.aik)
    for epoch in (1, 3):
        with refused("devlist_rollback", Conflict):
            await begin_anew(world, anna, epoch=epoch)
    with refused("devlist_foreign", Invalid):
        await begin_anew(world, anna, list=mallory.list.raw)
    with refused("dlkcert_invalid", Invalid):
        assert anna.cert is not None
        await begin_anew(world, anna, cert=anna.cert.raw)
    nobody = await world.person(device=False)
    with refused("devices_not_found", NotFound):
        await begin_anew(world, nobody)


async def test_of_two_new_beginnings_at_once_one_counts(world: World) -> None:
    anna = await world.person()
    made = await asyncio.gather(*[begin_anew(world, anna) for _ in range(4)], return_exceptions=True)
    assert sorted(isinstance(one, Neighbour) for one in made) == [False, False, False, True]
    assert {one.code for one in made if isinstance(one, HubError)} == {"devlist_rollback"}


async def test_a_device_id_belongs_to_its_first_account(world: World) -> None:
    anna, mallory = await world.person(), await world.person()
    stolen = fresh_row()._replace(id=anna.device.device)
    mallory.devlist = signing.next_devlist(mallory.dlk, mallory.list, [*mallory.list.devices, stolen], now_ms=now_ms())
    with refused("device_taken", Conflict):
        await publish(world, mallory)


async def test_an_account_without_a_device_has_no_lists(world: World) -> None:
    carla = await world.person(device=False)
    with refused("devices_not_found", NotFound):
        await list_devices(world.ports, carla.actor, ListDevices(carla.user.id))
