"""Who is blocked gets nothing new, sees nobody come or go, is not told why, and still ends what runs."""

from typing import Any

import pytest

from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound
from hub.ids import RoomId, UserId, new_id
from hub.presence import PresenceState
from hub.rental import State
from hub.usecases import blocking, booking, messaging
from hub.usecases.presence import BeatPresence, beat_presence
from tests.support.world import Neighbour, World, cmd_id, roster


async def block(world: World, by: Neighbour, whom: Neighbour) -> None:
    await blocking.put_block(world.ports, by.actor, blocking.PutBlock(whom.user.id))


async def unblock(world: World, by: Neighbour, whom: Neighbour) -> None:
    await blocking.remove_block(world.ports, by.actor, blocking.RemoveBlock(whom.user.id))


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def inquire(world: World, renter: Neighbour, owner: Neighbour, item: Any) -> booking.AppliedCommand:
    room = RoomId(new_id())
    asked = booking.InquireRental(cmd_id(), item.id, room, roster(renter, owner, room).raw)
    return await booking.inquire_rental(world.ports, renter.actor, asked)


async def test_nothing_new_either_way_in_words_that_tell_only_who_blocked(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    annas, bernds = await world.item(anna), await world.item(bernd)
    await block(world, anna, bernd)
    for ask in (world.request, lambda *who: inquire(world, *who)):
        with refused("item_unavailable", Conflict):
            await ask(bernd, anna, annas)
        with refused("blocked", Forbidden):
            await ask(anna, bernd, bernds)
    await unblock(world, anna, bernd)
    assert (await world.request(bernd, anna, annas)).sheet.rental.state is State.NEGOTIATING


async def test_the_blocked_meet_the_very_refusal_of_a_thing_that_is_gone(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    blocked_for, gone = await world.item(anna), await world.item(anna)
    await world.database.items.update_one({"_id": gone.id}, {"$set": {"status": "archived"}})
    await block(world, anna, bernd)
    said = []
    for item in (blocked_for, gone):
        with pytest.raises(Conflict) as refusal:
            await world.request(bernd, anna, item)
        said.append((refusal.value.code, refusal.value.data))
    assert said[0] == said[1]


async def test_no_offer_is_accepted_across_a_block(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    await block(world, bernd, anna)
    with refused("wrong_state", Conflict):
        await world.accept(anna, asked)
    await unblock(world, bernd, anna)
    await block(world, anna, bernd)
    with refused("blocked", Forbidden):
        await world.accept(anna, asked)


async def test_what_runs_ends_as_if_there_were_no_block(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    agreed = await world.accept(anna, asked)
    await block(world, anna, bernd)
    rental = agreed.sheet.rental.id
    place = await booking.read_place(world.ports, bernd.actor, booking.ReadPlace(rental))
    assert place.address.startswith("Geheimweg")
    cancel = booking.CancelRental(cmd_id(), rental, "illness")
    assert (await booking.cancel_rental(world.ports, bernd.actor, cancel)).sheet.rental.state is State.CANCELLED


async def test_presence_is_gone_at_once_and_both_ways(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    asked = await world.request(bernd, anna, await world.item(anna))
    for person in (anna, bernd):
        await beat_presence(world.ports, person.actor, BeatPresence(PresenceState.ACTIVE, new_id()))
    sync = messaging.SyncRooms({asked.sheet.rental.room: 0})
    seen = await messaging.sync_rooms(world.ports, bernd.actor, sync)
    assert seen.presence == {anna.user.id: PresenceState.ACTIVE}
    await block(world, anna, bernd)
    for person in (anna, bernd):
        assert (await messaging.sync_rooms(world.ports, person.actor, sync)).presence == {}
    hidden = [(who, payload) for who, event, payload in world.ear.heard if event == "presence:changed"]
    assert [(who, payload["user"], payload["state"]) for who, payload in hidden] == [
        (("user", anna.user.id), bernd.user.id, "unknown"),
        (("user", bernd.user.id), anna.user.id, "unknown"),
    ]


async def test_typing_is_told_to_everybody_but_the_blocked(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    room = (await world.request(bernd, anna, await world.item(anna))).sheet.rental.room
    for by in (anna, bernd):
        await messaging.set_typing(world.ports, by.actor, messaging.SetTyping(room, on=True))
    await block(world, anna, bernd)
    for by in (anna, bernd):
        await messaging.set_typing(world.ports, by.actor, messaging.SetTyping(room, on=True))
    audiences = [who for who, event, _ in world.ear.heard if event == "typing:changed"]
    assert audiences == [("room", room), ("room", room), ("user", anna.user.id), ("user", bernd.user.id)]


async def test_one_sees_ones_own_blocks_and_nobody_elses(world: World) -> None:
    anna, bernd, carla = [await world.person() for _ in range(3)]
    await block(world, anna, bernd)
    await block(world, anna, carla)
    await block(world, anna, bernd)
    listed = await blocking.list_blocks(world.ports, anna.actor, blocking.ListBlocks())
    assert {one.user.id for one in listed} == {bernd.user.id, carla.user.id}
    assert await blocking.list_blocks(world.ports, bernd.actor, blocking.ListBlocks()) == []


async def test_nobody_takes_back_a_block_that_is_not_theirs(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    await block(world, anna, bernd)
    await unblock(world, bernd, anna)
    assert await world.ports.blocks.between(anna.user.id, bernd.user.id) == {anna.user.id}


async def test_neither_oneself_nor_nobody_can_be_blocked(world: World) -> None:
    anna = await world.person()
    with refused("own_account", Invalid):
        await block(world, anna, anna)
    with refused("user_not_found", NotFound):
        await blocking.put_block(world.ports, anna.actor, blocking.PutBlock(UserId(new_id())))


async def test_blocks_have_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocking, "MAX_BLOCKS", 1)
    anna, bernd, carla = [await world.person() for _ in range(3)]
    await block(world, anna, bernd)
    await block(world, anna, bernd)
    with refused("too_many", Invalid):
        await block(world, anna, carla)
