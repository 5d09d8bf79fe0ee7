"""The second factor: setting it up, signing in with it, codes that work once, losing the app."""

import asyncio
import time
from datetime import timedelta

import pyotp
import pytest

from crypto.totp import matching_step
from hub.account import Actor
from hub.errors import Conflict, HubError, NotFound, Unauthenticated
from hub.ports import Ports
from hub.usecases.accounts import ChangePassword, RegisterAccount, change_password, register_account
from hub.usecases.factors import (
    ActivateFactor,
    CompleteSession,
    ConfirmSession,
    GetFactor,
    RemoveFactor,
    RenewSpareCodes,
    StartFactor,
    activate_factor,
    complete_session,
    confirm_session,
    get_factor,
    remove_factor,
    renew_spare_codes,
    start_factor,
)
from hub.usecases.sessions import OpenSession, SignedIn, check_session, open_session
from tests.support.world import World

PASSWORD = "sieben Zwerge im Wald"
ANNA = RegisterAccount("anna@example.org", PASSWORD, "anna", "Anna Berg")


@pytest.fixture
def ports(world: World) -> Ports:
    return world.ports


async def sign_in(ports: Ports, password: str = PASSWORD) -> Actor:
    opened = await open_session(ports, OpenSession(ANNA.email, password))
    return await as_actor(ports, opened)


async def as_actor(ports: Ports, opened: SignedIn) -> Actor:
    session = await ports.sessions.get(opened.session)
    assert session is not None
    return Actor(opened.user, opened.session, pending=session.pending, confirmed_at=session.confirmed_at)


def app(secret: str, steps: int = 0) -> str:
    """What the app shows ``steps`` from now."""
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


@pytest.fixture
async def anna(ports: Ports) -> Actor:
    await register_account(ports, ANNA)
    return await sign_in(ports)


@pytest.fixture
async def secret(ports: Ports, anna: Actor) -> str:
    """Anna's app, set up with its code of the step before this one."""
    made = await start_factor(ports, anna, StartFactor())
    await activate_factor(ports, anna, ActivateFactor(app(made.secret, -1)))
    return made.secret


async def test_nothing_counts_before_the_first_right_code(ports: Ports, anna: Actor) -> None:
    made = await start_factor(ports, anna, StartFactor())
    assert "issuer=Dorfkiste" in made.uri
    assert not (await get_factor(ports, anna, GetFactor())).active
    with pytest.raises(Unauthenticated, match="bad_code"):
        await activate_factor(ports, anna, ActivateFactor("000000" if app(made.secret) != "000000" else "111111"))
    assert not (await sign_in(ports)).pending


async def test_a_first_code_needs_a_secret(ports: Ports, anna: Actor) -> None:
    with pytest.raises(NotFound, match="factor_not_found"):
        await activate_factor(ports, anna, ActivateFactor("123456"))
    with pytest.raises(NotFound, match="factor_not_found"):
        await renew_spare_codes(ports, anna, RenewSpareCodes())


async def test_an_active_factor_cannot_be_swapped_unnoticed(ports: Ports, anna: Actor, secret: str) -> None:
    with pytest.raises(Conflict, match="factor_active"):
        await start_factor(ports, anna, StartFactor())
    with pytest.raises(Conflict, match="factor_active"):
        await activate_factor(ports, anna, ActivateFactor(app(secret)))


async def test_a_sign_in_owes_its_second_factor(world: World, ports: Ports, anna: Actor, secret: str) -> None:
    opened = await open_session(ports, OpenSession(ANNA.email, PASSWORD))
    assert opened.pending
    assert (opened.refresh_expires - ports.clock.real()).total_seconds() <= 600
    waiting = await as_actor(ports, opened)
    expires = (await complete_session(ports, waiting, CompleteSession(app(secret)))).expires
    whole = await check_session(ports, waiting)
    assert not whole.pending
    assert abs(whole.expires_at - expires) < timedelta(milliseconds=1)
    assert whole.confirmed_at is not None
    assert [told["code"] for told in world.ear.of("notice")] == ["signed_in", "factor_added", "signed_in"]
    with pytest.raises(Conflict, match="session_complete"):
        await complete_session(ports, await as_actor(ports, opened), CompleteSession(app(secret, 1)))


