"""Keys that a device lacks: who may ask, who is told, who may answer."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from crypto.dkx.roster import Roster
from crypto.dkx.sealing.body import ForwardBody
from crypto.dkx.sealing.keys import Party
from crypto.dkx.sealing.packet import Address, seal
from hub.errors import Forbidden, HubError, Invalid, NotFound
from hub.ids import DeviceId, RoomId, new_id
from hub.usecases.keys import ListWanted, PutKey, RequestKey, list_wanted, put_key, request_key
from tests.support.world import Neighbour, Pen, World, now_ms


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


@dataclass
class Talk:
    """Bernd has written to Anna, who has two devices; ``anna`` acts as the second."""

    world: World
    anna: Neighbour
    first: Neighbour
    bernd: Neighbour
    room: RoomId
    chain: bytes

    @property
    def ask(self) -> RequestKey:
        assert self.bernd.actor.device is not None
        return RequestKey(self.room, self.bernd.actor.device, self.chain)

    def answer(self, by: Neighbour, **changes: Any) -> PutKey:
        """A packet for the second device, made by ``by``."""
        row = self.anna.list.device(self.anna.device.device)
        assert row is not None
        assert self.anna.actor.device is not None
        address = Address(Party(row.id, self.anna.aik.public, row.dsk, row.dbk), self.anna.spks[row.id])
        body = ForwardBody(0, bytes(32), self.anna.aik.public, bytes(32), self.bernd.device.device, now_ms())
        packet = seal(body, by.device, address, room=bytes.fromhex(self.room), chain=self.chain)
        asked = self.ask
        return replace(PutKey(asked.room, asked.device, asked.chain, self.anna.actor.device, packet.raw), **changes)


@pytest.fixture
async def talk(world: World) -> Talk:
    anna, bernd = await world.person(), await world.person()
    ask = world.asking(bernd, anna, item := await world.item(anna))
    await world.request(bernd, anna, item, cmd_id=ask.cmd_id, room=ask.room, roster=ask.roster)
    first = replace(anna)
    await world.add_device(anna)
    pen = Pen(world, bernd, [anna, bernd], ask.room, Roster.parse(ask.roster))
    sent = pen.write()
    await pen.send(sent)
    world.ear.heard.clear()
    return Talk(world, anna, first, bernd, ask.room, sent.chain)


async def test_who_lacks_a_key_asks_its_device_and_ones_own_and_gets_what_they_send(world: World, talk: Talk) -> None:
    answer = await request_key(world.ports, talk.anna.actor, talk.ask)
    assert (answer.asked, answer.packets) == (True, {})
    told = {audience for audience, event, _ in world.ear.heard if event == "key:wanted"}
    assert told == {("device", talk.bernd.actor.device), ("user", talk.anna.user.id)}
    for by in (talk.bernd, talk.first):
        assert [want.to for want in await list_wanted(world.ports, by.actor, ListWanted())] == [talk.anna.actor.device]
        command = talk.answer(by)
        await put_key(world.ports, by.actor, command)
        audience, event, payload = world.ear.heard[-1]
        assert (audience, event) == (("device", talk.anna.actor.device), "key:new")
        assert payload["from_dev"] == talk.bernd.actor.device
        assert await list_wanted(world.ports, by.actor, ListWanted()) == []
    again = await request_key(world.ports, talk.anna.actor, talk.ask)
    assert not again.asked
    assert set(again.packets) == {talk.bernd.actor.device, talk.first.actor.device}


async def test_others_are_told_once_a_minute_and_then_asked_anew(world: World, talk: Talk) -> None:
    await request_key(world.ports, talk.anna.actor, talk.ask)
    await put_key(world.ports, talk.bernd.actor, talk.answer(talk.bernd))
    assert not (await request_key(world.ports, talk.anna.actor, talk.ask)).asked
    assert len(world.ear.of("key:wanted")) == 2
    past = world.clock.real() - timedelta(seconds=61)
    await world.database.key_wants.update_many({}, {"$set": {"asked": past}})
    again = await request_key(world.ports, talk.anna.actor, talk.ask)
    assert (again.asked, len(again.packets)) == (True, 1)
    assert len(await list_wanted(world.ports, talk.bernd.actor, ListWanted())) == 1


async def test_a_device_that_came_after_the_chain_gets_nothing(world: World, talk: Talk) -> None:
    await world.add_device(talk.anna)
    with refused("key_not_meant", Forbidden):
        await request_key(world.ports, talk.anna.actor, talk.ask)


async def test_a_device_that_was_removed_meanwhile_gets_nothing(world: World, talk: Talk) -> None:
    await request_key(world.ports, talk.anna.actor, talk.ask)
    await world.database.device_lists.update_one(
        {"account": talk.anna.user.id, "version": 2}, {"$set": {"devices": [talk.first.actor.device]}}
    )
    world.ports.devices.drop(talk.anna.user.id)  # type: ignore[attr-defined]
    with refused("key_not_meant", Forbidden):
        await put_key(world.ports, talk.bernd.actor, talk.answer(talk.bernd))


async def test_nobody_answers_unasked_or_for_somebody_else(world: World, talk: Talk) -> None:
    with refused("key_not_wanted", NotFound):
        await put_key(world.ports, talk.bernd.actor, talk.answer(talk.bernd))
    await request_key(world.ports, talk.first.actor, talk.ask)
    await request_key(world.ports, talk.anna.actor, talk.ask)
    stranger = await world.person()
    with refused("room_not_found", NotFound):
        await put_key(world.ports, stranger.actor, talk.answer(stranger))
    assert talk.bernd.actor.device is not None
    await world.add_device(talk.bernd)
    with refused("key_not_wanted", NotFound):
        await put_key(world.ports, talk.bernd.actor, talk.answer(talk.bernd))


@pytest.mark.parametrize("wrong", ["room", "device", "chain", "to", "pkt"])
async def test_a_packet_says_the_same_inside_and_outside(world: World, talk: Talk, wrong: str) -> None:
    await request_key(world.ports, talk.anna.actor, talk.ask)
    other = {"room": RoomId(new_id()), "device": DeviceId(new_id()), "chain": bytes(16), "to": DeviceId(new_id())}
    command = talk.answer(talk.bernd, **{wrong: {**other, "pkt": bytes(276)}[wrong]})
    with pytest.raises((Invalid, NotFound)):
        await put_key(world.ports, talk.bernd.actor, command)


async def test_of_a_chain_that_is_none_nobody_asks(world: World, talk: Talk) -> None:
    with refused("chain_not_found", NotFound):
        await request_key(world.ports, talk.anna.actor, replace(talk.ask, chain=bytes(16)))
    stranger = await world.person()
    with refused("room_not_found", NotFound):
        await request_key(world.ports, stranger.actor, talk.ask)
