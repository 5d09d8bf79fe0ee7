"""When it goes wrong: who may say so when, who may deny it until when, and what it comes to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import HubError, Invalid
from hub.ids import UserId
from hub.reliability import Share, reliability_of
from hub.rental import (
    TIMED,
    AdmitLoss,
    AgreeSettlement,
    AnnulHandOver,
    AppealCase,
    AtRisk,
    CaseKind,
    CaseState,
    ClaimEntry,
    ClaimNoShow,
    ConfirmEntry,
    ConfirmReturn,
    Contest,
    DecideAppeal,
    DecideCase,
    EntryKind,
    Found,
    HandOver,
    MarkLost,
    Method,
    OpenCase,
    Return,
    Role,
    SettleLoss,
    State,
    WaiveFee,
    WithdrawCase,
    damages,
    deposit,
    payment,
    timers_of,
)
from hub.rental.state import CLOSED
from tests.hub.neighbours import DRILL, MODERATOR, OWNER, RENTER, START, STRANGER, Talk
from tests.hub.situations import DAMAGE, agreed, lent, until

R, O, M, S = Role.RENTER, Role.OWNER, Role.MODERATOR, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter
END = START + timedelta(days=2)
DENIED = Contest("So war es nicht.")


def code(talk: Talk, command, role: Role) -> str:
    before = talk.rental, talk.calendar
    with pytest.raises(HubError) as refusal:
        talk.do(command, role)
    assert (talk.rental, talk.calendar) == before
    return refusal.value.code


def due(talk: Talk, kind: str):
    return next((timer.due_at for timer in timers_of(talk.rental) if timer.kind == kind), None)


def missed(by: Role) -> Talk:
    """``by`` says that the other did not come."""
    talk = agreed(Talk()).wait(hours=2)
    talk.do(ClaimNoShow(), by)
    return talk


def one_sided() -> Talk:
    talk = agreed(Talk())
    talk.do(HandOver(), O)
    return talk


# Nobody came


def test_nobody_is_missed_before_the_start_and_its_grace():
    talk = agreed(Talk()).wait(hours=2, seconds=-1)
    assert code(talk, ClaimNoShow(), R) == code(talk, ClaimNoShow(), O) == "too_early"
    rental = talk.wait(seconds=1).do(ClaimNoShow(), O)
    assert (rental.state, rental.no_show.by, talk.calendar.busy) == (State.NO_SHOW, O, ())


def test_a_renter_who_did_not_come_owes_what_cancelling_late_would_cost_and_an_owner_the_rent_back():
    assert payment(missed(O).rental).amount == 2400
    assert payment(missed(R).rental).state == "free"
    assert deposit(missed(O).rental).state == "released"


def test_who_did_not_come_because_somebody_else_is_late_owes_nothing():
    talk = agreed(Talk())
    talk.fill()
    talk.do(AtRisk(), S)
    talk.wait(hours=2).do(ClaimNoShow(), O)
    assert payment(talk.rental).state == "free"


def test_only_who_is_said_not_to_have_come_denies_it_once_within_two_days():
    talk = missed(O)
    assert code(talk, DENIED, O) == "nothing_to_contest"
    talk.wait(hours=48).do(DENIED, R)
    assert code(talk, DENIED, R) == "already_contested"
    late = missed(O).wait(hours=48, seconds=1)
    assert code(late, DENIED, R) == "too_late"


@pytest.mark.parametrize(
    ("end", "by", "owed"),
    [
        (lambda: DecideCase(1, 500, "Beide waren da."), M, 500),
        (lambda: WithdrawCase(1), R, 2400),
        (lambda: AgreeSettlement(1, 0), O, 0),
    ],
)
def test_a_contested_fee_is_suspended_until_the_case_ends(end, by, owed):
    talk = missed(O)
    talk.do(DENIED, R)
    assert payment(talk.rental).amount == 0
    assert talk.do(end(), by).state is State.NO_SHOW
    assert payment(talk.rental).amount == owed


def test_a_denial_that_nobody_decides_costs_nothing():
    talk = missed(O)
    talk.do(DENIED, R)
    until(talk, "undecided_case")
    talk.do(TIMED["undecided_case"](), S)
    assert (payment(talk.rental).state, timers_of(talk.rental)) == ("free", ())


def test_an_owner_waives_the_fee():
    talk = missed(O)
    talk.do(WaiveFee(), O)
    assert payment(talk.rental).state == "free"
    assert code(talk, WaiveFee(), O) == "no_fee"


def test_staying_away_counts_unless_it_was_denied_with_success():
    stands, denied, withdrawn = missed(O), missed(O), missed(O)
    denied.do(DENIED, R)
    denied.do(DecideCase(1, 0, "Sie war da."), M)
    withdrawn.do(DENIED, R)
    withdrawn.do(WithdrawCase(1), R)
    came = lent(Talk()).rental
    known = [stands.rental, denied.rental, withdrawn.rental, came]
    assert reliability_of(RENTER, known).fetched == Share(3, 33)
    assert reliability_of(OWNER, [missed(R).rental, came, came]).kept == Share(3, 67)


# Nothing was handed over


def test_the_renter_denies_a_hand_over_by_the_owners_word_alone_within_a_day():
    assert code(lent(Talk()), DENIED, R) == "nothing_to_contest"
    assert code(one_sided().wait(hours=24, seconds=1), DENIED, R) == "too_late"
    talk = one_sided().wait(hours=24)
    assert code(talk, AnnulHandOver("mistake"), O) == "not_contested"
    talk.do(DENIED, R)
    assert code(talk, DENIED, R) == "already_contested"
    assert talk.rental.cases[0].kind is CaseKind.HAND_OVER


@pytest.mark.parametrize(("role", "ends"), [(O, CaseState.SETTLED), (M, CaseState.DECIDED)])
def test_an_annulled_hand_over_costs_nothing_and_holds_nothing(role, ends):
    talk = one_sided()
    talk.do(DENIED, R)
    rental = talk.do(AnnulHandOver("mistake"), role)
    assert (rental.state, rental.cancel.fee, rental.cases[0].state) == (State.CANCELLED, 0, ends)
    assert (talk.calendar.busy, timers_of(rental), deposit(rental).state) == ((), (), "released")


@pytest.mark.parametrize(
    ("end", "by", "owed"),
    [
        (lambda: DecideCase(1, 500, "Er hatte sie einen halben Tag."), M, 500),
        (lambda: WithdrawCase(1), R, None),
        (lambda: AgreeSettlement(1, 0), O, 0),
        (Return, R, None),
    ],
    ids=["decided", "withdrawn", "agreed", "given back"],
)
def test_a_denied_hand_over_owes_no_rent_until_the_case_ends_and_then_what_it_came_to(end, by, owed):
    talk = one_sided()
    price = payment(talk.rental).amount
    talk.do(DENIED, R)
    assert payment(talk.rental).amount == 0 < price
    talk.do(end(), by)
    assert payment(talk.rental).amount == (price if owed is None else owed)
    assert damages(talk.rental).amount == 0


def test_a_denied_hand_over_that_nobody_decides_ends_by_itself_and_owes_nothing():
    talk = one_sided()
    talk.do(DENIED, R)
    while timers := timers_of(talk.rental):
        until(talk, first := min(timers, key=lambda timer: timer.due_at).kind)
        talk.do(TIMED[first](), S)
    assert talk.rental.state in CLOSED
    assert (payment(talk.rental).state, deposit(talk.rental).state) == ("free", "released")


# Late, in steps


def test_lateness_is_told_at_once_and_after_one_three_and_seven_days():
    talk, told = lent(Talk()), []
    while talk.now < END + timedelta(days=9):
        until(talk, "overdue")
        before = talk.rental.overdue_step
        if talk.do(TIMED["overdue"](), S).overdue_step > before:
            told.append(talk.now - END - timedelta(hours=2))
    assert told == [timedelta(), timedelta(days=1), timedelta(days=3), timedelta(days=7)]


def test_an_owner_who_does_not_confirm_a_declared_return_is_reminded_three_times():
    talk, reminded = lent(Talk()), []
    back = talk.wait(hours=5).now
    talk.do(Return(), R)
    while due(talk, "remind_inspection"):
        until(talk, "remind_inspection")
        talk.do(TIMED["remind_inspection"](), S)
        reminded.append(talk.now - back)
    assert reminded == [timedelta(days=1), timedelta(days=3), timedelta(days=6)]
    until(talk, "auto_complete")


# Gone


def test_for_its_owner_a_thing_is_lost_two_weeks_after_the_end_for_a_moderator_at_once():
    talk = lent(Talk())
    talk.now = END + timedelta(days=14, seconds=-1)
    assert code(talk, MarkLost("weg", 9000), O) == "too_early"
    rental = talk.wait(seconds=1).do(MarkLost("weg", 9000), O)
    assert (rental.cases[0].claimed, talk.last.item.status) == (9000, "missing")
    assert lent(Talk()).do(MarkLost("weg", 9000), M).state is State.LOST


def test_what_is_gone_is_missing_only_if_no_unit_is_left_and_back_on_the_shelf_when_found():
    few = Talk(replace(DRILL, units=3))
    few.calendar = replace(few.calendar, cap=3)
    lent(few).do(AdmitLoss("Vom Anhänger gefallen."), R)
    assert few.last.item is None
    talk = lent(Talk())
    talk.do(AdmitLoss("Vom Anhänger gefallen."), R)
    talk.item = talk.last.item
    talk.do(Found(), R)
    assert (talk.last.item.status, talk.last.item.rev) == ("paused", 3)


def test_a_loss_is_settled_once_its_case_is():
    talk = lent(Talk())
    talk.do(AdmitLoss("Vom Anhänger gefallen."), R)
    assert code(talk, SettleLoss(), R) == code(talk, SettleLoss(), M) == "case_open"
    talk.do(DecideCase(1, 9000, "Neuwert."), M)
    rental = talk.do(SettleLoss(), O)
    assert (rental.state, rental.closed_reason, deposit(rental).state) == (State.COMPLETED, "lost", "kept")
    assert (damages(rental).amount, damages(rental).due) == (9000, 4000)
    talk.do(ClaimEntry(EntryKind.DAMAGE, 4000, Method.CASH), R)
    assert damages(talk.do(ConfirmEntry(1 + len(rental.ledger)), O)).due == 0


# Cases of every kind


@pytest.mark.parametrize(
    ("kind", "role", "fine"),
    [
        (CaseKind.NOT_AS_DESCRIBED, R, True),
        (CaseKind.NOT_AS_DESCRIBED, O, False),
        (CaseKind.LATE, O, True),
        (CaseKind.LATE, R, False),
        (CaseKind.PAYMENT, R, True),
        (CaseKind.PAYMENT, O, True),
        (CaseKind.DAMAGE, O, False),
    ],
)
def test_while_a_thing_is_out_each_side_has_its_kinds_of_cases(kind, role, fine):
    talk = lent(Talk())
    if fine:
        assert talk.do(OpenCase(kind, "so nicht", 100), role).cases[0].payer is role.other
    else:
        assert code(talk, OpenCase(kind, "so nicht", 100), role) == "bad_kind"


def test_damage_found_later_is_claimed_for_six_months_beside_the_deposit():
    talk = lent(Talk())
    talk.do(ConfirmReturn(), O)
    case = OpenCase(CaseKind.DAMAGE, "Riss im Gehäuse", 3000)
    talk.wait(days=183).do(case, O)
    assert not talk.rental.cases[0].secured
    talk.do(AgreeSettlement(1, 3000), R)
    assert (deposit(talk.rental).state, damages(talk.rental).due) == ("released", 3000)
    assert code(talk.wait(seconds=1), case, O) == "too_late"


def test_what_was_not_as_described_makes_the_rent_less():
    talk = lent(Talk())
    talk.do(OpenCase(CaseKind.NOT_AS_DESCRIBED, "Der Akku hält keine Stunde.", 900), R)
    talk.do(AgreeSettlement(1, 900), O)
    assert payment(talk.rental).amount == 1500
    assert deposit(talk.rental).state == "received"


def test_before_it_is_handed_over_there_is_only_money_to_fight_over():
    talk = agreed(Talk())
    assert code(talk, OpenCase(CaseKind.LATE, "nie", 0), O) == "bad_kind"
    with pytest.raises(Invalid, match="bad_kind"):
        OpenCase(CaseKind.NO_SHOW, "nie", 0)


# Appeals


def decided() -> Talk:
    talk = lent(Talk())
    talk.do(DAMAGE, O)
    talk.do(DecideCase(1, 1000, "Die Hälfte."), M)
    return talk


def test_a_decision_is_appealed_once_within_two_weeks_and_holds_meanwhile():
    talk = decided()
    assert code(talk, DecideAppeal(1, 0, "nein"), M) == "case_closed"
    talk.do(AppealCase(1, "Seht euch die Fotos an."), R)
    assert (talk.rental.open_cases, deposit(talk.rental).kept) == ((), 1000)
    assert code(talk, AppealCase(1, "Ich auch."), O) == "case_closed"
    late = decided()
    late.now += timedelta(days=14, seconds=1)
    assert code(late, AppealCase(1, "Seht euch die Fotos an."), R) == "case_closed"


def test_another_moderator_decides_an_appeal_and_the_last_word_counts():
    talk = decided()
    talk.do(AppealCase(1, "Seht euch die Fotos an."), R)
    assert code(talk, DecideAppeal(1, 400, "Weniger."), M) == "own_decision"
    talk.moderator = STRANGER
    rental = talk.do(DecideAppeal(1, 400, "Weniger."), M)
    assert (deposit(rental).kept, rental.cases[0].outcome.by) == (400, STRANGER)
    assert code(talk, AppealCase(1, "Noch einmal."), R) == "case_closed"


def test_an_appeal_that_nobody_decides_leaves_the_first_decision():
    talk = decided()
    talk.do(AppealCase(1, "Seht euch die Fotos an."), R)
    at = talk.now
    until(talk, "lapse_appeal")
    assert talk.now == at + timedelta(days=30)
    rental = talk.do(TIMED["lapse_appeal"](), S)
    assert (rental.cases[0].appeal.state, deposit(rental).kept) == ("lapsed", 1000)
    assert rental.cases[0].outcome.by == UserId(MODERATOR)
