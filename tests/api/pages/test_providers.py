"""Signing in with another server: what it says is believed only if it is the right answer to this very question."""

import base64
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx2
import pyotp
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from pymongo import AsyncMongoClient

from api.clients import oidc
from hub.account import Actor, User
from hub.errors import Conflict
from hub.identity import Claimed
from hub.ids import SessionId
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.factors import ActivateFactor, StartFactor, activate_factor, start_factor
from hub.usecases.identities import RemoveIdentity, remove_identity
from storage.servers import Servers
from tests.api.doors.hubs import Worker, hub_at
from tests.support.oidc_provider import CLIENT, SECRET, Provider, fresh_key, running_provider
from tests.support.servers import Document

PASSWORD = "sieben Zwerge im Wald"
SAME = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "de", "Accept": "text/html"}


@pytest.fixture(scope="module")
async def provider() -> AsyncIterator[Provider]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with running_provider(Provider(""), listener) as running:
            yield running


@pytest.fixture(scope="module")
async def here(
    servers: Servers,
    mongo: AsyncMongoClient[Document],
    tmp_path_factory: pytest.TempPathFactory,
    provider: Provider,
) -> AsyncIterator[Worker]:
    known = [
        {"id": "verein", "name": "Dorfverein", "issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET}
    ]
    folder = tmp_path_factory.mktemp("oidc")
    async with hub_at(servers, mongo, folder, "127.0.0.1", oidc_providers=known) as running:
        provider.redirect = f"{running.hub.settings.base_url}/signin/back/verein"
        yield running


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    """Somebody new at a provider without tricks."""
    provider.person = {"sub": uuid4().hex}
    provider.header, provider.claims, provider.sign, provider.iss = {}, {}, None, None
    provider.refused.clear()
    provider.signed.clear()


@asynccontextmanager
async def browser(hub: Worker) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=str(hub.http.base_url), trust_env=False, headers=SAME) as made:
        yield made


async def away(client: httpx2.AsyncClient, query: str = "") -> str:
    """Leave for the provider; where it sends the browser back to."""
    there = await client.get(f"/signin/with/verein{query}")
    assert there.status_code == 303, there.text
    back = await client.get(there.headers["Location"])
    assert back.status_code == 303, back.text
    return str(back.headers["Location"])


async def round_trip(client: httpx2.AsyncClient, query: str = "") -> httpx2.Response:
    return await client.get(await away(client, query))


async def join(client: httpx2.AsyncClient, **fields: str) -> httpx2.Response:
    name = f"n{uuid4().hex[:12]}"
    told = {"handle": name, "display_name": "Otto Neu", "email": f"{name}@example.org", **fields}
    return await client.post("/signin/join", data=told)


async def registered(hub: Worker) -> User:
    name = f"n{uuid4().hex[:12]}"
    await register_account(hub.hub.ports, RegisterAccount(f"{name}@example.org", PASSWORD, name, "Anna Berg"))
    user = await hub.hub.ports.users.by_handle(name)
    assert user is not None
    return user


async def test_somebody_new_joins_and_from_then_on_signs_in(here: Worker, provider: Provider) -> None:
    provider.person |= {
        "email": "otto@example.org",
        "email_verified": True,
        "preferred_username": "Otto",
        "name": "Otto Neu",
    }
    async with browser(here) as client:
        assert "Anmelden mit Dorfverein" in (await client.get("/signin")).text
        arrived = await round_trip(client, "?next=/docs")
        assert arrived.headers["Location"] == "/signin/join"
        form = (await client.get("/signin/join")).text
        assert all(f'value="{told}"' in form for told in ("otto", "Otto Neu", "otto@example.org"))
        bad = await join(client, handle="A b")
        assert (bad.status_code, 'role="alert"' in bad.text) == (422, True)
        done = await join(client, handle="otto-neu", email="otto@example.org")
        assert (done.status_code, "Danke!" in done.text) == (200, True)
        again = await round_trip(client, "?next=/docs")
        assert again.headers["Location"] == "/docs"
        assert "Otto Neu" in (await client.get("/signin")).text
        assert "Dorfverein" in (await client.get("/signin")).text
    user = await here.hub.ports.users.by_handle("otto-neu")
    assert user is not None
    assert user.email_verified
    (linked,) = await here.hub.ports.identities.of(user.id)
    assert (linked.issuer, linked.subject) == (provider.issuer, provider.person["sub"])
    nobody = await here.http.post("/v1/sessions", json={"email": "otto@example.org", "password": ""})
    assert nobody.json()["code"] == "bad_credentials"
    with pytest.raises(Conflict, match="last_way_in"):
        await remove_identity(here.hub.ports, Actor(user.id, SessionId("0" * 32)), RemoveIdentity(linked.id))


