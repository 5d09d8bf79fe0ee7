"""Who does not come in, and what they are told."""

import json
from contextlib import AsyncExitStack
from typing import Any

from tests.support.live_hub import LiveHub, Village
from tests.support.raw_socket import RawSocket


async def alive(raw: RawSocket) -> bool:
    return bool((await raw.call("me:get", {}))["ok"])


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
