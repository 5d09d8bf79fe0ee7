"""Every state, command and role: only what rental.md lists succeeds, and every refusal has its code."""

from datetime import timedelta
from itertools import product

import pytest

from hub.errors import Conflict, Forbidden
from hub.rental import (
    CLOSED,
    OCCUPYING,
    TIMED,
    TRANSITIONS,
    Accept,
    AgreeSettlement,
    AmendReturn,
    AtRisk,
    AutoComplete,
    Cancel,
    CaseKind,
    ClaimEntry,
    ClaimNonReturn,
    ConfirmEntry,
    ConfirmReturn,
    Counter,
    DecideCase,
    Decline,
    DisputeReturn,
    EntryKind,
    Extend,
    Found,
    HandOver,
    IdleClose,
    Inquire,
    LossTimeout,
    LostTimeout,
    MediateCase,
    Method,
    ModClose,
    OfferExpire,
    Overdue,
    PresumeReturned,
    Propose,
    ProposeSettlement,
    RejectEntry,
    ReportDamage,
    Request,
    Return,
    Revise,
    RiskOver,
    Role,
    State,
    Taken,
    Unclaimed,
    UndecidedCase,
    WaiveFee,
    Withdraw,
    WithdrawCase,
    allowed_actions,
    command_name,
    timers_of,
)
from tests.hub.neighbours import Talk, terms
from tests.hub.situations import talk_in

# Written out by hand from rental.md §1, apart from the code: command, from, who, to. "=" is the state there was.
LISTED = """
inquire              -                                 renter                   inquiry
request              -,inquiry                         renter                   negotiating
propose              inquiry                           owner                    negotiating
counter              negotiating                       renter,owner             negotiating
revise               negotiating                       renter,owner             negotiating
accept               negotiating                       renter,owner             confirmed
decline              inquiry,negotiating               owner                    declined
withdraw             inquiry,negotiating               renter                   withdrawn
offer_expire         negotiating                       system                   expired
idle_close           inquiry                           system                   expired
taken                negotiating                       system                   expired
cancel               held,confirmed                    renter,owner,moderator   cancelled
mod_close            inquiry,negotiating               moderator                expired
hand_over            confirmed                         owner                    active
unclaimed            confirmed                         system                   no_show
at_risk              held,confirmed                    system                   =
risk_over            held,confirmed                    system                   =
overdue              active                            system                   =
return               active,returned                   renter                   returned
extend               returned                          system                   =
confirm_return       active,returned                   owner                    completed
report_damage        active,returned                   owner                    returned
claim_non_return     active                            owner                    =
dispute_return       returned                          owner                    active
amend_return         returned                          renter                   =
auto_complete        returned                          system                   completed
presume_returned     active                            system                   completed
lost_timeout         active                            system                   lost
found                lost                              renter,owner             returned
loss_timeout         lost                              system                   completed
mod_close            active,returned,lost              moderator                completed
propose_settlement   active,returned,lost,completed    renter,owner             =
agree_settlement     active,returned,lost,completed    renter,owner             =
withdraw_case        active,returned,lost,completed    renter,owner             =
decide_case          active,returned,lost,completed    moderator                =
mediate_case         active,returned,lost,completed    system                   =
undecided_case       active,returned,lost,completed    system                   =
claim_entry          held,confirmed,active,returned,lost,completed,cancelled,no_show   renter,owner  =
confirm_entry        held,confirmed,active,returned,lost,completed,cancelled,no_show   renter,owner  =
reject_entry         held,confirmed,active,returned,lost,completed,cancelled,no_show   renter,owner  =
waive_fee            cancelled                         owner                    =
"""

COMMANDS = {
    "inquire": (Inquire(), "rental_inquired"),
    "request": (Request(terms()), "rental_requested"),
    "propose": (Propose(terms()), "offer_made"),
    "counter": (Counter(terms(days=3), answers_rev=1), "offer_countered"),
    "revise": (Revise(terms(days=3)), "offer_revised"),
    "accept": (Accept(1), "offer_accepted"),
    "decline": (Decline("no_time"), "rental_declined"),
    "withdraw": (Withdraw("changed_mind"), "rental_withdrawn"),
    "offer_expire": (OfferExpire(), "offer_expired"),
    "idle_close": (IdleClose(), "inquiry_expired"),
    "taken": (Taken(), "rental_taken"),
    "cancel": (Cancel("ill"), "rental_cancelled"),
    "mod_close": (ModClose("spam"), "rental_closed"),
    "hand_over": (HandOver(), "rental_handed_over"),
    "unclaimed": (Unclaimed(), "rental_unclaimed"),
    "at_risk": (AtRisk(), "rental_at_risk"),
    "risk_over": (RiskOver(), "rental_safe"),
    "overdue": (Overdue(), "rental_overdue"),
    "return": (Return(verified=True), "rental_returned"),
    "extend": (Extend(), "hold_extended"),
    "confirm_return": (ConfirmReturn(), "return_confirmed"),
    "report_damage": (ReportDamage(CaseKind.DAMAGE, "Kratzer am Gehäuse", 2000), "damage_reported"),
    "claim_non_return": (ClaimNonReturn(), "non_return_claimed"),
    "dispute_return": (DisputeReturn(), "return_disputed"),
    "amend_return": (AmendReturn("Liegt auf der Bank vor der Tür."), "return_amended"),
    "auto_complete": (AutoComplete(), "rental_completed"),
    "presume_returned": (PresumeReturned(), "return_presumed"),
    "lost_timeout": (LostTimeout(), "rental_lost"),
    "found": (Found(), "rental_found"),
    "loss_timeout": (LossTimeout(), "loss_final"),
    "propose_settlement": (ProposeSettlement(1, 1500), "settlement_proposed"),
    "agree_settlement": (AgreeSettlement(1, 2000), "case_settled"),
    "withdraw_case": (WithdrawCase(1), "case_withdrawn"),
    "decide_case": (DecideCase(1, 1000, "Die Hälfte ist Abnutzung."), "case_decided"),
    "mediate_case": (MediateCase(), "case_mediated"),
    "undecided_case": (UndecidedCase(), "case_undecided"),
    "claim_entry": (ClaimEntry(EntryKind.RENT, 2400, Method.CASH), "payment_claimed"),
    "confirm_entry": (ConfirmEntry(1), "payment_confirmed"),
    "reject_entry": (RejectEntry(1), "payment_rejected"),
    "waive_fee": (WaiveFee(), "fee_waived"),
}


