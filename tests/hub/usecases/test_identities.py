"""Joining by another server: addresses are proven as ever, and what the provider said is good once."""

import asyncio
from dataclasses import replace

import pytest

from hub.errors import Conflict, HubError, NotFound, Unauthenticated
from hub.identity import Claimed
from hub.ports import Ports
from hub.usecases.identities import (
    Departure,
    JoinByIdentity,
    arrive,
    depart,
    join_by_identity,
    newcomer,
    open_by_identity,
    remember_newcomer,
)
from hub.usecases.mailing import (
    ConfirmAccount,
    ForgetPassword,
    ResetPassword,
    confirm_account,
    forget_password,
    reset_password,
)
from hub.usecases.sessions import OpenSession, open_session
from tests.support.world import World

CLAIMED = Claimed("verein", "https://id.example", "4711", "otto@example.org", "Otto", "otto")


@pytest.fixture
def ports(world: World) -> Ports:
    """Of a hub that can write mails."""
    return replace(world.ports, policy=replace(world.ports.policy, confirm_email=True))


async def asking(ports: Ports, email: str = "otto@example.org", handle: str = "otto") -> JoinByIdentity:
    return JoinByIdentity(await remember_newcomer(ports, CLAIMED, "mine"), "mine", email, handle, "Otto")


async def mail(ports: Ports) -> tuple[str, str]:
    held = await ports.post.claim(ports.clock.real())
    assert held is not None
    await ports.post.sent(held)
    return held.mail.kind, held.mail.secret


async def known(ports: Ports) -> bool:
    return await open_by_identity(ports, CLAIMED, "web", "") is not None


async def test_an_address_the_provider_has_verified_needs_no_mail(ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports))
    assert await known(ports)
    assert await ports.post.claim(ports.clock.real()) is None


async def test_another_address_is_confirmed_by_mail(ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports, "neu@example.org"))
    assert not await known(ports)
    kind, secret = await mail(ports)
    assert kind == "welcome"
    await confirm_account(ports, ConfirmAccount(secret))
    assert await known(ports)


async def test_a_known_address_is_told_so_by_mail_alone(ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports))
    other = replace(CLAIMED, subject="4712", email="")
    slip = await remember_newcomer(ports, other, "mine")
    await join_by_identity(ports, JoinByIdentity(slip, "mine", "otto@example.org", "otto2", "Otto"))
    assert (await mail(ports))[0] == "known"
    assert await open_by_identity(ports, other, "web", "") is None


async def test_a_fault_that_can_be_mended_does_not_cost_the_slip(ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports))
    other = replace(CLAIMED, subject="4712", email="neu@example.org")
    command = JoinByIdentity(await remember_newcomer(ports, other, "mine"), "mine", "neu@example.org", "otto", "Otto")
    with pytest.raises(Conflict, match="handle_taken"):
        await join_by_identity(ports, command)
    with pytest.raises(Unauthenticated, match="bad_state"):
        await join_by_identity(ports, replace(command, browser="another", handle="neu"))
    assert (await newcomer(ports, command.slip, "mine")).subject == "4712"
    await join_by_identity(ports, replace(command, handle="neu"))
    with pytest.raises(NotFound, match="slip_not_found"):
        await join_by_identity(ports, replace(command, handle="neuer"))


async def test_two_who_join_at_once_by_one_identity_are_one(world: World, ports: Ports) -> None:
    commands = [await asking(ports, handle=f"otto{n}") for n in range(4)]
    await asyncio.gather(*(join_by_identity(ports, command) for command in commands), return_exceptions=True)
    assert await world.database.users.count_documents({}) == 1
    assert await world.database.identities.count_documents({}) == 1


async def test_who_has_no_password_sets_a_first_one_by_mail(ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports))
    for guess in ("", "falsch"):
        with pytest.raises(Unauthenticated, match="bad_credentials"):
            await open_session(ports, OpenSession("otto@example.org", guess))
    await forget_password(ports, ForgetPassword("otto@example.org"))
    _, secret = await mail(ports)
    await reset_password(ports, ResetPassword(secret, "sieben Zwerge im Wald"))
    await open_session(ports, OpenSession("otto@example.org", "sieben Zwerge im Wald"))


async def test_a_departure_returns_once_and_to_its_own_browser_and_provider(ports: Ports) -> None:
    left = await depart(ports, Departure("verein", "mine", "/docs"))
    arrived = await arrive(ports, left.state, "verein", "mine")
    assert (arrived.departure.wanted, arrived.nonce, arrived.verifier) == ("/docs", left.nonce, left.verifier)
    for provider, browser in (("verein", "another"), ("another", "mine")):
        left = await depart(ports, Departure("verein", "mine"))
        with pytest.raises(Unauthenticated, match="bad_state"):
            await arrive(ports, left.state, provider, browser)
        with pytest.raises(Unauthenticated, match="bad_state"):
            await arrive(ports, left.state, "verein", "mine")
    left = await depart(ports, Departure("verein", "mine"))
    outcomes = await asyncio.gather(
        *(arrive(ports, left.state, "verein", "mine") for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, HubError) for outcome in outcomes) == 4


async def test_the_store_holds_neither_issuer_nor_subject_in_the_clear(world: World, ports: Ports) -> None:
    await join_by_identity(ports, await asking(ports))
    document = await world.database.identities.find_one({})
    assert document is not None
    assert "4711" not in str(document["data"])
    assert "id.example" not in str(document)