async def test_an_e_mail_address_opens_nobody_s_account(here: Worker, provider: Provider) -> None:
    anna = await registered(here)
    provider.person |= {"email": anna.email, "email_verified": True}
    async with browser(here) as client:
        assert (await round_trip(client)).headers["Location"] == "/signin/join"
        assert (await join(client, email=anna.email)).status_code == 200
        assert (await round_trip(client)).headers["Location"] == "/signin/join"
    assert await here.hub.ports.identities.of(anna.id) == []


async def test_an_account_is_linked_by_who_is_signed_in_and_was_just_proven(here: Worker, provider: Provider) -> None:
    anna = await registered(here)
    async with browser(here) as client:
        assert (await client.get("/signin/with/verein?link=1")).status_code == 401
        await client.post("/signin/password", data={"email": anna.email, "password": PASSWORD})
        assert (await round_trip(client, "?link=1")).headers["Location"] == "/signin"
        assert (await client.post("/signin/out", data={"x": ""})).status_code == 303
        assert (await round_trip(client)).headers["Location"] == "/signin"
        assert "Anna Berg" in (await client.get("/signin")).text
        (linked,) = await here.hub.ports.identities.of(anna.id)
        await here.world.database.sessions.update_many({"user": anna.id}, {"$set": {"confirmed_at": None}})
        assert (await client.get("/signin/with/verein?link=1")).status_code == 401
        assert (await client.post("/signin/unlink", data={"identity": linked.id})).status_code == 401
        await client.post("/signin/confirm", data={"password": PASSWORD})
        assert (await client.post("/signin/unlink", data={"identity": linked.id})).status_code == 303
    assert await here.hub.ports.identities.of(anna.id) == []
    kinds = [notice.type for notice in await here.hub.ports.notifications.page(anna.id, None, 9)]
    assert "identity_added" in kinds


async def test_what_is_somebody_s_already_is_not_linked_again(here: Worker, provider: Provider) -> None:
    anna, otto = await registered(here), await registered(here)
    claimed = Claimed("verein", provider.issuer, provider.person["sub"])
    assert await here.hub.ports.identities.add(anna.id, claimed, here.world.clock.real())
    async with browser(here) as client:
        await client.post("/signin/password", data={"email": otto.email, "password": PASSWORD})
        assert (await round_trip(client, "?link=1")).status_code == 409
    assert await here.hub.ports.identities.of(otto.id) == []


async def test_the_second_factor_is_asked_for_all_the_same(here: Worker, provider: Provider) -> None:
    anna = await registered(here)
    claimed = Claimed("verein", provider.issuer, provider.person["sub"])
    assert await here.hub.ports.identities.add(anna.id, claimed, here.world.clock.real())
    by = Actor(anna.id, (await here.world.session(anna)).id)
    made = await start_factor(here.hub.ports, by, StartFactor())
    await activate_factor(here.hub.ports, by, ActivateFactor(pyotp.TOTP(made.secret).at(int(time.time()) - 30)))
    async with browser(here) as client:
        await round_trip(client)
        assert "Zweiter Schritt" in (await client.get("/signin")).text


# Refused


async def refused(here: Worker, client: httpx2.AsyncClient, url: str, status: int) -> None:
    before = await here.world.database.sessions.count_documents({})
    answer = await client.get(url)
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert "session=" not in answer.headers.get("Set-Cookie", "")
    assert await here.world.database.sessions.count_documents({}) == before


async def linked(here: Worker, provider: Provider) -> None:
    """Somebody whom the provider could let in."""
    anna = await registered(here)
    claimed = Claimed("verein", provider.issuer, provider.person["sub"])
    assert await here.hub.ports.identities.add(anna.id, claimed, here.world.clock.real())


async def test_a_state_works_once_and_in_its_own_browser(here: Worker, provider: Provider) -> None:
    await linked(here, provider)
    async with browser(here) as client, browser(here) as stranger:
        url = await away(client)
        await refused(here, stranger, url, 401)
        url = await away(client)
        assert (await client.get(url)).status_code == 303
        await refused(here, client, url, 401)
        await refused(here, client, url.replace("state=", "state=x"), 401)
        await refused(here, client, "/signin/back/verein", 401)


async def test_a_refusal_of_the_provider_is_told(here: Worker, provider: Provider) -> None:
    async with browser(here) as client:
        url = await away(client)
        await refused(here, client, re.sub(r"code=[^&]+", "error=access_denied", url), 401)