def listed() -> dict[tuple[str, str, str], str]:
    rows = [line.split() for line in LISTED.strip().splitlines()]
    return {
        (command, source, role): source if target == "=" else target
        for command, sources, roles, target in rows
        for source in sources.split(",")
        for role in roles.split(",")
    }


CELLS = listed()
STATES = ["-", *State]


@pytest.mark.parametrize(("state", "command", "role"), list(product(STATES, COMMANDS, Role)))
def test_only_the_listed_cells_succeed(state, command, role):
    talk = talk_in(state, command, role)
    before, calendar = talk.rental, talk.calendar
    asked, event = COMMANDS[command]
    if target := CELLS.get((command, state, role)):
        after = talk.do(asked, role)
        assert (after.state, after.rev) == (target, (before.rev if before else 0) + 1)
        assert [told.type for told in talk.last.events] == [event]
        return
    knows_role = any(known == (command, role) for known in ((c, r) for c, _, r in CELLS))
    kind, code = (Conflict, "wrong_state") if knows_role else (Forbidden, "not_your_role")
    with pytest.raises(kind) as refusal:
        talk.do(asked, role)
    assert refusal.value.code == code
    assert (talk.rental, talk.calendar) == (before, calendar)


def test_the_table_lists_nothing_else():
    table = {
        (row.name, source or "-", role): row.target or source
        for row in TRANSITIONS
        for source in row.sources
        for role in row.who
    }
    assert table == CELLS
    assert {row.name for row in TRANSITIONS} == set(COMMANDS)
    assert {name: command_name(type(command)) for name, (command, _) in COMMANDS.items()} == {
        name: name for name in COMMANDS
    }
    assert {row.name: row.event for row in TRANSITIONS} == {name: event for name, (_, event) in COMMANDS.items()}
    assert all(row.effects for row in TRANSITIONS)


def test_no_cell_has_two_rows():
    cells = [(row.command, source, role) for row in TRANSITIONS for source in row.sources for role in row.who]
    assert len(cells) == len(set(cells))


def test_closed_means_that_no_other_state_follows():
    left = {source for row in TRANSITIONS for source in row.sources if row.target not in (None, source)}
    assert set(State) - left == CLOSED


def test_every_state_that_is_not_closed_is_ended_by_time_alone():
    """But ``held``, to which nothing leads yet."""
    for state in set(State) - CLOSED - {State.HELD}:
        talk = talk_in(state, "accept", Role.OWNER)
        kinds = {timer.kind for timer in timers_of(talk.rental)}
        assert kinds, state
        assert kinds <= set(TIMED)


def test_both_parties_have_a_move_wherever_it_is_not_over():
    for state in set(State) - CLOSED:
        for role in (Role.RENTER, Role.OWNER):
            talk = talk_in(state, "accept", role)
            assert allowed_actions(talk.rental, role, talk.now), (state, role)


@pytest.mark.parametrize(
    ("state", "renter", "owner"),
    [
        ("inquiry", ("request", "withdraw"), ("propose", "decline")),
        ("negotiating", ("revise", "withdraw"), ("counter", "accept", "decline")),
        ("confirmed", ("cancel", "claim_entry"), ("cancel", "hand_over", "claim_entry")),
        ("active", ("return", "claim_entry"), ("confirm_return", "report_damage", "claim_entry")),
        (
            "returned",
            ("return", "amend_return", "claim_entry"),
            ("confirm_return", "report_damage", "dispute_return", "claim_entry"),
        ),
        (
            "lost",
            ("found", "propose_settlement", "agree_settlement", "withdraw_case", "claim_entry"),
            ("found", "propose_settlement", "agree_settlement", "withdraw_case", "claim_entry"),
        ),
        ("completed", ("claim_entry",), ("claim_entry",)),
        ("declined", (), ()),
    ],
)
def test_what_each_party_may_do(state, renter, owner):
    talk = talk_in(state, "hand_over", Role.OWNER)
    assert allowed_actions(talk.rental, Role.RENTER, talk.now) == renter
    assert allowed_actions(talk.rental, Role.OWNER, talk.now) == owner


def test_an_offer_past_its_time_can_only_be_left():
    talk = Talk().requested()
    late = talk.rental.live.expires_at
    assert "accept" in allowed_actions(talk.rental, Role.OWNER, late - timedelta(seconds=1))
    assert allowed_actions(talk.rental, Role.OWNER, late) == ("decline",)
    assert allowed_actions(talk.rental, Role.RENTER, late) == ("withdraw",)


def test_each_row_names_its_guards():
    accept = next(row for row in TRANSITIONS if row.name == "accept")
    assert {"offer_superseded", "not_your_turn", "offer_expired", "slot_unavailable"} <= set(accept.guard_names)


def test_what_the_calendar_keeps_follows_the_state():
    for state in set(State):
        talk = talk_in(state, "hand_over", Role.OWNER)
        kept = bool(talk.calendar.busy)
        assert kept == (state in OCCUPYING | {State.COMPLETED}), state
