"""The plain sign-in page: password and code without a script, passkeys in a real browser, nothing for other sites."""

import re
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import pyotp
import pytest
from playwright.async_api import Browser
from pymongo import AsyncMongoClient

from api.pages.browser import local_path
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.factors import ActivateFactor, StartFactor, activate_factor, start_factor
from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.support.browser_page import DESKTOP, PHONE, Visit
from tests.support.servers import Document

PASSWORD = "sieben Zwerge im Wald"
ELSEWHERE: list[dict[str, str]] = [
    *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "none")),
    *({"Origin": origin} for origin in ("https://evil.example", "null")),
    {},
]
SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de"}


@pytest.fixture(scope="module")
async def here(
    servers: Servers, mongo: AsyncMongoClient[Document], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Worker]:
    """A hub that is reached as browsers reach it: by the name that its passkeys are bound to."""
    async with hub_at(servers, mongo, tmp_path_factory.mktemp("signin")) as running:
        yield running


@pytest.fixture
async def anna(here: Worker) -> str:
    """The e-mail of somebody new."""
    name = f"n{uuid4().hex[:12]}"
    command = RegisterAccount(f"{name}@example.org", PASSWORD, name, "Anna Berg")
    await register_account(here.hub.ports, command)
    return command.email


@pytest.fixture
async def client(here: Worker) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{here.port}", trust_env=False, headers=SAME) as made:
        yield made


async def with_app(here: Worker, email: str) -> str:
    """Set up the person's authenticator app; its secret."""
    actor = await here.world.ports.users.credentials(email)
    assert actor is not None
    person = await here.world.session(actor[0])
    by: Any = type("By", (), {"user": actor[0].id, "session": person.id})()
    made = await start_factor(here.hub.ports, by, StartFactor())
    await activate_factor(here.hub.ports, by, ActivateFactor(pyotp.TOTP(made.secret).at(int(time.time()) - 30)))
    return made.secret


# Without a script


async def test_password_and_code_sign_in_without_a_script(here: Worker, anna: str, client: httpx2.AsyncClient) -> None:
    secret = await with_app(here, anna)
    step = await client.post("/signin/password", data={"email": anna, "password": PASSWORD, "next": "/docs"})
    assert (step.status_code, step.headers["Location"]) == (303, "/docs")
    page = await client.get("/signin?next=/docs")
    assert "Zweiter Schritt" in page.text
    wrong = await client.post("/signin/code", data={"code": "000000", "next": "/docs"})
    assert (wrong.status_code, 'role="alert"' in wrong.text, 'value="/docs"' in wrong.text) == (401, True, True)
    done = await client.post("/signin/code", data={"code": pyotp.TOTP(secret).now(), "next": "/docs"})
    assert (done.status_code, done.headers["Location"]) == (303, "/docs")
    assert "Anna Berg" in (await client.get("/signin")).text
    gone_on = await client.get("/signin?next=/docs")
    assert gone_on.headers["Location"] == "/docs"
    await client.post("/signin/out", data={"x": ""})
    assert 'name="password"' in (await client.get("/signin")).text


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(anna: str, client: httpx2.AsyncClient) -> None:
    answer = await client.post("/signin/password", data={"email": anna, "password": PASSWORD})
    cookies = answer.headers.get_list("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "known"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


async def test_scripts_get_a_short_token_for_the_cookie_that_they_cannot_read(
    anna: str, client: httpx2.AsyncClient
) -> None:
    nobody = await client.post("/v1/session/token")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "sign_in_required")
    await client.post("/signin/password", data={"email": anna, "password": PASSWORD})
    answer = await client.post("/v1/session/token")
    lent = answer.json()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert set(lent) == {"user", "session", "access", "access_expires", "pending"}
    bearer = {"Authorization": f"Bearer {lent['access']}"}
    assert (await client.get("/v1/me", headers=bearer)).json()["id"] == lent["user"]
    cookie = client.cookies["session"]
    await client.post("/signin/out", data={"x": ""})
    for kept in (cookie, "made.up", cookie[:-2] + "xx"):
        gone = await client.post("/v1/session/token", headers={"Cookie": f"session={kept}"})
        assert (gone.status_code, "access" in gone.json()) == (401, False)


async def test_a_token_of_a_half_done_sign_in_does_nothing_else(
    here: Worker, anna: str, client: httpx2.AsyncClient
) -> None:
    await with_app(here, anna)
    await client.post("/signin/password", data={"email": anna, "password": PASSWORD})
    lent = (await client.post("/v1/session/token")).json()
    assert lent["pending"]
    refused = await client.get("/v1/me", headers={"Authorization": f"Bearer {lent['access']}"})
    assert (refused.status_code, refused.json()["code"]) == (401, "second_factor_required")


async def test_over_https_cookies_are_bound_to_the_host(hub: Worker) -> None:
    email = f"n{uuid4().hex[:12]}@example.org"
    await register_account(hub.hub.ports, RegisterAccount(email, PASSWORD, email[:13], "Anna"))
    answer = await hub.http.post("/signin/password", data={"email": email, "password": PASSWORD}, headers=SAME)
    cookies = answer.headers.get_list("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-session", "__Host-known"}
    assert all("Secure" in cookie for cookie in cookies)


async def test_who_is_wrong_is_not_told_whether_somebody_lives_here(anna: str, client: httpx2.AsyncClient) -> None:
    texts = set()
    for email in (anna, "niemand@example.org"):
        answer = await client.post("/signin/password", data={"email": email, "password": "falsch geraten"})
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers
        texts.add(answer.text)
    assert len(texts) == 1