async def test_a_code_works_once_even_in_parallel(ports: Ports, anna: Actor, secret: str) -> None:
    waiting = [await sign_in(ports) for _ in range(5)]
    code = app(secret)
    asked = (complete_session(ports, actor, CompleteSession(code)) for actor in waiting)
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, HubError)]
    assert [error.code for error in refused] == ["bad_code"] * 4


async def test_a_code_before_the_last_one_used_is_refused(ports: Ports, anna: Actor, secret: str) -> None:
    await complete_session(ports, await sign_in(ports), CompleteSession(app(secret, 1)))
    earlier = app(secret)
    assert matching_step(secret, earlier, int(time.time())) is not None
    with pytest.raises(Unauthenticated, match="bad_code"):
        await complete_session(ports, await sign_in(ports), CompleteSession(earlier))


async def test_a_spare_code_lets_in_once_and_is_told(world: World, ports: Ports, anna: Actor) -> None:
    made = await start_factor(ports, anna, StartFactor())
    codes = await activate_factor(ports, anna, ActivateFactor(app(made.secret)))
    assert len(set(codes)) == 10
    waiting = [await sign_in(ports) for _ in range(4)]
    asked = (complete_session(ports, actor, CompleteSession(codes[3].lower())) for actor in waiting)
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(outcome, HubError) for outcome in outcomes) == 3
    assert "spare_code_used" in [told["code"] for told in world.ear.of("notice")]
    assert (await get_factor(ports, anna, GetFactor())).spare == 9


async def test_new_spare_codes_end_the_old_ones(ports: Ports, anna: Actor) -> None:
    made = await start_factor(ports, anna, StartFactor())
    old = await activate_factor(ports, anna, ActivateFactor(app(made.secret)))
    new = await renew_spare_codes(ports, anna, RenewSpareCodes())
    with pytest.raises(Unauthenticated, match="bad_code"):
        await complete_session(ports, await sign_in(ports), CompleteSession(old[0]))
    await complete_session(ports, await sign_in(ports), CompleteSession(new[0]))


async def test_without_the_factor_the_others_sign_in_anew(ports: Ports, anna: Actor, secret: str) -> None:
    elsewhere = await sign_in(ports)
    await remove_factor(ports, anna, RemoveFactor())
    with pytest.raises(Unauthenticated, match="session_revoked"):
        await check_session(ports, elsewhere)
    assert not (await sign_in(ports)).pending
    await check_session(ports, anna)


async def test_confirming_takes_the_password_and_the_code(ports: Ports, anna: Actor, secret: str) -> None:
    before = (await check_session(ports, anna)).confirmed_at
    for wrong in (ConfirmSession("falsch", app(secret)), ConfirmSession(PASSWORD), ConfirmSession(PASSWORD, "1")):
        with pytest.raises(Unauthenticated):
            await confirm_session(ports, anna, wrong)
    assert (await check_session(ports, anna)).confirmed_at == before
    await confirm_session(ports, anna, ConfirmSession(PASSWORD, app(secret)))
    after = (await check_session(ports, anna)).confirmed_at
    assert before is not None
    assert after is not None
    assert after > before


async def test_another_password_ends_the_other_sessions(ports: Ports, anna: Actor) -> None:
    elsewhere = await sign_in(ports)
    assert await change_password(ports, anna, ChangePassword("hinter den sieben Bergen")) == 1
    with pytest.raises(Unauthenticated, match="session_revoked"):
        await check_session(ports, elsewhere)
    with pytest.raises(Unauthenticated, match="bad_credentials"):
        await sign_in(ports)
    await sign_in(ports, "hinter den sieben Bergen")


@pytest.mark.parametrize(("password", "code"), [("kurz", "bad_password"), ("dorfkiste", "weak_password")])
async def test_a_new_password_is_judged_like_a_first_one(ports: Ports, anna: Actor, password: str, code: str) -> None:
    with pytest.raises(HubError, match=code):
        await change_password(ports, anna, ChangePassword(password))
    await sign_in(ports)
