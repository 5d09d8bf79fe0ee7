"""Signing in, staying signed in over flaky lines, and noticing a stolen refresh token."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.account import Actor
from hub.errors import Conflict, Forbidden, HubError, Invalid, NotFound, Unauthenticated
from hub.ids import SessionId, new_id
from hub.ports import Ports
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.sessions import (
    ListSessions,
    OpenSession,
    RenewSession,
    RevokeOtherSessions,
    RevokeSession,
    SignedIn,
    check_session,
    list_sessions,
    open_session,
    renew_session,
    revoke_other_sessions,
    revoke_session,
)
from tests.support.world import World

PASSWORD = "sieben Zwerge im Wald"
ANNA = RegisterAccount("Anna@Example.org", PASSWORD, "anna", "Anna Berg")


class Counting:
    """Counts how often real Argon2 work was asked for."""

    def __init__(self, ports: Ports) -> None:
        self._passwords = ports.passwords
        self.hashed = self.verified = 0

    async def hash(self, password: str) -> str:
        self.hashed += 1
        return await self._passwords.hash(password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        self.verified += 1
        return await self._passwords.verify(password_hash, password)

    def needs_rehash(self, password_hash: str) -> bool:
        return self._passwords.needs_rehash(password_hash)


def refused(code: str, kind: type[HubError] = Unauthenticated) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


@pytest.fixture
async def ports(world: World) -> Ports:
    await register_account(world.ports, ANNA)
    return world.ports


async def sign_in(ports: Ports, client: str = "test") -> SignedIn:
    return await open_session(ports, OpenSession("anna@example.org", PASSWORD, client))


def actor(tokens: SignedIn) -> Actor:
    return Actor(tokens.user, tokens.session)


async def test_one_signs_in_with_any_spelling_of_the_e_mail(ports: Ports) -> None:
    tokens = await open_session(ports, OpenSession(" ANNA@example.ORG ", PASSWORD))
    session = await check_session(ports, actor(tokens))
    assert session.user == tokens.user


@pytest.mark.parametrize(
    "command", [OpenSession("anna@example.org", "falsch"), OpenSession("nobody@example.org", PASSWORD)]
)
async def test_a_wrong_password_and_an_unknown_e_mail_cost_and_say_the_same(ports: Ports, command: OpenSession) -> None:
    counting = Counting(ports)
    with refused("bad_credentials"):
        await open_session(replace(ports, passwords=counting), command)
    assert (counting.verified, counting.hashed) == (1, 0)


async def test_registering_a_known_e_mail_costs_and_says_the_same(ports: Ports) -> None:
    counting = Counting(ports)
    counted = replace(ports, passwords=counting)
    await register_account(counted, replace(ANNA, handle="anna2", password="eine andere Anna"))
    await register_account(counted, replace(ANNA, handle="anna3", email="new@example.org"))
    assert counting.hashed == 2
    assert (await sign_in(ports)).user
    with refused("bad_credentials"):
        await open_session(ports, OpenSession("anna@example.org", "eine andere Anna"))


async def test_a_taken_handle_is_refused_whatever_the_e_mail(ports: Ports) -> None:
    for email in ("anna@example.org", "new@example.org"):
        with refused("handle_taken", Conflict):
            await register_account(ports, replace(ANNA, email=email))


async def test_what_cannot_be_an_account_is_refused(ports: Ports) -> None:
    otto = replace(ANNA, email="otto@example.org", handle="otto")
    wrong = [
        (replace(otto, password="kurz"), "bad_password"),
        (replace(otto, password="x" * 129), "bad_password"),
        (replace(otto, password="otto@example.org"), "weak_password"),
        (replace(otto, password="DorfKiste"), "weak_password"),
        (replace(otto, handle="a"), "bad_handle"),
        (replace(otto, handle="anna berg"), "bad_handle"),
        (replace(otto, display_name="   "), "bad_display_name"),
        (replace(otto, email="otto"), "bad_email"),
    ]
    for command, code in wrong:
        with refused(code, Invalid):
            await register_account(ports, command)


async def test_a_refresh_token_is_swapped_for_the_next(ports: Ports) -> None:
    first = await sign_in(ports)
    second = await renew_session(ports, RenewSession(first.refresh))
    assert second.session == first.session
    assert second.refresh_expires <= first.refresh_expires
    assert second.refresh != first.refresh
    third = await renew_session(ports, RenewSession(second.refresh))
    assert third.refresh not in {first.refresh, second.refresh}


async def test_parallel_refreshes_agree_on_one_successor(ports: Ports) -> None:
    first = await sign_in(ports)
    answers = await asyncio.gather(*(renew_session(ports, RenewSession(first.refresh)) for _ in range(5)))
    assert len({answer.refresh for answer in answers}) == 1


async def test_an_old_refresh_token_ends_the_session_and_tells_its_owner(world: World, ports: Ports) -> None:
    first = await sign_in(ports)
    second = await renew_session(ports, RenewSession(first.refresh))
    await renew_session(ports, RenewSession(second.refresh))
    with refused("refresh_reused"):
        await renew_session(ports, RenewSession(first.refresh))
    with refused("session_revoked"):
        await check_session(ports, actor(first))
    assert world.ear.of("notice")[-1] == {"code": "refresh_reused", "session": first.session}
    changed = await world.database.changes.find_one({"kind": "session", "id": first.session})
    assert changed is not None


async def test_the_grace_for_a_swapped_token_ends(ports: Ports) -> None:
    strict = replace(ports, policy=replace(ports.policy, refresh_grace_s=0))
    first = await sign_in(strict)
    await renew_session(strict, RenewSession(first.refresh))
    await asyncio.sleep(0.01)
    with refused("refresh_reused"):
        await renew_session(strict, RenewSession(first.refresh))


@pytest.mark.parametrize("token", ["", "x", "0" * 32, new_id() + ".", new_id() + "." + "A" * 43])
async def test_what_is_no_refresh_token_is_refused(ports: Ports, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await renew_session(ports, RenewSession(token))


async def test_the_business_clock_does_not_end_sessions(world: World, ports: Ports) -> None:
    tokens = await sign_in(ports)
    world.clock.moved = timedelta(days=400)
    assert (await check_session(ports, actor(tokens))).id == tokens.session


async def test_one_sees_and_ends_ones_own_sessions_only(ports: Ports) -> None:
    here, there, elsewhere = [await sign_in(ports, name) for name in ("here", "there", "elsewhere")]
    await register_account(ports, replace(ANNA, email="otto@example.org", handle="otto"))
    otto = await open_session(ports, OpenSession("otto@example.org", PASSWORD))
    listed = await list_sessions(ports, actor(here), ListSessions())
    assert ({session.client for session in listed.sessions}, listed.current) == (
        {"here", "there", "elsewhere"},
        here.session,
    )
    for session in (otto.session, SessionId(new_id())):
        with refused("session_not_found", NotFound):
            await revoke_session(ports, actor(here), RevokeSession(session))
    await revoke_session(ports, actor(here), RevokeSession(there.session))
    assert await revoke_other_sessions(ports, actor(here), RevokeOtherSessions()) == 1
    for ended in (there, elsewhere):
        with refused("session_revoked"):
            await renew_session(ports, RenewSession(ended.refresh))
    assert (await check_session(ports, actor(here))).client == "here"


async def test_a_token_of_somebody_else_proves_nothing(ports: Ports) -> None:
    tokens = await sign_in(ports)
    with refused("session_revoked"):
        await check_session(ports, replace(actor(tokens), user=(await _other(ports)).user))


async def _other(ports: Ports) -> SignedIn:
    await register_account(ports, replace(ANNA, email="otto@example.org", handle="otto"))
    return await open_session(ports, OpenSession("otto@example.org", PASSWORD))


async def test_a_suspended_neighbour_cannot_sign_in(world: World, ports: Ports) -> None:
    tokens = await sign_in(ports)
    await world.database.users.update_one({"_id": tokens.user}, {"$set": {"suspended": True}})
    with refused("suspended", Forbidden):
        await sign_in(ports)
    with refused("suspended", Forbidden):
        await renew_session(ports, RenewSession(tokens.refresh))
