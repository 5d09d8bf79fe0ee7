"""Prekeys: the signed one only gets newer; each one-time prekey is given once, and never to a stranger."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from crypto.dkx.sealing import signing
from crypto.dkx.sealing.keys import BoxKey, SigningKey
from hub.errors import Conflict, HubError, Invalid, Unauthenticated
from hub.ids import UserId, new_id
from hub.ports import OneTime
from hub.usecases.devices import PublishDevices, publish_devices
from hub.usecases.prekeys import (
    MAX_ONE_TIME,
    ClaimPrekeys,
    OneTimePrekey,
    PublishPrekey,
    claim_prekeys,
    publish_prekey,
)
from tests.support.world import Neighbour, World, now_ms


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


def batch(first: int, count: int) -> tuple[OneTimePrekey, ...]:
    return tuple(OneTimePrekey(first + n, BoxKey.generate().public) for n in range(count))


def with_more(person: Neighbour, further: tuple[OneTimePrekey, ...]) -> PublishPrekey:
    return PublishPrekey(person.spks[person.device.device].raw, further)


async def two_in_a_room(world: World) -> tuple[Neighbour, Neighbour]:
    anna, bernd = await world.person(), await world.person()
    await world.request(bernd, anna, await world.item(anna))
    return anna, bernd


async def taken(world: World, by: Neighbour, of: Neighbour) -> OneTime | None:
    claimed = await claim_prekeys(world.ports, by.actor, ClaimPrekeys((of.user.id,)))
    assert of.actor.device is not None
    return claimed[of.user.id].one_time.get(of.actor.device)


async def test_a_prekey_is_signed_by_the_device_and_only_gets_newer(world: World) -> None:
    anna = await world.person()

    def command(number: int, own: Any = anna.device) -> PublishPrekey:
        return PublishPrekey(signing.sign_spk(own, number, BoxKey.generate(), now_ms=now_ms()).raw)

    await publish_prekey(world.ports, anna.actor, command(5))
    with refused("spk_old", Conflict):
        await publish_prekey(world.ports, anna.actor, command(4))
    with refused("spk_fork", Conflict):
        await publish_prekey(world.ports, anna.actor, command(5))
    forged = replace(anna.device, dsk=SigningKey.generate())
    with refused("spk_invalid", Invalid):
        await publish_prekey(world.ports, anna.actor, command(6, forged))
    with refused("device_required", Unauthenticated):
        await publish_prekey(world.ports, replace(anna.actor, device=None), command(7))


async def test_prekeys_are_claimed_with_the_list_they_belong_to(world: World) -> None:
    anna, bernd, carla = await world.person(), await world.person(), await world.person(device=False)
    asked = (anna.user.id, carla.user.id, UserId(new_id()))
    claimed = await claim_prekeys(world.ports, bernd.actor, ClaimPrekeys(asked))
    assert set(claimed) == {anna.user.id}
    assert claimed[anna.user.id].prekeys == {anna.actor.device: anna.spks[anna.device.device].raw}
    with refused("too_many", Invalid):
        await claim_prekeys(world.ports, bernd.actor, ClaimPrekeys(asked * 5))


async def test_a_one_time_prekey_is_given_once_the_oldest_first_and_then_there_is_none(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    further = batch(1, 2)
    assert await publish_prekey(world.ports, anna.actor, with_more(anna, further)) == (2, 3)
    assert await taken(world, bernd, anna) == (1, further[0].key)
    assert await taken(world, bernd, anna) == (2, further[1].key)
    assert await taken(world, bernd, anna) is None


async def test_twenty_at_once_get_a_one_time_prekey_each(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    further = batch(1, 23)
    await publish_prekey(world.ports, anna.actor, with_more(anna, further))
    found = await asyncio.gather(*(taken(world, bernd, anna) for _ in range(20)))
    assert sorted(each.id for each in found if each) == sorted({each.id for each in found if each})
    assert len({each.key for each in found if each}) == 20
    assert (await publish_prekey(world.ports, anna.actor, with_more(anna, ()))).left == 3


async def test_what_was_published_before_is_not_published_again(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    further = batch(1, 3)
    await publish_prekey(world.ports, anna.actor, with_more(anna, further))
    await taken(world, bernd, anna)
    assert await publish_prekey(world.ports, anna.actor, with_more(anna, further)) == (2, 4)
    assert await publish_prekey(world.ports, anna.actor, with_more(anna, batch(2, 3))) == (3, 5)


async def test_no_more_wait_than_there_may(world: World) -> None:
    anna = await world.person()
    await publish_prekey(world.ports, anna.actor, with_more(anna, batch(1, MAX_ONE_TIME)))
    with refused("quota_exceeded", Conflict):
        await publish_prekey(world.ports, anna.actor, with_more(anna, batch(MAX_ONE_TIME + 1, 1)))
    assert (await publish_prekey(world.ports, anna.actor, with_more(anna, ()))).next == MAX_ONE_TIME + 1


async def test_a_stranger_and_a_sign_in_without_a_device_use_none_up(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    stranger = await world.person()
    await publish_prekey(world.ports, anna.actor, with_more(anna, batch(1, 1)))
    assert await taken(world, stranger, anna) is None
    assert await taken(world, replace_device(bernd), anna) is None
    assert await taken(world, anna, anna) is None
    assert await taken(world, bernd, anna) is not None


def replace_device(person: Neighbour) -> Neighbour:
    return replace(person, actor=replace(person.actor, device=None))


async def test_a_device_is_told_when_few_are_left(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    await publish_prekey(world.ports, anna.actor, with_more(anna, batch(1, 21)))
    await taken(world, bernd, anna)
    assert not world.ear.of("prekey:low")
    await taken(world, bernd, anna)
    assert world.ear.heard[-1] == (("device", anna.actor.device), "prekey:low", {"left": 19})


async def test_of_a_removed_device_no_prekeys_are_kept(world: World) -> None:
    anna, bernd = await two_in_a_room(world)
    await publish_prekey(world.ports, anna.actor, with_more(anna, batch(1, 2)))
    first = anna.device.device
    await world.add_device(anna)
    kept = [row for row in anna.list.devices if row.id != first]
    anna.devlist = signing.next_devlist(anna.dlk, anna.list, kept, now_ms=now_ms())
    assert anna.cert is not None
    await publish_devices(world.ports, anna.actor, PublishDevices(anna.aik.public, anna.cert.raw, anna.list.raw))
    assert await world.database.one_time_prekeys.count_documents({}) == 0
    claimed = await claim_prekeys(world.ports, bernd.actor, ClaimPrekeys((anna.user.id,)))
    assert first.hex() not in claimed[anna.user.id].prekeys
