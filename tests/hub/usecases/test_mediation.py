"""Moderators: under their own name, in the audit log, and never in their own matter."""

from dataclasses import replace
from typing import Any

import pytest

from hub.account import Actor
from hub.errors import Conflict, Forbidden, HubError
from hub.rental import State, told
from hub.usecases.mediation import (
    CancelForParties,
    CloseRental,
    DecideDispute,
    GetDispute,
    ListDisputes,
    cancel_for_parties,
    close_rental,
    decide_dispute,
    get_dispute,
    list_disputes,
)
from hub.usecases.upkeep import compare_calendars
from tests.support.lending import agree, appoint, lend
from tests.support.world import World


def refused(code: str, kind: type[HubError] = Conflict) -> Any:
    return pytest.raises(kind, match=f"^{code}$")


async def test_a_moderator_decides_a_case_and_says_why(world: World) -> None:
    loan, moderator = await lend(world), await appoint(world)
    await loan.report()
    (listed,) = await list_disputes(world.ports, moderator.actor, ListDisputes())
    assert listed.rental.id == loan.id
    assert listed.allowed_actions == ("mod_close", "decide_case")
    command = loan.order(DecideDispute, 1, 1500, "Ein Kratzer war schon da.")
    decided = (await decide_dispute(world.ports, moderator.actor, command)).sheet.rental
    assert told(decided)["deposit"] == {"state": "partly_kept", "amount": 5000, "kept": 1500, "back": 0}
    last = (await loan.events())[-1]
    assert (last.type, last.by) == ("case_decided", moderator.user.id)
    assert last.data["cases"][0]["outcome"]["words"] == "Ein Kratzer war schon da."
    assert await list_disputes(world.ports, moderator.actor, ListDisputes()) == []
    again = await decide_dispute(world.ports, moderator.actor, command)
    assert again.duplicate
    with refused("case_closed"):
        await decide_dispute(world.ports, moderator.actor, loan.order(DecideDispute, 1, 0, "Doch nicht."))


async def test_what_moderators_do_is_in_the_audit_log(world: World) -> None:
    loan, moderator = await lend(world), await appoint(world)
    await close_rental(world.ports, moderator.actor, loan.order(CloseRental, "unreachable"))
    await get_dispute(world.ports, moderator.actor, GetDispute(loan.id))
    for party in (loan.owner, loan.renter):
        noted = [note async for note in world.ports.audit.concerning(party.user.id)]
        assert [(note.act, note.target, note.own) for note in noted][-2:] == [
            ("rental_closed", loan.id, False),
            ("dispute_read", loan.id, False),
        ]


async def test_a_closed_rental_is_over_and_frees_what_it_held(world: World) -> None:
    loan, moderator = await lend(world), await appoint(world)
    closed = (await close_rental(world.ports, moderator.actor, loan.order(CloseRental, "unreachable"))).sheet.rental
    assert (closed.state, closed.closed_reason) == (State.COMPLETED, "moderated")
    assert told(closed)["deposit"]["state"] == "released"
    assert [difference async for difference in compare_calendars(world.ports)] == []


async def test_a_moderator_cancels_for_the_parties_at_no_cost(world: World) -> None:
    loan, moderator = await agree(world), await appoint(world)
    command = loan.order(CancelForParties, "prohibited_item")
    rental = (await cancel_for_parties(world.ports, moderator.actor, command)).sheet.rental
    assert (rental.state, rental.cancel.by, rental.cancel.fee) == (State.CANCELLED, "moderator", 0)


ACTS = [
    (list_disputes, lambda _: ListDisputes()),
    (get_dispute, lambda loan: GetDispute(loan.id)),
    (decide_dispute, lambda loan: loan.order(DecideDispute, 1, 0, "So ist es.")),
    (close_rental, lambda loan: loan.order(CloseRental, "unreachable")),
    (cancel_for_parties, lambda loan: loan.order(CancelForParties, "unreachable")),
]


@pytest.mark.parametrize(("act", "command"), ACTS, ids=[act.__name__ for act, _ in ACTS])
async def test_nobody_else_moderates(world: World, act: Any, command: Any) -> None:
    loan = await lend(world)
    for actor in (loan.owner.actor, loan.renter.actor, (await world.person()).actor):
        with refused("role_required", Forbidden):
            await act(world.ports, actor, command(loan))


@pytest.mark.parametrize(("act", "command"), ACTS[1:], ids=[act.__name__ for act, _ in ACTS[1:]])
async def test_nobody_moderates_in_their_own_matter(world: World, act: Any, command: Any) -> None:
    loan = await lend(world)
    roles = (await appoint(world)).actor.roles
    for party in (loan.owner.actor, loan.renter.actor):
        own: Actor = replace(party, roles=roles)
        with refused("own_rental", Forbidden):
            await act(world.ports, own, command(loan))