@pytest.mark.parametrize("site", ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", ["/signin/password", "/signin/out", "/signin/ask/open", "/v1/session/token"])
async def test_what_another_site_sends_is_refused(here: Worker, anna: str, path: str, site: dict[str, str]) -> None:
    sent = {"email": anna, "password": PASSWORD}
    answer = await here.http.post(path, data=sent, headers=site)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    assert "Set-Cookie" not in answer.headers


async def test_an_old_browser_names_its_origin_instead(here: Worker, anna: str) -> None:
    headers = {"Origin": here.hub.settings.base_url}
    answer = await here.http.post("/signin/password", data={"email": anna, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb", "/ä"])
def test_nobody_is_sent_on_to_another_site(wanted: str) -> None:
    assert local_path(wanted, "") == ""
    assert local_path("/docs?a=b", "") == "/docs?a=b"


async def test_a_form_is_small_and_known(client: httpx2.AsyncClient) -> None:
    assert (await client.post("/signin/password", content=b"a" * 40_000)).status_code == 413
    assert (await client.post("/signin/nothing", data={"a": "b"})).status_code == 404
    assert (await client.post("/signin/ask/nothing")).status_code == 404
    assert (await client.post("/signin/add", data={"name": "x"})).status_code == 401


@pytest.mark.parametrize("cookie", ["x", "a.b", "0" * 32 + "." + "A" * 43, "\xff"])
async def test_a_cookie_that_is_none_is_nobody(here: Worker, cookie: str) -> None:
    answer = await here.http.get("/signin", headers={b"Cookie": f"session={cookie}".encode("latin-1")})
    assert (answer.status_code, 'name="password"' in answer.text) == (200, True)


async def test_a_cookie_ends_with_its_session(here: Worker, anna: str, client: httpx2.AsyncClient) -> None:
    await client.post("/signin/password", data={"email": anna, "password": PASSWORD})
    known = await here.hub.ports.users.credentials(anna)
    assert known is not None
    sessions = await here.hub.ports.sessions.live_of(known[0].id)
    await here.hub.ports.sessions.revoke([session.id for session in sessions])
    assert 'name="password"' in (await client.get("/signin")).text


# In a browser


LOOKS: list[dict[str, Any]] = [
    {"locale": "de-DE", "viewport": PHONE, "color_scheme": "light"},
    {"locale": "en-GB", "viewport": DESKTOP, "color_scheme": "dark"},
]


@pytest.mark.parametrize("look", LOOKS, ids=["phone", "desktop"])
async def test_a_passkey_is_made_and_signs_in_in_a_real_browser(
    here: Worker, browser: Browser, anna: str, look: dict[str, Any]
) -> None:
    context = await browser.new_context(**look)
    visit = await Visit.of(context)
    page, device = visit.page, await visit.authenticator()
    await page.goto(f"{here.hub.settings.base_url}/signin")
    await page.fill("#email", anna)
    await page.fill("#password", PASSWORD)
    await page.click("form[action^='/signin/password'] button")
    await page.fill("#name", "Mein Telefon")
    await page.click("form[data-ask=add] button")
    await page.wait_for_selector("input[value='Mein Telefon']")
    (made,) = await device.passkeys()
    assert made["isResidentCredential"]

    await page.click("form[action^='/signin/out'] button")
    await page.click("form[data-ask=open] button")
    await page.wait_for_selector("input[value='Mein Telefon']")
    (used,) = await device.passkeys()
    assert used["signCount"] > made["signCount"]
    assert await page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")

    await page.click("form[action^='/signin/out'] button")
    await device.lock()
    await page.click("form[data-ask=open] button")
    await page.wait_for_selector("#passkey-trouble:not([hidden])")
    assert visit.complaints == []
    await context.close()


async def test_a_passkey_is_the_second_step_and_a_proof_anew(here: Worker, browser: Browser, anna: str) -> None:
    context = await browser.new_context(locale="de-DE")
    visit = await Visit.of(context)
    page, ports = visit.page, here.hub.ports
    await visit.authenticator()
    await page.goto(f"{here.hub.settings.base_url}/signin")
    await sign_in(page, anna)
    await page.fill("#name", "Schlüssel")
    await page.click("form[data-ask=add] button")
    await page.wait_for_selector("input[value='Schlüssel']")
    await with_app(here, anna)
    await page.click("form[action^='/signin/out'] button")
    await sign_in(page, anna)
    await page.click("form[action^='/signin/code-passkey'] button")
    await page.wait_for_selector("input[value='Schlüssel']")

    known = await ports.users.credentials(anna)
    assert known is not None
    await here.world.database.sessions.update_many({"user": known[0].id}, {"$set": {"confirmed_at": None}})
    await page.reload()
    assert await page.locator("form[action^='/signin/remove']").count() == 0
    await page.click("form[action^='/signin/confirm-passkey'] button")
    await page.click("form[action^='/signin/remove'] button")
    await page.wait_for_selector("form[action^='/signin/remove']", state="detached")
    assert await ports.passkeys.of(known[0].id) == []
    assert visit.complaints == []
    await context.close()


async def sign_in(page: Any, email: str) -> None:
    await page.fill("#email", email)
    await page.fill("#password", PASSWORD)
    await page.click("form[action^='/signin/password'] button")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_page_is_whole_in_both_languages_and_strict(here: Worker, language: str) -> None:
    answer = await here.http.get("/signin", headers={"Accept-Language": language})
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'<html lang="{language}">' in answer.text
    assert re.findall(r"<script[^>]*>", answer.text) == re.findall(
        r'<script type="module" src="/static/[^"]+">', answer.text
    )
    assert not re.search(r"\sstyle=|\son[a-z]+=", answer.text)
