"""Restricting the use of one's data and objecting to one: kept and not used, and everything back when it is lifted."""

import json

import pytest

from hub.account import Actor, Objection
from hub.errors import Conflict, Forbidden, NotFound
from hub.reliability import Reliability
from hub.rental import State
from hub.usecases._export_parts import parts_of
from hub.usecases.booking import GetRental, get_rental
from hub.usecases.items import GetItem, ListItems, get_item, list_items
from hub.usecases.profiles import GetUser, get_user
from hub.usecases.retention import end_terms
from hub.usecases.reviewing import ListReviews, list_reviews
from hub.usecases.rights import (
    GetRights,
    PutObjection,
    ReleaseAccount,
    RemoveObjection,
    RestrictAccount,
    get_rights,
    put_objection,
    release_account,
    remove_objection,
    restrict_account,
)
from hub.usecases.searching import SearchItems, search_items
from hub.usecases.showing import ShowItem, ShowPerson, show_item, show_person
from tests.support.lending import lend
from tests.support.world import Neighbour, World


async def restrict(world: World, person: Neighbour) -> None:
    await restrict_account(world.ports, person.actor, RestrictAccount())


async def release(world: World, person: Neighbour) -> None:
    await release_account(world.ports, person.actor, ReleaseAccount())


async def noted(world: World, actor: Actor) -> list[str]:
    return [entry.act async for entry in world.ports.audit.concerning(actor.user)]


async def test_strangers_find_neither_the_person_nor_their_things_until_it_is_lifted(world: World) -> None:
    anna, bernd = await world.person("anna"), await world.person()
    item = await world.item(anna)
    await restrict(world, anna)
    looks = (
        (get_user, GetUser(anna.user.id), "user_not_found"),
        (list_reviews, ListReviews(anna.user.id), "user_not_found"),
    )
    for look, command, code in looks:
        with pytest.raises(NotFound, match=code):
            await look(world.ports, bernd.actor, command)
    for show, asked, code in (
        (get_item, GetItem(item.id), "item_not_found"),
        (show_item, ShowItem(item.id, "2026-05"), "item_not_found"),
        (show_person, ShowPerson("anna"), "user_not_found"),
    ):
        with pytest.raises(NotFound, match=code):
            await show(world.ports, asked)
    assert (await search_items(world.ports, SearchItems())).hits == ()
    assert await list_items(world.ports, ListItems(anna.user.id)) == []
    assert (await get_user(world.ports, anna.actor, GetUser(anna.user.id))).user.handle == "anna"
    await release(world, anna)
    assert (await get_user(world.ports, bernd.actor, GetUser(anna.user.id))).user.handle == "anna"
    assert [hit.listing.item.id for hit in (await search_items(world.ports, SearchItems())).hits] == [item.id]


async def test_nothing_new_begins_and_the_other_side_is_not_told_why(world: World) -> None:
    anna, bernd = await world.person(), await world.person()
    hers, his = await world.item(anna), await world.item(bernd)
    await restrict(world, anna)
    with pytest.raises(Forbidden, match="restricted"):
        await world.request(anna, bernd, his)
    with pytest.raises(Conflict, match="item_unavailable"):
        await world.request(bernd, anna, hers)
    await release(world, anna)
    await world.request(bernd, anna, hers)


async def test_what_is_lent_comes_to_its_end(world: World) -> None:
    loan = await lend(world)
    await restrict(world, loan.renter)
    await loan.give_back()
    await loan.confirm()
    loan.later(days=3)
    await world.fire_due()
    sheet = await get_rental(world.ports, loan.owner.actor, GetRental(loan.id))
    assert (sheet.rental.state, sheet.renter.handle) == (State.COMPLETED, loan.renter.user.handle)


async def test_no_term_ends_while_somebody_may_need_what_is_kept(world: World) -> None:
    loan = await lend(world)
    await loan.give_back()
    await loan.confirm()
    loan.later(days=3)
    await world.fire_due()
    await restrict(world, loan.renter)
    loan.later(days=366 * 5)
    assert (await end_terms(world.ports)).rentals == 0
    await release(world, loan.renter)
    assert (await end_terms(world.ports)).rentals == 1


async def test_an_objection_ends_the_figures_and_taking_it_back_brings_them_again(world: World) -> None:
    loan = await lend(world)
    reader, owner = loan.renter.actor, loan.owner
    for _ in range(2):
        other = await world.request(loan.renter, owner, await world.item(owner))
        await world.accept(owner, other)
    known = (await get_user(world.ports, reader, GetUser(owner.user.id))).reliability
    assert known != Reliability()
    told = await put_objection(world.ports, owner.actor, PutObjection(Objection.RELIABILITY))
    assert told.objections == {Objection.RELIABILITY}
    assert (await get_user(world.ports, reader, GetUser(owner.user.id))).reliability == Reliability()
    assert (await show_person(world.ports, ShowPerson(owner.user.handle))).profile.reliability == Reliability()
    await remove_objection(world.ports, owner.actor, RemoveObjection(Objection.RELIABILITY))
    assert (await get_user(world.ports, reader, GetUser(owner.user.id))).reliability == known


async def test_each_step_is_noted_once_and_stands_in_the_copy_of_ones_data(world: World) -> None:
    anna = await world.person(device=False)
    for _ in range(2):
        await restrict(world, anna)
        await put_objection(world.ports, anna.actor, PutObjection(Objection.RELIABILITY))
    assert await noted(world, anna.actor) == ["account_restricted", "objection_made"]
    files = {
        name: b"".join([piece async for piece in made]) for name, made in await parts_of(world.ports, anna.user.id)
    }
    account = json.loads(files["account.json"])
    assert account["restricted_at"]
    assert account["objections"] == ["reliability"]
    for _ in range(2):
        await release(world, anna)
        await remove_objection(world.ports, anna.actor, RemoveObjection(Objection.RELIABILITY))
    assert await noted(world, anna.actor) == [
        "account_restricted", "objection_made", "account_released", "objection_withdrawn",
    ]  # fmt: skip
    rights = await get_rights(world.ports, anna.actor, GetRights())
    assert (rights.restricted_at, rights.objections) == (None, frozenset())
