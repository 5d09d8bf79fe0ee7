"""The first admin is made by a printed secret, once, and never beside another."""

import asyncio
from dataclasses import replace

import pytest

from hub.account import UserRole
from hub.errors import Conflict, HubError, Invalid, NotFound
from hub.usecases.founding import FoundHub, found_hub, offer_setup
from hub.usecases.sessions import OpenSession, open_session
from tests.support.world import World

PASSWORD = "sieben Zwerge im Wald"


async def asking(world: World, **changes: str) -> FoundHub:
    secret = await offer_setup(world.ports)
    assert secret is not None
    return replace(FoundHub(secret, "gesa@example.org", PASSWORD, "gesa", "Gesa"), **changes)


async def test_whoever_has_the_secret_becomes_admin_once(world: World) -> None:
    command = await asking(world)
    await found_hub(world.ports, command)
    opened = await open_session(world.ports, OpenSession("gesa@example.org", PASSWORD))
    user = await world.ports.users.get(opened.user)
    assert user is not None
    assert user.roles == {UserRole.ADMIN}
    with pytest.raises(NotFound, match="slip_not_found"):
        await found_hub(world.ports, replace(command, handle="otto", email="otto@example.org"))
    assert await offer_setup(world.ports) is None


async def test_a_new_secret_ends_the_one_before(world: World) -> None:
    first = await asking(world)
    await asking(world)
    with pytest.raises(NotFound, match="slip_not_found"):
        await found_hub(world.ports, first)


async def test_a_fault_that_can_be_mended_does_not_cost_the_link(world: World) -> None:
    person = await world.person("anna", device=False)
    command = await asking(world)
    for changes, refused, code in (
        ({"password": "kurz"}, Invalid, "bad_password"),
        ({"handle": "A b"}, Invalid, "bad_handle"),
        ({"handle": "anna"}, Conflict, "handle_taken"),
        ({"email": person.user.email}, Conflict, "account_exists"),
    ):
        with pytest.raises(refused, match=code):
            await found_hub(world.ports, replace(command, **changes))
    await found_hub(world.ports, command)


async def test_pressed_twice_at_once_there_is_one_admin(world: World) -> None:
    command = await asking(world)
    attempts = (
        found_hub(world.ports, replace(command, handle=f"gesa{n}", email=f"g{n}@example.org")) for n in range(4)
    )
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(isinstance(outcome, HubError) for outcome in outcomes) == 3
    assert await world.database.users.count_documents({"roles": "admin"}) == 1


async def test_a_secret_does_not_make_a_second_admin(world: World) -> None:
    command = await asking(world)
    person = await world.person(device=False)
    await world.database.users.update_one({"_id": person.user.id}, {"$set": {"roles": ["admin"]}})
    with pytest.raises(NotFound, match="slip_not_found"):
        await found_hub(world.ports, command)
