"""Every state, command and role: only what rental.md lists succeeds, and every refusal has its code."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from hub.errors import Conflict, Forbidden
from hub.rental import (
    CLOSED,
    TRANSITIONS,
    Accept,
    Cancel,
    Counter,
    Decline,
    IdleClose,
    Inquire,
    ModClose,
    OfferExpire,
    Propose,
    Request,
    Revise,
    Role,
    State,
    Taken,
    Withdraw,
    allowed_actions,
    command_name,
)
from tests.hub.neighbours import Talk, terms

# Written out by hand from rental.md §1, apart from the code: command, from, who, to.
LISTED = """
inquire       -                    renter                   inquiry
request       -,inquiry            renter                   negotiating
propose       inquiry              owner                    negotiating
counter       negotiating          renter,owner             negotiating
revise        negotiating          renter,owner             negotiating
accept        negotiating          renter,owner             confirmed
decline       inquiry,negotiating  owner                    declined
withdraw      inquiry,negotiating  renter                   withdrawn
offer_expire  negotiating          system                   expired
idle_close    inquiry              system                   expired
taken         negotiating          system                   expired
cancel        held,confirmed       renter,owner,moderator   cancelled
mod_close     inquiry,negotiating  moderator                expired
"""

COMMANDS = {
    "inquire": Inquire(),
    "request": Request(terms()),
    "propose": Propose(terms()),
    "counter": Counter(terms(days=3), answers_rev=1),
    "revise": Revise(terms(days=3)),
    "accept": Accept(1),
    "decline": Decline("no_time"),
    "withdraw": Withdraw("changed_mind"),
    "offer_expire": OfferExpire(),
    "idle_close": IdleClose(),
    "taken": Taken(),
    "cancel": Cancel("ill"),
    "mod_close": ModClose("spam"),
}

EVENTS = {
    "inquire": "rental_inquired",
    "request": "rental_requested",
    "propose": "offer_made",
    "counter": "offer_countered",
    "revise": "offer_revised",
    "accept": "offer_accepted",
    "decline": "rental_declined",
    "withdraw": "rental_withdrawn",
    "offer_expire": "offer_expired",
    "idle_close": "inquiry_expired",
    "taken": "rental_taken",
    "cancel": "rental_cancelled",
    "mod_close": "rental_closed",
}


def listed() -> dict[tuple[str, str, str], str]:
    rows = [line.split() for line in LISTED.strip().splitlines()]
    return {
        (command, source, role): target
        for command, sources, roles, target in rows
        for source in sources.split(",")
        for role in roles.split(",")
    }


CELLS = listed()
STATES = ["-", *State]


def other(role: str) -> Role:
    return Role.RENTER if role == Role.OWNER else Role.OWNER


def talk_in(state: str, command: str, role: str) -> Talk:
    """A rental in that state, with everything else as the command would have it."""
    talk = Talk()
    if state == "-":
        return talk
    if state == State.INQUIRY:
        talk.do(Inquire(), Role.RENTER)
    else:
        talk.requested()
        offered_by = Role(role) if command == "revise" and role in ("renter", "owner") else other(role)
        live = replace(talk.rental.live, by=offered_by)
        reason = None if state in ("negotiating", "held", "confirmed") else "some_reason"
        talk.rental = replace(talk.rental, state=State(state), offer=live, closed_reason=reason)
    if command == "offer_expire":
        talk.wait(days=1)
    if command == "idle_close":
        talk.wait(days=30)
    if command == "taken":
        talk.fill()
    return talk


@pytest.mark.parametrize(("state", "command", "role"), list(product(STATES, COMMANDS, Role)))
def test_only_the_listed_cells_succeed(state, command, role):
    talk = talk_in(state, command, role)
    before, calendar = talk.rental, talk.calendar
    if target := CELLS.get((command, state, role)):
        after = talk.do(COMMANDS[command], role)
        assert (after.state, after.rev) == (target, (before.rev if before else 0) + 1)
        assert [event.type for event in talk.last.events] == [EVENTS[command]]
        return
    knows_role = any(known == (command, role) for known in ((c, r) for c, _, r in CELLS))
    kind, code = (Conflict, "wrong_state") if knows_role else (Forbidden, "not_your_role")
    with pytest.raises(kind) as refusal:
        talk.do(COMMANDS[command], role)
    assert refusal.value.code == code
    assert (talk.rental, talk.calendar) == (before, calendar)


def test_the_table_has_one_row_per_command_and_lists_nothing_else():
    table = {
        (row.name, source or "-", role): row.target for row in TRANSITIONS for source in row.sources for role in row.who
    }
    assert table == CELLS
    assert [row.name for row in TRANSITIONS] == list(COMMANDS) == [command_name(type(c)) for c in COMMANDS.values()]
    assert {row.name: row.event for row in TRANSITIONS} == EVENTS
    assert all(row.effects for row in TRANSITIONS)


def test_closed_means_that_nothing_leads_out():
    sources = {source for row in TRANSITIONS for source in row.sources}
    assert set(State) - sources == CLOSED


def test_both_parties_have_a_move_wherever_it_is_not_over():
    for state in set(State) - CLOSED:
        for role in (Role.RENTER, Role.OWNER):
            talk = talk_in(state, "accept", role)
            assert allowed_actions(talk.rental, role, talk.now), (state, role)


@pytest.mark.parametrize(
    ("state", "holder", "renter", "owner"),
    [
        ("inquiry", None, ("request", "withdraw"), ("propose", "decline")),
        ("negotiating", "renter", ("revise", "withdraw"), ("counter", "accept", "decline")),
        ("negotiating", "owner", ("counter", "accept", "withdraw"), ("revise", "decline")),
        ("confirmed", "renter", ("cancel",), ("cancel",)),
        ("declined", "renter", (), ()),
    ],
)
def test_what_each_party_may_do(state, holder, renter, owner):
    talk = talk_in(state, "accept", other(holder) if holder else Role.OWNER)
    assert allowed_actions(talk.rental, Role.RENTER, talk.now) == renter
    assert allowed_actions(talk.rental, Role.OWNER, talk.now) == owner


def test_an_offer_past_its_time_can_only_be_left():
    talk = talk_in("negotiating", "accept", Role.OWNER)
    late = talk.rental.live.expires_at
    assert "accept" in allowed_actions(talk.rental, Role.OWNER, late - timedelta(seconds=1))
    assert allowed_actions(talk.rental, Role.OWNER, late) == ("decline",)
    assert allowed_actions(talk.rental, Role.RENTER, late) == ("withdraw",)


def test_each_row_names_its_guards():
    accept = next(row for row in TRANSITIONS if row.name == "accept")
    assert {"offer_superseded", "not_your_turn", "offer_expired", "slot_unavailable"} <= set(accept.guard_names)
