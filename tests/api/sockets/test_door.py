"""Living on a socket: hello, messages in order, hints to the right people, tokens that end, and leaving."""

import asyncio
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.sockets import door, seat
from api.tells import BY_TELL
from crypto.dkx.roster import Roster
from hub.account import Actor
from hub.ids import RoomId
from storage.servers import Servers
from tests.support.asking import message_payload
from tests.support.live_hub import LiveHub, Village, live_hub, settle
from tests.support.raw_socket import RawSocket
from tests.support.world import Neighbour, Pen, roster


@pytest.fixture
async def fresh(live: LiveHub) -> Village:
    """A village of its own, for tests that write into its room."""
    return await settle(live.world)


async def pen(hub: LiveHub, village: Village, author: Neighbour) -> Pen:
    room = RoomId(village.ids["room"])
    found = await hub.hub.ports.rooms.get(room)
    assert found
    return Pen(hub.world, author, [village.renter, village.owner], room, Roster.parse(found.roster))


def short_token(hub: LiveHub, actor: Actor, seconds: int) -> str:
    signer = hub.hub.ports.tokens._signer  # type: ignore[attr-defined]  # no public way makes a token that short
    return str(signer.issue(actor.user, actor.session, actor.device, ttl_s=seconds, now=int(time.time())))


def sound(event: str, payload: Any) -> Any:
    """The payload, after the documented model has agreed with it."""
    BY_TELL[event].payload.model_validate(payload)
    return payload