async def test_a_code_that_was_used_or_invented_is_refused_there(here: Worker, provider: Provider) -> None:
    await linked(here, provider)
    async with browser(here) as client:
        url = await away(client)
        await refused(here, client, re.sub(r"code=[^&]+", "code=invented", url), 503)
    assert provider.refused == ["invalid_grant: code"]


async def test_a_code_of_another_browser_needs_its_verifier(here: Worker, provider: Provider) -> None:
    """Code injection: the thief has his own state and cookie, but not what was hashed."""
    await linked(here, provider)
    async with browser(here) as anna, browser(here) as thief:
        stolen = parse_qs(urlsplit(await away(anna)).query)["code"][0]
        url = re.sub(r"code=[^&]+", f"code={stolen}", await away(thief))
        await refused(here, thief, url, 503)
    assert provider.refused == ["invalid_grant: verifier"]


@pytest.mark.parametrize("iss", ["https://evil.example", ""])
async def test_an_answer_of_another_issuer_is_not_believed(here: Worker, provider: Provider, iss: str) -> None:
    await linked(here, provider)
    async with browser(here) as client:
        url = await away(client)
        url = re.sub(r"iss=[^&]+", f"iss={iss}" if iss else "x=y", url)
        await refused(here, client, url, 503)


WRONG: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another issuer": {"iss": "https://evil.example"},
    "for another": {"aud": "another"},
    "for several": {"aud": [CLIENT, "another"]},
    "handed on": {"azp": "another"},
    "expired": {"exp": int(time.time()) - 120},
    "old": {"iat": int(time.time()) - 3600},
    "of tomorrow": {"nbf": int(time.time()) + 86_400},
    "no end": {"exp": None},
    "true": {"exp": True},
    "nobody": {"sub": ""},
    "a number": {"sub": 4711},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
async def test_a_token_that_says_something_else_is_not_believed(
    here: Worker, provider: Provider, claims: dict[str, Any]
) -> None:
    await linked(here, provider)
    provider.claims = claims
    async with browser(here) as client:
        await refused(here, client, await away(client), 503)


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = ({**header, "alg": "none"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def spoiled(provider: Provider) -> dict[str, Callable[[dict[str, Any], dict[str, Any]], str]]:
    other, public = fresh_key("k1"), provider.key.as_pem(private=False)
    shared = OctKey.import_key(public.replace(b"-----BEGIN PUBLIC KEY-----", b"").strip())
    own = {"jwk": other.as_dict(private=False)}
    return {
        "unsigned": unsigned,
        "by another key": lambda header, claims: jwt.encode(header, claims, other),
        "by the public key as a secret": lambda header, claims: jwt.encode({**header, "alg": "HS256"}, claims, shared),
        "by a key it brings": lambda header, claims: jwt.encode({**header, **own}, claims, other),
        "by a key elsewhere": lambda header, claims: jwt.encode(
            {**header, "jku": f"{provider.issuer}/keys"}, claims, provider.key
        ),
        "by a file": lambda header, claims: jwt.encode({**header, "kid": "../../dev/null"}, claims, provider.key),
        "by no key": lambda header, claims: jwt.encode({**header, "kid": ""}, claims, provider.key),
        "no token": lambda *_: "x.y.z",
    }


@pytest.mark.parametrize("how", list(spoiled(Provider(""))))
async def test_a_token_that_is_signed_otherwise_is_not_believed(here: Worker, provider: Provider, how: str) -> None:
    await linked(here, provider)
    provider.sign = spoiled(provider)[how]
    async with browser(here) as client:
        await refused(here, client, await away(client), 503)
    assert len(provider.signed) == 1


async def test_a_provider_that_changes_its_keys_is_still_believed(
    here: Worker, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await linked(here, provider)
    async with browser(here) as client:
        assert (await round_trip(client)).status_code == 303
    monkeypatch.setattr(oidc, "KEYS_AGAIN_S", 0.0)
    provider.key = fresh_key("k2")
    async with browser(here) as client:
        assert (await round_trip(client)).status_code == 303


async def test_what_was_made_for_one_browser_lets_no_other_join(here: Worker, provider: Provider) -> None:
    async with browser(here) as client, browser(here) as stranger:
        await round_trip(client)
        slip = client.cookies["newcomer"].partition(".")[0]
        stranger.cookies.set("newcomer", f"{slip}.x")
        assert (await stranger.get("/signin/join")).status_code == 404
        assert (await join(stranger)).status_code == 401
        assert (await join(client)).status_code == 200


async def test_a_provider_nobody_agreed_on_is_no_page(here: Worker) -> None:
    assert (await here.http.get("/signin/with/evil")).status_code == 404
    assert (await here.http.get("/signin/back/evil")).status_code == 404
