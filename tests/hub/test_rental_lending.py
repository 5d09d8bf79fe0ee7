"""Lending and settling: when each step opens and closes, what the calendar keeps, and what money comes to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import HubError, Invalid
from hub.lateness import LateFee
from hub.rental import (
    TIMED,
    Accept,
    AgreeSettlement,
    AtRisk,
    AutoComplete,
    Cancel,
    CaseKind,
    CaseState,
    ClaimEntry,
    ClaimNonReturn,
    ConfirmEntry,
    ConfirmReturn,
    DecideCase,
    DisputeReturn,
    EntryKind,
    Found,
    HandOver,
    Method,
    ModClose,
    Overdue,
    ProposeSettlement,
    ReportDamage,
    Return,
    Role,
    State,
    Timer,
    deposit,
    payment,
    timers_of,
    told,
)
from tests.hub.neighbours import DRILL, START, Talk
from tests.hub.situations import DAMAGE, agreed, deposited, lent, until

R, O, M, S = Role.RENTER, Role.OWNER, Role.MODERATOR, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter
END = START + timedelta(days=2)
TURNAROUND = timedelta(hours=2)


def code(talk: Talk, command, role: Role) -> str:
    before = talk.rental, talk.calendar
    with pytest.raises(HubError) as refusal:
        talk.do(command, role)
    assert (talk.rental, talk.calendar) == before
    return refusal.value.code


def due(talk: Talk, kind: str):
    return next((timer.due_at for timer in timers_of(talk.rental) if timer.kind == kind), None)


def held(talk: Talk):
    (busy,) = talk.calendar.busy
    return busy.s, busy.e


# Out


def test_a_hand_over_opens_a_day_before_the_start_and_closes_at_the_end():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=1, seconds=1)
    assert code(talk, HandOver(), O) == "too_early"
    talk.now = END
    assert code(talk, HandOver(), O) == "too_late"
    talk.now = START - timedelta(days=1)
    talk.do(HandOver(verified=True), O)
    assert held(talk) == (START - timedelta(days=1), END + TURNAROUND)


def test_without_a_deposit_nothing_has_to_be_received_first():
    talk = Talk(replace(DRILL, tariff=replace(DRILL.tariff, deposit=0))).requested()
    talk.do(Accept(1), O)
    talk.now = START
    assert talk.do(HandOver(), O).handed_over.unilateral


def test_a_deposit_that_one_side_alone_says_was_paid_is_missing():
    talk = Talk().requested()
    talk.do(Accept(1), O)
    talk.now = START
    talk.do(ClaimEntry(EntryKind.DEPOSIT_IN, 5000, Method.CASH), R)
    assert code(talk, HandOver(), O) == "deposit_missing"
    talk.do(ConfirmEntry(1), O)
    assert talk.do(HandOver(), O).state is State.ACTIVE


def test_what_nobody_fetches_is_unclaimed_a_day_after_its_end_and_blames_nobody():
    talk = agreed(Talk())
    assert due(talk, "unclaimed") == END + timedelta(days=1)
    until(talk, "unclaimed")
    rental = talk.do(TIMED["unclaimed"](), S)
    assert (rental.state, rental.closed_reason, talk.calendar.busy) == (State.NO_SHOW, "unclaimed", ())


# Late


@pytest.mark.parametrize(("days", "grace"), [(0.5, timedelta(minutes=30)), (1, timedelta(hours=2))])
def test_lateness_has_a_grace_by_the_length_that_was_agreed(days, grace):
    talk = Talk().requested(days=days)
    talk.do(Accept(1), O)
    deposited(talk).do(HandOver(), O)
    late = talk.rental.live.terms.end + grace
    assert due(talk, "overdue") == late
    talk.now = late - timedelta(seconds=1)
    assert code(talk, ClaimNonReturn(), O) == "not_late"
    assert code(talk, Overdue(), S) == "not_due"


@pytest.mark.parametrize(
    ("late", "fee"),
    [(timedelta(hours=2), 0), (timedelta(hours=3), 1500), (timedelta(days=1), 1500), (timedelta(days=9), 4000)],
)
def test_lateness_costs_what_the_tariff_agreed_on_says(late, fee):
    talk = lent(Talk(replace(DRILL, tariff=replace(DRILL.tariff, late_fee=LateFee(cap=4000, per_day=1500)))))
    talk.item = replace(talk.item, tariff=replace(DRILL.tariff, late_fee=LateFee(cap=9000, per_day=9000)), rev=2)
    talk.now = talk.rental.live.terms.end + late
    assert told(talk.do(Return(), R))["returned"]["fee"] == fee


def test_a_late_thing_is_held_for_a_day_more_every_twelve_hours():
    talk = lent(Talk())
    until(talk, "overdue")
    first = talk.now
    talk.do(Overdue(), S)
    assert held(talk) == (START, first + timedelta(days=1) + TURNAROUND)
    assert code(talk, Overdue(), S) == "not_due"
    assert due(talk, "overdue") == first + timedelta(hours=12)
    until(talk, "overdue")
    talk.do(Overdue(), S)
    assert held(talk)[1] == first + timedelta(days=1, hours=12) + TURNAROUND
    assert talk.rental.overdue_since == first


def test_a_thing_that_nobody_misses_is_presumed_back_after_three_weeks():
    talk = lent(Talk())
    assert due(talk, "presume_returned") == END + timedelta(days=21)
    until(talk, "presume_returned")
    rental = talk.do(TIMED["presume_returned"](), S)
    assert (rental.state, rental.closed_reason) == (State.COMPLETED, "closed_unconfirmed")
    assert deposit(rental).state == "released"


def test_a_thing_that_is_missed_is_lost_ninety_days_after_the_last_claim():
    talk = lent(Talk())
    talk.now = END + timedelta(days=1)
    talk.do(ClaimNonReturn(), O)
    talk.wait(days=5)
    talk.do(ClaimNonReturn(), O)
    assert due(talk, "presume_returned") is None
    assert due(talk, "lost_timeout") == END + timedelta(days=96)
    until(talk, "lost_timeout")
    rental = talk.do(TIMED["lost_timeout"](), S)
    assert rental.cases[0].kind is CaseKind.NON_RETURN
    assert held(talk)[1] == due(talk, "loss_timeout") == rental.lost_at + timedelta(days=180)


@pytest.mark.parametrize(("role", "verified"), [(O, True), (R, False)])
def test_what_is_found_again_is_back_by_the_word_of_who_says_so(role, verified):
    talk = lent(Talk())
    talk.now = END + timedelta(days=1)
    talk.do(ClaimNonReturn(), O)
    until(talk, "lost_timeout")
    talk.do(TIMED["lost_timeout"](), S)
    rental = talk.wait(days=1).do(Found(), role)
    assert (rental.state, rental.verified, rental.lost_at) == (State.RETURNED, verified, None)
    assert rental.cases[0].state is CaseState.WITHDRAWN


# Back


def test_a_verified_return_holds_the_thing_until_it_is_ready_and_a_declared_one_as_before():
    talk = lent(Talk())
    early = talk.wait(hours=5).now
    assert talk.do(Return(verified=True), R).verified
    assert held(talk) == (START, early + TURNAROUND)
    declared = lent(Talk())
    declared.wait(hours=5).do(Return(), R)
    assert held(declared) == (START, END + TURNAROUND)


def test_a_declared_return_keeps_extending_like_a_late_one():
    talk = lent(Talk())
    talk.wait(hours=40).do(Return(), R)
    until(talk, "extend")
    talk.do(TIMED["extend"](), S)
    assert held(talk)[1] == talk.now + timedelta(days=1) + TURNAROUND
    assert talk.rental.overdue_since is None


@pytest.mark.parametrize(("verified", "waits"), [(True, timedelta(hours=48)), (False, timedelta(days=7))])
def test_a_return_that_nobody_objects_to_is_complete_in_time(verified, waits):
    talk = lent(Talk())
    back = talk.wait(hours=5).now
    talk.do(Return(verified), R)
    assert due(talk, "auto_complete") == back + waits
    until(talk, "auto_complete")
    rental = talk.do(AutoComplete(), S)
    assert (rental.state, rental.ended_at, held(talk)[1]) == (State.COMPLETED, back + waits, back + TURNAROUND)


def test_no_return_is_disputed_after_seven_days_nor_once_it_is_verified():
    talk = lent(Talk())
    talk.do(Return(), R)
    talk.wait(days=7, seconds=1)
    assert code(talk, DisputeReturn(), O) == "too_late"
    talk.do(Return(verified=True), R)
    assert code(talk, DisputeReturn(), O) == "already_verified"
    assert code(talk, Return(verified=True), R) == "already_verified"


def test_a_disputed_return_is_not_presumed_back_any_more():
    talk = lent(Talk())
    talk.do(Return(), R)
    talk.do(DisputeReturn(), O)
    assert Timer("lost_timeout", talk.now + timedelta(days=90)) in timers_of(talk.rental)
    assert due(talk, "presume_returned") is None


# Cases


def test_a_damage_report_makes_the_return_verified_and_time_waits_for_the_case():
    talk = lent(Talk())
    rental = talk.do(DAMAGE, O)
    assert (rental.state, rental.verified, due(talk, "auto_complete")) == (State.RETURNED, True, None)
    assert due(talk, "mediate_case") == talk.now + timedelta(hours=48)
    until(talk, "undecided_case")
    assert talk.now == rental.updated_at + timedelta(hours=48, days=30)
    talk.do(TIMED["undecided_case"](), S)
    assert due(talk, "auto_complete") == talk.now + timedelta(hours=48)
    assert deposit(talk.rental).state == "released"


def test_damage_is_reported_within_two_days_of_a_verified_return():
    talk = lent(Talk())
    talk.do(Return(verified=True), R)
    talk.wait(hours=48, seconds=1)
    assert code(talk, DAMAGE, O) == "too_late"


def test_only_the_last_proposal_can_be_agreed_to_and_not_by_who_made_it():
    talk = lent(Talk())
    talk.do(DAMAGE, O)
    assert code(talk, AgreeSettlement(1, 2000), O) == "proposal_changed"
    talk.do(ProposeSettlement(1, 500), R)
    assert code(talk, ProposeSettlement(1, 500), R) == "not_your_turn"
    assert code(talk, AgreeSettlement(1, 2000), R) == "proposal_changed"
    talk.do(AgreeSettlement(1, 500), O)
    assert (deposit(talk.rental).state, deposit(talk.rental).kept) == ("partly_kept", 500)


def test_a_decision_stands_with_its_words_and_who_made_it():
    talk = lent(Talk())
    talk.do(DAMAGE, O)
    rental = talk.do(DecideCase(1, 5000, "Das war neu."), M)
    outcome = rental.cases[0].outcome
    assert (outcome.amount, outcome.words, outcome.by) == (5000, "Das war neu.", "d" * 32)
    assert deposit(rental).state == "kept"


def test_a_moderator_who_ends_it_decides_nothing():
    talk = lent(Talk())
    talk.do(DAMAGE, O)
    rental = talk.do(ModClose("unreachable"), M)
    assert (rental.state, rental.cases[0].state) == (State.COMPLETED, CaseState.UNDECIDED)
    assert deposit(rental).state == "released"


def test_a_rental_has_only_so_many_cases():
    talk = lent(Talk())
    for _ in range(8):
        talk.do(DAMAGE, O)
    assert code(talk, DAMAGE, O) == "quota_exceeded"


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: ReportDamage(CaseKind.DAMAGE, " ", 0), "bad_words"),
        (lambda: ReportDamage(CaseKind.DAMAGE, "x" * 2001, 0), "bad_words"),
        (lambda: ReportDamage(CaseKind.NON_RETURN, "weg", 0), "bad_kind"),
        (lambda: ReportDamage(CaseKind.DAMAGE, "Kratzer", -1), "bad_money"),
        (lambda: ProposeSettlement(1, -1), "bad_money"),
        (lambda: DecideCase(1, 0, ""), "bad_words"),
        (lambda: ClaimEntry(EntryKind.RENT, 0, Method.CASH), "bad_money"),
    ],
)
def test_odd_values_are_no_commands(make, refusal):
    with pytest.raises(Invalid, match=refusal):
        make()


# Money


def test_the_deposit_is_due_from_the_agreement_on_and_nothing_once_it_came_to_nothing():
    talk = Talk().requested()
    assert deposit(talk.rental) is None
    talk.do(Accept(1), O)
    assert deposit(talk.rental).state == "due"
    talk.do(Cancel("ill"), O)
    assert deposit(talk.rental).state == "none"


def test_free_lending_owes_nothing():
    talk = Talk().requested(price=0, negotiated=True)
    assert payment(talk.do(Accept(1), O)).state == "free"


def test_a_deposit_paid_for_a_cancelled_rental_is_released():
    talk = agreed(Talk())
    talk.do(Cancel("ill"), O)
    assert deposit(talk.rental).state == "released"


@pytest.mark.parametrize(
    ("left", "role", "reason", "fee"),
    [
        (timedelta(days=2), R, "ill", 0),
        (timedelta(hours=23), R, "ill", 1200),
        (timedelta(hours=23), R, "item_defect", 0),
        (timedelta(hours=23), O, "ill", 0),
        (timedelta(hours=23), M, "spam", 0),
        (-timedelta(hours=1), R, "ill", 2400),
    ],
)
def test_cancelling_costs_what_the_policy_agreed_on_says(left, role, reason, fee):
    talk = agreed(Talk())
    talk.item = replace(talk.item, policy="strict")
    talk.now = START - left
    assert talk.do(Cancel(reason), role).cancel.fee == fee


def test_who_cancels_because_somebody_else_is_late_owes_nothing():
    talk = agreed(Talk())
    talk.now = START - timedelta(hours=1)
    talk.fill()
    talk.do(AtRisk(), S)
    assert talk.do(Cancel("item_late"), R).cancel.fee == 0


def test_a_confirmed_return_closes_all_at_once():
    talk = lent(Talk())
    rental = talk.do(ConfirmReturn(), O)
    assert (rental.state, rental.verified, rental.ended_at) == (State.COMPLETED, True, talk.now)
    assert timers_of(rental) == ()
