"""What goes through a mailbox: who gets which mail, links that work once, and answers that tell nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from crypto.tokens import slip_hash
from hub.account import Actor
from hub.errors import Conflict, HubError, Invalid, NotFound, Unauthenticated
from hub.mail import Mail
from hub.ports import Ports
from hub.usecases.accounts import RegisterAccount, register_account
from hub.usecases.mailing import (
    ChangeAddress,
    ConfirmAccount,
    ConfirmAddress,
    ForgetPassword,
    ResetPassword,
    address_mail,
    change_address,
    confirm_account,
    confirm_address,
    forget_password,
    reset_password,
)
from hub.usecases.sessions import OpenSession, check_session, open_session
from tests.support.world import World

PASSWORD, OTHER = "sieben Zwerge im Wald", "hinter den sieben Bergen"
ANNA = RegisterAccount("anna@example.org", PASSWORD, "anna", "Anna Berg", "en")


@pytest.fixture
def ports(world: World) -> Ports:
    """Of a hub that can write mails."""
    return replace(world.ports, policy=replace(world.ports.policy, confirm_email=True))


@pytest.fixture
async def anna(ports: Ports) -> Actor:
    await register_account(ports, ANNA)
    await confirm_account(ports, ConfirmAccount((await outgoing(ports)).secret))
    return await sign_in(ports)


async def outgoing(ports: Ports) -> Mail:
    """The next mail that leaves, as it is written; the queue forgets it."""
    mail = await delivered(ports)
    assert mail is not None
    return mail


async def delivered(ports: Ports) -> Mail | None:
    while (held := await ports.post.claim(ports.clock.real())) and held.mail.kind == "arrival":
        await ports.post.sent(held)  # of signing in, which many tests do
    assert held is not None
    await ports.post.sent(held)
    return await address_mail(ports, held)


async def sign_in(ports: Ports, email: str = ANNA.email, password: str = PASSWORD) -> Actor:
    opened = await open_session(ports, OpenSession(email, password))
    return Actor(opened.user, opened.session)


async def test_there_is_no_account_before_its_link_was_followed(ports: Ports) -> None:
    await register_account(ports, ANNA)
    with pytest.raises(Unauthenticated, match="bad_credentials"):
        await sign_in(ports)
    mail = await outgoing(ports)
    assert (mail.kind, mail.to, mail.locale) == ("welcome", "anna@example.org", "en")
    await confirm_account(ports, ConfirmAccount(mail.secret))
    user = await ports.users.get((await sign_in(ports)).user)
    assert user is not None
    assert (user.handle, user.email_verified) == ("anna", True)


async def test_a_known_address_is_told_so_by_mail_alone(ports: Ports, anna: Actor) -> None:
    await register_account(ports, replace(ANNA, handle="otto", password=OTHER))
    mail = await outgoing(ports)
    assert (mail.kind, mail.to, mail.secret) == ("known", "anna@example.org", "")
    with pytest.raises(Unauthenticated, match="bad_credentials"):
        await sign_in(ports, password=OTHER)


async def test_a_handle_that_was_taken_meanwhile_does_not_cost_the_link(ports: Ports) -> None:
    for email in ("anna@example.org", "otto@example.org"):
        await register_account(ports, replace(ANNA, email=email))
    first, second = await outgoing(ports), await outgoing(ports)
    await confirm_account(ports, ConfirmAccount(first.secret))
    with pytest.raises(Conflict, match="handle_taken"):
        await confirm_account(ports, ConfirmAccount(second.secret))
    with pytest.raises(Invalid, match="bad_handle"):
        await confirm_account(ports, ConfirmAccount(second.secret, "A b"))
    await confirm_account(ports, ConfirmAccount(second.secret, "anna-2"))
    await sign_in(ports, second.to)


async def test_a_link_works_once_even_in_parallel(ports: Ports) -> None:
    await register_account(ports, ANNA)
    secret = (await outgoing(ports)).secret
    asked = (confirm_account(ports, ConfirmAccount(secret)) for _ in range(5))
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert [o.code for o in outcomes if isinstance(o, HubError)] == ["slip_not_found"] * 4


@pytest.mark.parametrize("slip", ["", "x", "A" * 43, "\ud800"])
async def test_what_is_no_link_does_nothing(ports: Ports, slip: str) -> None:
    for act in (
        confirm_account(ports, ConfirmAccount(slip)),
        reset_password(ports, ResetPassword(slip, PASSWORD)),
        confirm_address(ports, ConfirmAddress(slip)),
    ):
        with pytest.raises(NotFound, match="slip_not_found"):
            await act


async def test_a_link_is_good_for_its_purpose_and_its_time_only(ports: Ports, anna: Actor) -> None:
    await forget_password(ports, ForgetPassword(ANNA.email))
    secret = (await outgoing(ports)).secret
    with pytest.raises(NotFound):
        await confirm_account(ports, ConfirmAccount(secret))
    late = ports.clock.real() + timedelta(minutes=15, seconds=1)
    assert await ports.slips.take(slip_hash(secret), "password", late) is None
    await reset_password(ports, ResetPassword(secret, OTHER))


async def test_another_password_by_mail_ends_every_session(ports: Ports, anna: Actor) -> None:
    await forget_password(ports, ForgetPassword("Anna@Example.org"))
    mail = await outgoing(ports)
    assert (mail.kind, mail.locale) == ("reset", "en")
    with pytest.raises(Invalid, match="bad_password"):
        await reset_password(ports, ResetPassword(mail.secret, "kurz"))
    await reset_password(ports, ResetPassword(mail.secret, OTHER))
    with pytest.raises(Unauthenticated, match="session_revoked"):
        await check_session(ports, anna)
    with pytest.raises(Unauthenticated, match="bad_credentials"):
        await sign_in(ports)
    await sign_in(ports, password=OTHER)
    assert (await outgoing(ports)).kind == "password"


async def test_who_does_not_live_here_gets_no_mail_and_nobody_sees_a_difference(world: World, ports: Ports) -> None:
    await forget_password(ports, ForgetPassword("niemand@example.org"))
    stored = {name: await world.database[name].count_documents({}) for name in ("mails", "slips")}
    assert stored == {"mails": 1, "slips": 1}
    assert await delivered(ports) is None


async def test_a_new_address_counts_once_its_own_link_was_followed(world: World, ports: Ports, anna: Actor) -> None:
    await change_address(ports, anna, ChangeAddress("Berg@Example.org"))
    mail = await outgoing(ports)
    assert (mail.kind, mail.to) == ("address", "berg@example.org")
    await sign_in(ports)
    await confirm_address(ports, ConfirmAddress(mail.secret))
    await sign_in(ports, "berg@example.org")
    with pytest.raises(Unauthenticated):
        await sign_in(ports)
    told = await outgoing(ports)
    assert (told.kind, told.to) == ("moved", "anna@example.org")
    assert "address_changed" in [notice["code"] for notice in world.ear.of("notice")]


async def test_somebody_elses_address_cannot_be_had(ports: Ports, anna: Actor) -> None:
    await register_account(ports, replace(ANNA, email="otto@example.org", handle="otto"))
    await confirm_account(ports, ConfirmAccount((await outgoing(ports)).secret))
    await change_address(ports, anna, ChangeAddress("otto@example.org"))
    with pytest.raises(NotFound, match="slip_not_found"):
        await confirm_address(ports, ConfirmAddress((await outgoing(ports)).secret))
    await sign_in(ports)


async def test_neither_queue_nor_slips_tell_an_address(world: World, ports: Ports) -> None:
    await register_account(ports, ANNA)
    for name in ("mails", "slips"):
        document = await world.database[name].find_one({})
        assert document is not None
        assert "anna" not in str(document).casefold()
