"""Keeping somebody out: who may, what ends, what they are told, and the way back."""

from dataclasses import replace
from typing import Any

import pytest

from hub.account import UserRole
from hub.errors import Forbidden, HubError, Invalid, NotFound
from hub.ids import UserId, new_id
from hub.ports import Note
from hub.usecases.suspending import RestoreAccount, SuspendAccount, restore_account, suspend_account
from tests.support.world import Neighbour, World

WORDS = "Dreimal nicht zurückgebracht."


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def moderator(world: World, role: UserRole = UserRole.MODERATOR) -> Neighbour:
    person = await world.person()
    await world.ports.users.set_roles(person.user.id, frozenset({role}), Note("role_granted", None, (person.user.id,)))
    return replace(person, actor=replace(person.actor, roles=frozenset({role})))


async def test_a_suspended_person_has_no_sign_in_left_and_is_told_why(world: World) -> None:
    anna, mod = await world.person(), await moderator(world)
    shown = await suspend_account(world.ports, mod.actor, SuspendAccount(anna.user.id, WORDS))
    assert shown.suspended
    assert await world.ports.sessions.live_of(anna.user.id) == []
    assert await world.database.mails.count_documents({}) == 1
    await suspend_account(world.ports, mod.actor, SuspendAccount(anna.user.id, "noch einmal"))
    assert await world.database.mails.count_documents({}) == 1


async def test_the_way_back_is_told_as_well(world: World) -> None:
    anna, mod = await world.person(), await moderator(world)
    await suspend_account(world.ports, mod.actor, SuspendAccount(anna.user.id, WORDS))
    shown = await restore_account(world.ports, mod.actor, RestoreAccount(anna.user.id, "Ein Missverständnis."))
    assert not shown.suspended
    assert await world.database.mails.count_documents({}) == 2


async def test_who_may_not_suspend_anybody_is_refused(world: World) -> None:
    anna, bernd, mod, other = await world.person(), await world.person(), await moderator(world), await moderator(world)
    with refused("role_required", Forbidden):
        await suspend_account(world.ports, bernd.actor, SuspendAccount(anna.user.id, WORDS))
    with refused("own_account", Invalid):
        await suspend_account(world.ports, mod.actor, SuspendAccount(mod.user.id, WORDS))
    with refused("not_your_role", Forbidden):
        await suspend_account(world.ports, mod.actor, SuspendAccount(other.user.id, WORDS))
    with refused("user_not_found", NotFound):
        await suspend_account(world.ports, mod.actor, SuspendAccount(UserId(new_id()), WORDS))


async def test_an_admin_may_suspend_a_moderator(world: World) -> None:
    admin, mod = await moderator(world, UserRole.ADMIN), await moderator(world)
    assert (await suspend_account(world.ports, admin.actor, SuspendAccount(mod.user.id, WORDS))).suspended


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_reasons_are_given_and_not_a_book(words: str) -> None:
    with refused("bad_words", Invalid):
        SuspendAccount(UserId(new_id()), words)
