"""Linking a device: one thing after another, each said once, by the two devices of one account and nobody else."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.account import Actor
from hub.errors import Conflict, HubError, NotFound, Unauthenticated
from hub.ids import LinkId, new_id
from hub.usecases.linking import (
    AnswerLink,
    CloseLink,
    GetLink,
    ListLinks,
    OpenLink,
    RevealLink,
    SealLink,
    answer_link,
    close_link,
    get_link,
    list_links,
    open_link,
    reveal_link,
    seal_link,
)
from tests.support.world import Neighbour, World

COMMIT, EPH, REVEALED, BUNDLE = bytes(32), bytes(31) + b"1", bytes(128), bytes(200)


def refused(code: str, kind: type[HubError]) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def newcomer(world: World, person: Neighbour) -> Actor:
    return Actor(person.user.id, (await world.session(person.user)).id)


async def opened(world: World, *, digits: bool) -> tuple[Neighbour, Actor, LinkId]:
    anna = await world.person()
    fresh, link = await newcomer(world, anna), LinkId(new_id())
    await open_link(world.ports, fresh, OpenLink(link, COMMIT if digits else None))
    return anna, fresh, link


async def test_by_digits_it_goes_commit_answer_reveal_bundle(world: World) -> None:
    anna, fresh, link = await opened(world, digits=True)
    assert [each.id for each in await list_links(world.ports, anna.actor, ListLinks())] == [link]
    await answer_link(world.ports, anna.actor, AnswerLink(link, EPH))
    with refused("link_step", Conflict):
        await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE))
    await reveal_link(world.ports, fresh, RevealLink(link, REVEALED))
    await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE))
    assert (await get_link(world.ports, fresh, GetLink(link))).bundle == BUNDLE
    steps = [told["step"] for told in world.ear.of("link:changed")]
    assert steps == ["opened", "answered", "revealed", "sealed"]


async def test_by_code_nothing_is_revealed(world: World) -> None:
    anna, fresh, link = await opened(world, digits=False)
    with refused("link_step", Conflict):
        await reveal_link(world.ports, fresh, RevealLink(link, REVEALED))
    await answer_link(world.ports, anna.actor, AnswerLink(link, EPH))
    with refused("link_step", Conflict):
        await reveal_link(world.ports, fresh, RevealLink(link, REVEALED))
    await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE))


async def test_each_step_is_taken_once_and_may_be_said_again(world: World) -> None:
    anna, fresh, link = await opened(world, digits=True)
    for _ in range(2):
        await open_link(world.ports, fresh, OpenLink(link, COMMIT))
        await answer_link(world.ports, anna.actor, AnswerLink(link, EPH))
    with refused("link_step", Conflict):
        await answer_link(world.ports, anna.actor, AnswerLink(link, bytes(32)))
    for _ in range(2):
        await reveal_link(world.ports, fresh, RevealLink(link, REVEALED))
    with refused("link_step", Conflict):
        await reveal_link(world.ports, fresh, RevealLink(link, bytes(127) + b"1"))
    for _ in range(2):
        await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE))
    with refused("link_step", Conflict):
        await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE + b"1"))


async def test_only_the_two_devices_take_part(world: World) -> None:
    anna, fresh, link = await opened(world, digits=True)
    bernd, other = await world.person(), await newcomer(world, anna)
    for act, command in (
        (answer_link, AnswerLink(link, EPH)),
        (reveal_link, RevealLink(link, REVEALED)),
        (get_link, GetLink(link)),
    ):
        with refused("link_not_found", NotFound):
            await act(world.ports, bernd.actor, command)  # type: ignore[operator]
    assert await list_links(world.ports, bernd.actor, ListLinks()) == []
    with refused("device_required", Unauthenticated):
        await answer_link(world.ports, fresh, AnswerLink(link, EPH))
    await answer_link(world.ports, anna.actor, AnswerLink(link, EPH))
    with refused("link_not_found", NotFound):
        await reveal_link(world.ports, other, RevealLink(link, REVEALED))
    await world.add_device(anna)
    with refused("link_not_found", NotFound):
        await seal_link(world.ports, anna.actor, SealLink(link, BUNDLE))
    with refused("link_taken", Conflict):
        await open_link(world.ports, other, OpenLink(link, COMMIT))


async def test_it_ends_after_five_minutes_or_when_somebody_thinks_better(world: World) -> None:
    anna, fresh, link = await opened(world, digits=True)
    past = world.clock.real() - timedelta(seconds=1)
    await world.database.links.update_one({"_id": link}, {"$set": {"expires_at": past}})
    with refused("link_not_found", NotFound):
        await answer_link(world.ports, anna.actor, AnswerLink(link, EPH))
    second = LinkId(new_id())
    await open_link(world.ports, fresh, OpenLink(second))
    await close_link(world.ports, replace(anna.actor), CloseLink(second))
    with refused("link_not_found", NotFound):
        await get_link(world.ports, fresh, GetLink(second))


async def test_without_a_first_device_there_is_nothing_to_link_to(world: World) -> None:
    carla = await world.person(device=False)
    with refused("devices_not_found", NotFound):
        await open_link(world.ports, carla.actor, OpenLink(LinkId(new_id())))
