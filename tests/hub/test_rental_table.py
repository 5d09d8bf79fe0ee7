"""Every state, command and role: only what rental.md lists succeeds, and every refusal has its code."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from hub.errors import Conflict, Forbidden
from hub.item import PrereqKind
from hub.rental import (
    CLOSED,
    OCCUPYING,
    TIMED,
    TRANSITIONS,
    Accept,
    AcceptChange,
    AdmitLoss,
    AgreeSettlement,
    AmendReturn,
    AnnulHandOver,
    AppealCase,
    AtRisk,
    AutoComplete,
    Cancel,
    CaseKind,
    ClaimEntry,
    ClaimNonReturn,
    ClaimNoShow,
    ConfirmEntry,
    ConfirmReturn,
    Contest,
    Counter,
    DecideAppeal,
    DecideCase,
    Decline,
    DeclineChange,
    DisputeReturn,
    EntryKind,
    ExpireChange,
    Extend,
    Found,
    Fulfil,
    HandOver,
    HoldTimeout,
    IdleClose,
    Inquire,
    InstantBook,
    LapseAppeal,
    LossTimeout,
    LostTimeout,
    MarkLost,
    MediateCase,
    Method,
    ModClose,
    OfferExpire,
    OpenCase,
    Overdue,
    PresumeReturned,
    Propose,
    ProposeChange,
    ProposeSettlement,
    RejectEntry,
    RemindInspection,
    RemindReturn,
    RemindStart,
    ReportDamage,
    Request,
    Return,
    ReturnPart,
    Revise,
    RiskOver,
    Role,
    Satisfy,
    SettleLoss,
    State,
    Taken,
    Unclaimed,
    UndecidedCase,
    WaiveFee,
    Withdraw,
    WithdrawCase,
    WithdrawChange,
    allowed_actions,
    command_name,
    timers_of,
)
from tests.hub.neighbours import Talk, terms
from tests.hub.situations import changed, talk_in

# Written out by hand from rental.md §1, apart from the code: command, from, who, to. "=" is the state there was.
LISTED = """
inquire              -                                 renter                   inquiry
request              -,inquiry                         renter                   negotiating
propose              inquiry                           owner                    negotiating
instant_book         -,inquiry                         renter                   confirmed|held
counter              negotiating                       renter,owner             negotiating
revise               negotiating                       renter,owner             negotiating
accept               negotiating                       renter,owner             confirmed|held
decline              inquiry,negotiating               owner                    declined
withdraw             inquiry,negotiating               renter                   withdrawn
offer_expire         negotiating                       system                   expired
idle_close           inquiry                           system                   expired
taken                negotiating                       system                   expired
satisfy              held                              renter,owner             =
fulfil               held                              system                   confirmed
hold_timeout         held                              system                   expired
cancel               held,confirmed                    renter,owner,moderator   cancelled
mod_close            inquiry,negotiating               moderator                expired
propose_change       held,confirmed,active             renter,owner             =
accept_change        held,confirmed,active             renter,owner             =
decline_change       held,confirmed,active             renter,owner             =
withdraw_change      held,confirmed,active             renter,owner             =
expire_change        held,confirmed,active             system                   =
remind_start         confirmed                         system                   =
hand_over            confirmed                         owner                    active
claim_no_show        confirmed                         renter,owner             no_show
unclaimed            confirmed                         system                   no_show
contest              no_show                           renter,owner             =
contest              active                            renter                   =
annul_hand_over      active                            owner,moderator          cancelled
at_risk              held,confirmed                    system                   =
risk_over            held,confirmed                    system                   =
remind_return        active                            system                   =
overdue              active                            system                   =
return               active,returned                   renter                   returned
return_part          active                            renter,owner             =
extend               returned                          system                   =
remind_inspection    returned                          system                   =
confirm_return       active,returned                   owner                    completed
report_damage        active,returned                   owner                    returned
claim_non_return     active                            owner                    =
dispute_return       returned                          owner                    active
amend_return         returned                          renter                   =
auto_complete        returned                          system                   completed
presume_returned     active                            system                   completed
mark_lost            active                            owner,moderator          lost
admit_loss           active                            renter                   lost
lost_timeout         active                            system                   lost
found                lost                              renter,owner             returned
settle_loss          lost                              renter,owner,moderator   completed
loss_timeout         lost                              system                   completed
mod_close            active,returned,lost              moderator                completed
open_case            AGREED                            renter,owner             =
propose_settlement   AGREED                            renter,owner             =
agree_settlement     AGREED                            renter,owner             =
withdraw_case        AGREED                            renter,owner             =
decide_case          AGREED                            moderator                =
mediate_case         AGREED                            system                   =
undecided_case       AGREED                            system                   =
appeal_case          AGREED                            renter,owner             =
decide_appeal        AGREED                            moderator                =
lapse_appeal         AGREED                            system                   =
claim_entry          AGREED                            renter,owner             =
confirm_entry        AGREED                            renter,owner             =
reject_entry         AGREED                            renter,owner             =
waive_fee            cancelled,no_show                 owner                    =
""".replace("AGREED", "held,confirmed,active,returned,lost,completed,cancelled,no_show,expired")

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
    "instant_book": (InstantBook(terms()), "rental_booked"),
    "satisfy": (Satisfy(PrereqKind.BRIEFING), "prerequisite_met"),
    "fulfil": (Fulfil(), "rental_confirmed"),
    "hold_timeout": (HoldTimeout(), "hold_expired"),
    "propose_change": (ProposeChange(changed()), "change_proposed"),
    "accept_change": (AcceptChange(1), "change_accepted"),
    "decline_change": (DeclineChange(1), "change_declined"),
    "withdraw_change": (WithdrawChange(1), "change_withdrawn"),
    "expire_change": (ExpireChange(), "change_expired"),
    "remind_start": (RemindStart(), "start_reminded"),
    "remind_return": (RemindReturn(), "return_reminded"),
    "remind_inspection": (RemindInspection(), "inspection_reminded"),
    "claim_no_show": (ClaimNoShow(), "no_show_claimed"),
    "contest": (Contest("So war es nicht."), {"no_show": "no_show_contested", "active": "hand_over_contested"}),
    "annul_hand_over": (AnnulHandOver("mistake"), "hand_over_annulled"),
    "return_part": (ReturnPart(1, verified=True), "part_returned"),
    "mark_lost": (MarkLost("Weg.", 9000), "loss_claimed"),
    "admit_loss": (AdmitLoss("Vom Anhänger gefallen."), "loss_admitted"),
    "settle_loss": (SettleLoss(), "loss_settled"),
    "open_case": (OpenCase(CaseKind.PAYMENT, "Das war schon bezahlt.", 500), "case_opened"),
    "appeal_case": (AppealCase(1, "Das sehe ich anders."), "case_appealed"),
    "decide_appeal": (DecideAppeal(1, 500, "Es bleibt dabei."), "appeal_decided"),
    "lapse_appeal": (LapseAppeal(), "appeal_lapsed"),
}
OWN_ASK = {("satisfy", Role.OWNER): Satisfy(PrereqKind.IDENTITY)}
"""What differs by who says it."""


def listed() -> dict[tuple[str, str, str], list[str]]:
    rows = [line.split() for line in LISTED.strip().splitlines()]
    return {
        (command, source, role): (source if target == "=" else target).split("|")
        for command, sources, roles, target in rows
        for source in sources.split(",")
        for role in roles.split(",")
    }


CELLS = listed()
CANCELLING, MONEY = ("cancel", "propose_change"), ("open_case", "claim_entry")
STATES = ["-", *State]


@pytest.mark.parametrize(("state", "command"), list(product(STATES, COMMANDS)))
def test_only_the_listed_cells_succeed(state, command):
    for role in Role:
        check(state, command, role)


def check(state: str, command: str, role: Role) -> None:
    """One cell: where it leads, or how it is refused."""
    talk = talk_in(state, command, role)
    before, calendar = talk.rental, talk.calendar
    asked, event = COMMANDS[command]
    if targets := CELLS.get((command, state, role)):
        after = talk.do(OWN_ASK.get((command, role), asked), role)
        assert (after.state, after.rev) == (targets[0], (before.rev if before else 0) + 1)
        assert [told.type for told in talk.last.events] == [event if isinstance(event, str) else event[state]]
        return
    knows_role = any(known == (command, role) for known in ((c, r) for c, _, r in CELLS))
    kind, code = (Conflict, "wrong_state") if knows_role else (Forbidden, "not_your_role")
    with pytest.raises(kind) as refusal:
        talk.do(asked, role)
    assert refusal.value.code == code
    assert (talk.rental, talk.calendar) == (before, calendar)


def test_the_table_lists_nothing_else():
    table = {
        (row.name, source or "-", role): [target.value for target in row.targets] or [source]
        for row in TRANSITIONS
        for source in row.sources
        for role in row.who
    }
    assert table == CELLS
    assert {row.name for row in TRANSITIONS} == set(COMMANDS)
    assert {name: command_name(type(command)) for name, (command, _) in COMMANDS.items()} == {
        name: name for name in COMMANDS
    }
    for row in TRANSITIONS:
        event = COMMANDS[row.name][1]
        assert {row.event} == ({event} if isinstance(event, str) else {event[source] for source in row.sources})
    assert all(row.effects for row in TRANSITIONS)


def test_no_cell_has_two_rows():
    cells = [(row.command, source, role) for row in TRANSITIONS for source in row.sources for role in row.who]
    assert len(cells) == len(set(cells))


def test_closed_means_that_no_other_state_follows():
    left = {source for row in TRANSITIONS for source in row.sources if row.target not in (None, source)}
    assert set(State) - left == CLOSED


@pytest.mark.parametrize("command", ["accept", "instant_book"])
def test_what_is_asked_for_first_holds_the_dates_meanwhile(command):
    talk = talk_in("negotiating" if command == "accept" else "-", command, Role.OWNER)
    talk.item = replace(talk.item, prereqs=(PrereqKind.DEPOSIT,))
    if command == "accept":
        talk.do(Revise(terms()), Role.RENTER)
        talk.do(Accept(2), Role.OWNER)
    else:
        talk.do(COMMANDS[command][0], Role.RENTER)
    assert talk.rental.state is State.HELD
    assert "held" in CELLS[command, "negotiating" if command == "accept" else "-", Role.RENTER]
    assert talk.calendar.busy[0].st == "held"


def test_every_state_that_is_not_closed_is_ended_by_time_alone():
    for state in set(State) - CLOSED:
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
        ("inquiry", ("request", "instant_book", "withdraw"), ("propose", "decline")),
        ("negotiating", ("revise", "withdraw"), ("counter", "accept", "decline")),
        ("held", ("satisfy", *CANCELLING, *MONEY), ("satisfy", *CANCELLING, *MONEY)),
        ("confirmed", (*CANCELLING, *MONEY), (*CANCELLING, "hand_over", *MONEY)),
        (
            "active",
            ("propose_change", "return", "admit_loss", *MONEY),
            ("propose_change", "confirm_return", "report_damage", *MONEY),
        ),
        (
            "returned",
            ("return", "amend_return", *MONEY),
            ("confirm_return", "report_damage", "dispute_return", *MONEY),
        ),
        (
            "lost",
            ("found", "open_case", "propose_settlement", "agree_settlement", "withdraw_case", "claim_entry"),
            ("found", "open_case", "propose_settlement", "agree_settlement", "withdraw_case", "claim_entry"),
        ),
        ("completed", MONEY, MONEY),
        ("no_show", ("contest", *MONEY), (*MONEY, "waive_fee")),
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
