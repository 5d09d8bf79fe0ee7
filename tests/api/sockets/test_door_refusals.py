"""Each event is refused to everybody it is not for, and to junk: one typed ack, and the socket lives on."""

import json
from contextlib import AsyncExitStack
from typing import Any

import pytest

from api.protocol import Act
from tests.support.asking import SOCKET, ask_socket, payload
from tests.support.live_hub import LiveHub, Village
from tests.support.raw_socket import RawSocket

PARTY = [row for row in SOCKET if {"party", "owner", "renter"} & set(row.who)]
ROOM = [row for row in SOCKET if "room" in row.who]
DEVICE = [row for row in SOCKET if "device" in row.who]


def named(row: Act) -> str:
    return row.event


def code_of(ack: dict[str, Any]) -> str:
    assert ack["ok"] is False
    assert {"code", "kind"} <= set(ack["error"])
    return str(ack["error"]["code"])


async def alive(raw: RawSocket) -> bool:
    return bool((await raw.call("me:get", {}))["ok"])


@pytest.mark.parametrize("row", PARTY, ids=named)
async def test_to_a_stranger_the_rental_does_not_exist(row: Act, live: LiveHub, village: Village) -> None:
    async with live.socket(village.stranger.actor) as raw:
        assert code_of(await ask_socket(raw, row, payload(row, village.ids))) == "rental_not_found"
        assert await alive(raw)


@pytest.mark.parametrize("row", ROOM, ids=named)
async def test_to_a_stranger_the_room_does_not_exist(row: Act, live: LiveHub, village: Village) -> None:
    async with live.socket(village.stranger.actor) as raw:
        assert code_of(await ask_socket(raw, row, payload(row, village.ids))) == "room_not_found"
        assert await alive(raw)


@pytest.mark.parametrize("row", DEVICE, ids=named)
async def test_a_session_without_a_device_may_not_act_as_one(row: Act, live: LiveHub, village: Village) -> None:
    async with live.socket(village.visitor.actor) as raw:
        assert code_of(await ask_socket(raw, row, payload(row, village.ids))) == "device_required"
        assert await alive(raw)


@pytest.mark.parametrize("row", SOCKET, ids=named)
@pytest.mark.parametrize("junk", [{"$ne": None}, {"cmd_id": 2**70}, {"room": True}, {"a": [[[[1]]]]}], ids=str)
async def test_junk_gets_one_typed_ack_and_changes_nothing(
    row: Act, junk: dict[str, Any], live: LiveHub, village: Village
) -> None:
    async with live.socket(village.owner.actor) as raw:
        assert code_of(await raw.call(row.event, junk)) == "bad_request"
        assert await alive(raw)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('42/hub,7["me:get",{"a":NaN}]', "bad_json"),
        ('42/hub,7["me:get",{"a":"\\ud800"}]', "bad_json"),
        ('42/hub,7["me:get",' + '{"a":' * 20 + "1" + "}" * 20 + "]", "bad_json"),
        ('42/hub,7["me:get"]', "bad_payload"),
        ('42/hub,7["me:get",{},{}]', "bad_payload"),
        ('42/hub,7["me:get",null]', "bad_payload"),
        ('42/hub,7["disconnect",{}]', "unknown_event"),
        ('42/hub,7["connect",{"token":"x"}]', "unknown_event"),
        ('42/hub,7["account:register",{}]', "unknown_event"),
        ('42/hub,7["nothing:like_this",{}]', "unknown_event"),
    ],
)
async def test_a_malformed_event_is_answered_once(frame: str, code: str, live: LiveHub, village: Village) -> None:
    async with live.socket(village.owner.actor) as raw:
        await raw.send(frame)
        assert (await raw.ack(7))["error"]["code"] == code
        assert await alive(raw)


async def refused(live: LiveHub, auth: dict[str, Any]) -> dict[str, Any]:
    """What a refused CONNECT is told; the socket closes behind it."""
    async with RawSocket.open(live.port) as raw:
        await raw.send("40/hub," + json.dumps(auth))
        answer = await raw.packet()
        assert answer.startswith("44/hub,"), answer
        await raw.until_closed()
        said: dict[str, Any] = json.loads(answer.removeprefix("44/hub,"))
        return said


async def test_without_a_token_nobody_comes_in(live: LiveHub) -> None:
    assert (await refused(live, {"v": 1}))["message"] == "bad_token"
    assert (await refused(live, {"v": 1, "token": {"$ne": ""}}))["message"] == "bad_token"
    assert (await refused(live, {"v": 1, "token": "a.b.c"}))["message"] == "bad_token"
    assert (await refused(live, {"v": 1, "token": "x" * 3000}))["message"] == "bad_token"


@pytest.mark.parametrize("version", [None, 0, 2, "1", True, 1.0, 1.5, [1]])
async def test_another_version_is_told_which_ones_are_spoken(version: Any, live: LiveHub, village: Village) -> None:
    said = await refused(live, {"v": version, "token": live.token(village.owner.actor)})
    assert said == {"message": "version", "data": {"min": 1, "max": 1}}


async def test_a_device_must_be_the_one_the_token_proves(live: LiveHub, village: Village) -> None:
    token = live.token(village.visitor.actor)
    assert (await refused(live, {"v": 1, "token": token, "device": "0" * 32}))["message"] == "device_required"
    assert (await refused(live, {"v": 1, "token": token, "device": {"a": 1}}))["message"] == "device_required"


async def test_a_session_that_ended_does_not_connect(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    await live.hub.ports.sessions.revoke([person.actor.session])
    assert (await refused(live, {"v": 1, "token": live.token(person.actor)}))["message"] == "session_revoked"


async def test_a_person_has_so_many_sockets_and_no_more(live: LiveHub) -> None:
    person = await live.world.person(device=False)
    async with AsyncExitStack() as stack:
        for _ in range(live.hub.limits.max_per_user):
            await stack.enter_async_context(live.socket(person.actor))
        said = await refused(live, {"v": 1, "token": live.token(person.actor)})
        assert said["message"] == "too_many_sockets"
    async with live.socket(person.actor) as raw:
        assert await alive(raw)
