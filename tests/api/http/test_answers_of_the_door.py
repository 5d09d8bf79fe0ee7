"""What every answer carries: headers for browsers, limits, health; and what happens to faults and impatient callers."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from hub.account import Actor
from hub.ids import SessionId, UserId
from storage.servers import Servers
from tests.support.asking import code_of
from tests.support.live_hub import LiveHub, Village, live_hub
from tests.support.world import ORIGIN

CANARY = "kanarienvogel"
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/livez", "/readyz", "/v1/items", "/v1/me", "/nowhere", "/openapi.json"]
)
async def test_browsers_are_told_to_be_careful(path: str, live: LiveHub) -> None:
    headers = (await live.call("GET", path)).headers
    assert EVERYWHERE.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src" not in policy or "script-src 'self'; connect-src 'self'" in policy
    assert "server" not in headers


async def test_private_answers_are_not_kept(live: LiveHub, village: Village) -> None:
    answer = await live.call("GET", "/v1/me", village.owner.actor)
    assert answer.headers["cache-control"] == "no-store"


async def test_only_listed_origins_may_read_along(live: LiveHub) -> None:
    ours = await live.call("GET", "/v1/items", headers={"Origin": ORIGIN})
    assert ours.headers["access-control-allow-origin"] == ORIGIN
    for foreign in ("https://evil.example", "null", f"{ORIGIN}.evil.example", "http://kiste.example"):
        answer = await live.call("GET", "/v1/items", headers={"Origin": foreign})
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]


async def test_a_preflight_is_answered_without_a_token(live: LiveHub) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
    answer = await live.call("OPTIONS", "/v1/prekeys", headers=headers)
    assert answer.status_code == 204
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert "authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


async def test_acts_are_refused_over_plain_http_where_the_hub_is_public(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}", environment="prod") as public:
        answer = await public.call("GET", "/v1/items")
        assert (answer.status_code, code_of(answer)) == (403, "https_required")
        assert (await public.call("GET", "/readyz")).status_code == 200


async def test_too_much_is_answered_with_the_time_to_wait(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}", rate_limit_factor=1) as strict:
        guess = {"email": "anna@example.org", "password": "falsch-geraten"}
        answers = [await strict.call("POST", "/v1/sessions", json=guess) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert int(answers[5].headers["retry-after"]) > 0
        assert answers[5].headers["ratelimit"].startswith('"sign_in";r=0;t=')
        assert answers[5].json()["after_ms"] > 0
        other = await strict.call("POST", "/v1/sessions", json={**guess, "email": "bernd@example.org"})
        assert other.status_code == 401


async def test_an_answer_names_its_limits(live: LiveHub, village: Village) -> None:
    answer = await live.call("GET", "/v1/me", village.owner.actor)
    assert answer.headers["ratelimit-policy"] == '"read";q=300;w=60'


async def test_a_hub_that_leaves_is_alive_but_not_ready(servers: Servers, tmp_path: Path) -> None:
    async with live_hub(servers, tmp_path, f"t{uuid4().hex}") as leaving:
        assert (await leaving.call("GET", "/readyz")).json()["status"] == "ready"
        leaving.hub.drain()
        answer = await leaving.call("GET", "/readyz")
        assert (answer.status_code, answer.json()["worker"]) == (503, "draining")
        assert (await leaving.call("GET", "/livez")).status_code == 200


async def test_without_redis_the_hub_is_ready_and_says_what_is_missing(servers: Servers, tmp_path: Path) -> None:
    away = replace(servers, redis_url="unix:///nowhere.sock")
    async with live_hub(away, tmp_path, f"t{uuid4().hex}") as lonely:
        answer = await lonely.call("GET", "/readyz")
        assert (answer.status_code, answer.json()["redis"]) == (200, "away")
        person = await lonely.world.person(device=False)
        assert (await lonely.call("GET", "/v1/me", person.actor)).status_code == 200


async def test_our_own_fault_is_logged_once_under_the_id_that_is_told(
    live: LiveHub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(type(live.hub.ports.items), "page", broken)
    with caplog.at_level(logging.ERROR):
        answer = await live.call("GET", "/v1/items")
    assert (answer.status_code, code_of(answer)) == (500, "internal")
    [line] = [record.getMessage() for record in caplog.records if record.name == "dorfkiste.http"]
    assert answer.json()["id"] in line
    assert CANARY not in line + answer.text


async def test_an_act_ends_although_its_caller_has_gone(live: LiveHub, monkeypatch: pytest.MonkeyPatch) -> None:
    person = await live.world.person(device=False)
    begun, may_end = asyncio.Event(), asyncio.Event()
    store = type(live.hub.ports.sessions)
    really = store.revoke

    async def slowly(self: object, sessions: list[SessionId]) -> None:
        begun.set()
        await may_end.wait()
        await really(self, sessions)  # type: ignore[arg-type]  # bound by hand

    monkeypatch.setattr(store, "revoke", slowly)
    impatient = asyncio.create_task(live.call("DELETE", f"/v1/sessions/{person.actor.session}", person.actor))
    await begun.wait()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    await asyncio.sleep(0.1)
    may_end.set()
    assert await revoked(live, person.actor.session)


async def revoked(live: LiveHub, session: SessionId) -> bool:
    for _ in range(100):
        found = await live.hub.ports.sessions.get(session)
        if found and found.revoked:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_token_for_nobody_is_no_token(live: LiveHub) -> None:
    nobody = Actor(UserId("0" * 32), SessionId("0" * 32))
    assert code_of(await live.call("GET", "/v1/me", nobody)) == "session_revoked"