async def test_hello_says_who_one_is_and_how_far_the_rooms_are(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as raw:
        hello = sound("hello", raw.hello)
        assert (hello["user"], hello["device"]) == (fresh.owner.user.id, fresh.owner.actor.device)
        assert hello["heads"] == {fresh.ids["room"]: 1}
        assert 0 < hello["exp"] - hello["now"] <= 600_000


async def test_a_message_reaches_both_sides_after_its_keys(live: LiveHub, fresh: Village) -> None:
    writer = await pen(live, fresh, fresh.renter)
    async with live.socket(fresh.owner.actor) as owner, live.socket(fresh.renter.actor) as renter:
        message = message_payload(writer.write("Hallo"))
        ack = await renter.call("message:send", message)
        assert (ack["ok"], ack["seq"]) == (True, 2)
        new = sound("message:new", await owner.heard("message:new"))
        assert "key:new" in [event for event, _ in owner.told]  # it came before
        key = sound("key:new", await owner.heard("key:new"))
        assert (key["chain"], key["pkt"]) == (message["chain"], message["keys"][0]["pkt"])
        assert (new["seq"], new["cid"], new["env"]) == (2, message["cid"], message["env"])
        assert await renter.heard("message:new") == new
        assert "key:new" not in [event for event, _ in renter.told]


async def test_messages_of_one_client_keep_their_order_without_waiting(live: LiveHub, fresh: Village) -> None:
    writer = await pen(live, fresh, fresh.renter)
    async with live.socket(fresh.renter.actor) as raw:
        for number in range(30):
            await raw.emit("message:send", message_payload(writer.write(f"{number}")), number)
        acks = [await raw.ack(number) for number in range(30)]
        assert [ack.get("seq") for ack in acks] == list(range(2, 32)), acks


async def test_the_same_message_again_has_the_same_place(live: LiveHub, fresh: Village) -> None:
    message = message_payload((await pen(live, fresh, fresh.renter)).write())
    async with live.socket(fresh.renter.actor) as raw:
        first = await raw.call("message:send", message)
        again = await raw.call("message:send", message)
        assert again == {**first, "dup": True}


async def test_a_stranger_hears_nothing(live: LiveHub, fresh: Village) -> None:
    writer = await pen(live, fresh, fresh.renter)
    async with live.socket(fresh.stranger.actor) as stranger, live.socket(fresh.renter.actor) as renter:
        await renter.call("message:send", message_payload(writer.write()))
        await renter.call("typing:set", {"room": fresh.ids["room"], "on": True})
        await stranger.call("me:get", {})
        assert stranger.hello["heads"] == {}
        assert stranger.told == []


async def test_a_new_room_is_told_to_people_who_are_already_here(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as owner:
        item = await live.world.item(fresh.owner)
        applied = await live.world.request(fresh.stranger, fresh.owner, item)
        room = applied.sheet.rental.room
        head = sound("room:head", await owner.heard("room:head"))
        assert head == {"room": room, "head": 1}
        made = roster(fresh.stranger, fresh.owner, room)
        found = await live.hub.ports.rooms.get(room)
        assert found
        writer = Pen(live.world, fresh.stranger, [fresh.stranger, fresh.owner], room, Roster.parse(found.roster))
        assert made.version == found.roster_version
        await writer.send(writer.write())
        assert (await owner.heard("message:new"))["room"] == room


async def test_a_rental_that_moves_is_told_to_both(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as owner, live.socket(fresh.renter.actor) as renter:
        asked = {"cmd_id": uuid4().hex, "rental": fresh.ids["rental"], "rev": 1}
        ack = await owner.call("offer:accept", asked)
        assert ack["rental"]["state"] == "confirmed"
        for raw in (owner, renter):
            changed = sound("rental:changed", await raw.heard("rental:changed"))
            assert (changed["state"], changed["item"]["seq"]) == ("confirmed", ack["seq"])


async def test_typing_is_told_and_not_kept(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as owner, live.socket(fresh.renter.actor) as renter:
        assert (await renter.call("typing:set", {"room": fresh.ids["room"], "on": True}))["ok"]
        told = sound("typing:changed", await owner.heard("typing:changed"))
        assert (told["user"], told["on"]) == (fresh.renter.user.id, True)


async def test_receipts_of_a_second_are_told_once(live: LiveHub, fresh: Village) -> None:
    writer = await pen(live, fresh, fresh.renter)
    for _ in range(3):
        await writer.send(writer.write())
    async with live.socket(fresh.owner.actor) as owner, live.socket(fresh.renter.actor) as renter:
        for seq in (2, 3, 4):
            await owner.call("receipt:put", {"room": fresh.ids["room"], "delivered": seq, "read": seq - 1})
        told = sound("receipt:changed", await renter.heard("receipt:changed"))
        assert (told["delivered"], told["read"]) == (4, 3)
        await renter.call("me:get", {})
        assert "receipt:changed" not in [event for event, _ in renter.told]


async def test_neighbours_see_each_other_come(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as owner:
        async with live.socket(fresh.renter.actor):
            told = sound("presence:changed", await owner.heard("presence:changed"))
            assert (told["user"], told["state"]) == (fresh.renter.user.id, "active")
        cursors = {fresh.ids["room"]: 0}
        synced = await owner.call("room:sync", {"cursors": cursors})
        assert synced["presence"][fresh.renter.user.id] == "active"  # most people come back at once


async def test_an_ending_token_is_announced_and_then_ends_the_visit(
    live: LiveHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seat, "GRACE_S", 0.2)
    monkeypatch.setattr(door, "GRACE_S", 0)
    person = await live.world.person(device=False)
    async with RawSocket.connected(live.port, {"v": 1, "token": short_token(live, person.actor, 1)}) as raw:
        assert (await raw.heard("session:expiring"))["in"] <= 1
        assert await raw.heard("bye", within=4) == {"code": "token_expired"}
        assert await raw.until_closed() == 1008


async def test_a_fresh_token_prolongs_the_visit(live: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seat, "GRACE_S", 0.2)
    person = await live.world.person(device=False)
    async with RawSocket.connected(live.port, {"v": 1, "token": short_token(live, person.actor, 1)}) as raw:
        await raw.heard("session:expiring")
        ack = await raw.call("session:refresh", {"token": live.token(person.actor)})
        assert ack["exp"] > time.time() * 1000 + 500_000
        await asyncio.sleep(1.6)
        assert (await raw.call("me:get", {}))["ok"]


async def test_only_a_token_of_the_same_session_prolongs_it(live: LiveHub, fresh: Village) -> None:
    async with live.socket(fresh.owner.actor) as raw:
        for token in (live.token(fresh.renter.actor), "a.b.c"):
            assert (await raw.call("session:refresh", {"token": token}))["error"]["code"] == "bad_token"
        assert (await raw.call("me:get", {}))["ok"]


async def test_a_device_proven_meanwhile_hears_its_keys(live: LiveHub, fresh: Village) -> None:
    person = await live.world.person(device=False)
    async with live.socket(person.actor) as raw:
        await live.world.add_device(person)
        await raw.call("session:refresh", {"token": live.token(person.actor)})
        assert live.hub.sockets.registry.by_device(str(person.actor.device))


async def test_typing_too_often_is_refused_with_the_time_to_wait(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}", rate_limit_factor=1) as strict:
        village = await settle(strict.world)
        async with strict.socket(village.owner.actor) as raw:
            asked = {"room": village.ids["room"], "on": True}
            acks = [await raw.call("typing:set", asked) for _ in range(3)]
            assert [ack["ok"] for ack in acks] == [True, True, False]
            assert acks[2]["error"]["code"] == "rate_limited"
            assert 0 < acks[2]["error"]["after_ms"] <= 3000


async def test_a_hub_that_leaves_says_bye_and_restart(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as leaving:
        person = await leaving.world.person(device=False)
        async with leaving.socket(person.actor) as raw:
            leaving.server.should_exit = True
            assert await raw.heard("bye") == {"code": "draining"}
            assert await raw.until_closed() == 1012
