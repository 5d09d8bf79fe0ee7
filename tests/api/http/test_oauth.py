"""Letting a native app in, played by a browser and an app: whoever is not both, or comes twice, gets nothing."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import httpx2
import pytest
from playwright.async_api import Browser
from pymongo import AsyncMongoClient

from crypto.pkce import challenge_of, new_verifier
from hub.grant import App
from hub.usecases.accounts import RegisterAccount, register_account
from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.support.browser_page import Visit
from tests.support.servers import Document

PASSWORD = "sieben Zwerge im Wald"
SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de", "Accept": "text/html"}
APPS = [
    {"id": "dorf-app", "name": "Dorf-App", "redirects": ["http://127.0.0.1/done", "https://app.example/back"]},
    {"id": "other", "name": "Andere", "redirects": ["https://other.example/back"]},
]
CLAIMED = "https://app.example/back"


@pytest.fixture(scope="module")
async def here(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    async with hub_at(servers, mongo, tmp_path_factory.mktemp("oauth"), oauth_apps=APPS) as running:
        yield running


class Asking:
    """An app on its way: ``verifier`` is its secret until it redeems the code."""

    def __init__(self, **changes: str) -> None:
        self.verifier = new_verifier()
        self.query = {
            "response_type": "code",
            "client_id": "dorf-app",
            "redirect_uri": CLAIMED,
            "state": "s" * 20,
            "code_challenge": challenge_of(self.verifier),
            "code_challenge_method": "S256",
            **changes,
        }

    @property
    def path(self) -> str:
        return f"/oauth/authorize?{urlencode(self.query)}"

    def redeeming(self, code: str, **changes: str) -> dict[str, str]:
        told = {"grant_type": "authorization_code", "client_id": "dorf-app", "redirect_uri": self.query["redirect_uri"]}
        return {**told, "code": code, "code_verifier": self.verifier, **changes}


@asynccontextmanager
async def signed_in(here: Worker) -> AsyncIterator[httpx2.AsyncClient]:
    """The browser of somebody who has just signed in."""
    name = f"n{uuid4().hex[:12]}"
    await register_account(here.hub.ports, RegisterAccount(f"{name}@example.org", PASSWORD, name, "Anna Berg"))
    async with httpx2.AsyncClient(base_url=str(here.http.base_url), trust_env=False, headers=SAME) as client:
        await client.post("/signin/password", data={"email": f"{name}@example.org", "password": PASSWORD})
        yield client


async def allowed(client: httpx2.AsyncClient, asking: Asking) -> str:
    """Press yes; the code."""
    answer = await client.post("/oauth/authorize", data={**asking.query, "decision": "allow"})
    assert answer.status_code == 303, answer.text
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told["state"] == [asking.query["state"]]
    return told["code"][0]


async def token(here: Worker, fields: dict[str, str]) -> httpx2.Response:
    return await here.http.post("/oauth/token", data=fields)


async def is_refused(here: Worker, fields: dict[str, str], error: str, status: int = 400) -> None:
    answer = await token(here, fields)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    assert answer.headers["Cache-Control"] == "no-store"


async def me(here: Worker, access: str) -> int:
    return (await here.http.get("/v1/me", headers={"Authorization": f"Bearer {access}"})).status_code


async def test_an_app_gets_tokens_and_never_a_password(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        page = await client.get(asking.path)
        assert all(word in page.text for word in ("Dorf-App", "Anna Berg", "app.example"))
        assert "form-action 'self' https://app.example;" in page.headers["Content-Security-Policy"]
        code = await allowed(client, asking)
    answer = await token(here, asking.redeeming(code))
    told = answer.json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert (told["token_type"], 0 < told["expires_in"] <= 600) == ("Bearer", True)
    assert await me(here, told["access_token"]) == 200
    renewing = {"grant_type": "refresh_token", "client_id": "dorf-app", "refresh_token": told["refresh_token"]}
    await is_refused(here, {**renewing, "client_id": "other"}, "invalid_grant")
    renewed = (await token(here, renewing)).json()
    assert await me(here, renewed["access_token"]) == 200
    sessions = await here.http.get("/v1/sessions", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert "Dorf-App" in [each["client"] for each in sessions.json()["sessions"]]


async def test_the_metadata_says_what_there_is(here: Worker) -> None:
    told = (await here.http.get("/.well-known/oauth-authorization-server")).json()
    base = here.hub.settings.base_url
    assert told["issuer"] == base
    assert told["token_endpoint"] == f"{base}/oauth/token"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["response_types_supported"] == ["code"]
    assert told["authorization_response_iss_parameter_supported"] is True


async def test_who_is_not_signed_in_or_was_not_seen_lately_is_asked_first(here: Worker) -> None:
    asking = Asking()
    nobody = await here.http.get(asking.path)
    assert nobody.status_code == 303
    assert nobody.headers["Location"].startswith("/signin?next=%2Foauth%2Fauthorize")
    async with signed_in(here) as client:
        await here.world.database.sessions.update_many({}, {"$set": {"confirmed_at": None}})
        page = await client.get(asking.path)
        assert "Bist du es?" in page.text
        refused = await client.post("/oauth/authorize", data={**asking.query, "decision": "allow"})
        assert refused.status_code == 401
        wanted = re.findall(r'name="next" value="([^"]+)"', page.text)[0].replace("&amp;", "&")
        back = await client.post("/signin/confirm", data={"password": PASSWORD, "next": wanted})
        assert back.headers["Location"] == wanted
        assert "Dorf-App" in (await client.get(wanted)).text


async def test_no_is_told_to_the_app(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        answer = await client.post("/oauth/authorize", data={**asking.query, "decision": "deny"})
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (told["error"], told["iss"]) == (["access_denied"], [here.hub.settings.base_url])


STRANGE: list[dict[str, str]] = [
    {"client_id": "nobody"},
    {"redirect_uri": "https://evil.example/back"},
    {"redirect_uri": "https://app.example/back/"},
    {"redirect_uri": "https://app.example/back?x=y"},
    {"redirect_uri": "https://app.example.evil.example/back"},
    {"redirect_uri": "https://other.example/back"},
    {"redirect_uri": "http://127.0.0.1:8080/other"},
    {"redirect_uri": "http://127.0.0.1.evil.example/done"},
    {"redirect_uri": "http://localhost:8080/done"},
    {"redirect_uri": "http://127.0.0.1:8080@evil.example/done"},
    {"redirect_uri": ""},
]


@pytest.mark.parametrize("changes", STRANGE, ids=str)
async def test_an_app_or_address_nobody_agreed_on_gets_no_redirect(here: Worker, changes: dict[str, str]) -> None:
    asking = Asking(**changes)
    async with signed_in(here) as client:
        for answer in (
            await client.get(asking.path),
            await client.post("/oauth/authorize", data={**asking.query, "decision": "allow"}),
        ):
            assert (answer.status_code, "Location" in answer.headers) == (422, False)


WRONG: list[tuple[dict[str, str], str]] = [
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge": ""}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"state": "s" * 600}, "invalid_request"),
]


@pytest.mark.parametrize(("changes", "error"), WRONG, ids=str)
async def test_what_is_wrong_goes_back_to_the_app(here: Worker, changes: dict[str, str], error: str) -> None:
    asking = Asking(**changes)
    async with signed_in(here) as client:
        for answer in (
            await client.get(asking.path),
            await client.post("/oauth/authorize", data={**asking.query, "decision": "allow"}),
        ):
            told = parse_qs(urlsplit(answer.headers["Location"]).query)
            assert (told["error"], "code" in told) == ([error], False)


async def test_another_site_cannot_press_yes(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        sent = {**asking.query, "decision": "allow"}
        answer = await client.post("/oauth/authorize", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


async def test_on_the_person_s_own_machine_any_port_will_do(here: Worker) -> None:
    asking = Asking(redirect_uri="http://127.0.0.1:51234/done")
    async with signed_in(here) as client:
        code = await allowed(client, asking)
    assert (await token(here, asking.redeeming(code))).status_code == 200


async def test_a_code_is_redeemed_by_who_asked_for_it_alone(here: Worker) -> None:
    for changes in (
        {"code_verifier": new_verifier()},
        {"redirect_uri": "http://127.0.0.1/done"},
        {"client_id": "other"},
    ):
        asking = Asking()
        async with signed_in(here) as client:
            code = await allowed(client, asking)
        await is_refused(here, asking.redeeming(code, **changes), "invalid_grant")
        await is_refused(here, asking.redeeming(code), "invalid_grant")


async def test_a_code_is_good_for_a_minute(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        code = await allowed(client, asking)
    past = here.world.clock.real()
    await here.world.database.grants.update_many({"used": False}, {"$set": {"expires_at": past}})
    await is_refused(here, asking.redeeming(code), "invalid_grant")


async def test_a_code_that_comes_twice_ends_what_it_had_opened(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        code = await allowed(client, asking)
    told = (await token(here, asking.redeeming(code))).json()
    assert await me(here, told["access_token"]) == 200
    await is_refused(here, asking.redeeming(code), "invalid_grant")
    assert await me(here, told["access_token"]) == 401
    renewing = {"grant_type": "refresh_token", "client_id": "dorf-app", "refresh_token": told["refresh_token"]}
    await is_refused(here, renewing, "invalid_grant")


async def test_a_code_that_comes_several_times_at_once_leaves_nobody_in(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        code = await allowed(client, asking)
    answers = await asyncio.gather(*(token(here, asking.redeeming(code)) for _ in range(6)))
    for answer in answers:
        if answer.status_code == 200:
            assert await me(here, answer.json()["access_token"]) == 401


async def test_a_refresh_token_that_comes_twice_ends_the_app_s_session(here: Worker) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        code = await allowed(client, asking)
    first = (await token(here, asking.redeeming(code))).json()
    renewing = {"grant_type": "refresh_token", "client_id": "dorf-app"}
    second = (await token(here, {**renewing, "refresh_token": first["refresh_token"]})).json()
    third = (await token(here, {**renewing, "refresh_token": second["refresh_token"]})).json()
    await is_refused(here, {**renewing, "refresh_token": first["refresh_token"]}, "invalid_grant")
    assert await me(here, third["access_token"]) == 401


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
async def test_an_app_signs_itself_out(here: Worker, which: str) -> None:
    asking = Asking()
    async with signed_in(here) as client:
        code = await allowed(client, asking)
        told = (await token(here, asking.redeeming(code))).json()
        other = {"token": told[which], "client_id": "other"}
        assert (await here.http.post("/oauth/revoke", data=other)).status_code == 200
        assert await me(here, told["access_token"]) == 200
        own = {"token": told[which], "client_id": "dorf-app"}
        for _ in range(2):
            assert (await here.http.post("/oauth/revoke", data=own)).status_code == 200
        assert await me(here, told["access_token"]) == 401
        assert "Anna Berg" in (await client.get("/signin")).text


ODD: list[tuple[dict[str, str], str, int]] = [
    ({}, "invalid_request", 400),
    ({"grant_type": "authorization_code"}, "invalid_client", 401),
    ({"client_id": "nobody", "grant_type": "authorization_code"}, "invalid_client", 401),
    ({"client_id": "dorf-app"}, "invalid_request", 400),
    ({"client_id": "dorf-app", "grant_type": "password"}, "unsupported_grant_type", 400),
    ({"client_id": "dorf-app", "grant_type": "authorization_code", "code": "x"}, "invalid_request", 400),
    ({"client_id": "dorf-app", "grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant", 400),
    ({"client_id": "dorf-app", "grant_type": "refresh_token", "refresh_token": "0" * 32 + ".x"}, "invalid_grant", 400),
]


@pytest.mark.parametrize(("fields", "error", "status"), ODD, ids=str)
async def test_odd_questions_are_refused_in_the_words_of_the_standard(
    here: Worker, fields: dict[str, str], error: str, status: int
) -> None:
    await is_refused(here, fields, error, status)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"client_id": {"$ne": null}}', "application/json"),
        (b"client_id=dorf-app&client_id=other", "form"),
        (b"a" * 20_000, "form"),
    ],
)
async def test_a_body_that_is_no_small_form_is_refused(here: Worker, content: bytes, kind: str) -> None:
    headers = {"Content-Type": kind.replace("form", "application/x-www-form-urlencoded")}
    for path in ("/oauth/token", "/oauth/revoke"):
        answer = await here.http.post(path, content=content, headers=headers)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


def test_addresses_of_an_app_are_exact_but_for_the_port_of_one_s_own_machine() -> None:
    app = App("a", "A", ("https://a.example/x", "http://127.0.0.1/x", "http://[::1]/x"))
    for good in ("https://a.example/x", "http://127.0.0.1:1/x", "http://127.0.0.1/x", "http://[::1]:65535/x"):
        assert app.may_redirect(good)
    for bad in ("https://a.example:444/x", "http://127.0.0.1:1/y", "http://127.0.0.1:x/x", "http://127.0.0.2:1/x"):
        assert not app.may_redirect(bad)
    assert not replace(app, redirects=("https://a.example/x",)).may_redirect("http://127.0.0.1:1/x")


async def test_in_a_real_browser_yes_leads_back_to_the_app(here: Worker, browser: Browser) -> None:
    name = f"n{uuid4().hex[:12]}"
    await register_account(here.hub.ports, RegisterAccount(f"{name}@example.org", PASSWORD, name, "Anna Berg"))
    got: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def listen(reader: Any, writer: Any) -> None:
        line = (await reader.readline()).decode()
        if not got.done():
            got.set_result(line.split()[1])
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    asking = Asking(redirect_uri=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/done")
    async with server:
        visit = await Visit.of(await browser.new_context(locale="de-DE"))
        await visit.page.goto(here.hub.settings.base_url + asking.path)
        await visit.page.fill("#email", f"{name}@example.org")
        await visit.page.fill("#password", PASSWORD)
        await visit.page.click("form[action^='/signin/password'] button")
        await visit.page.click("button[value=allow]")
        code = parse_qs(urlsplit(await asyncio.wait_for(got, 10)).query)["code"][0]
        assert visit.complaints == []
        await visit.page.context.close()
    assert (await token(here, asking.redeeming(code))).status_code == 200
