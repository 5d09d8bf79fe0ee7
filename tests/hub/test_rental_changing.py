"""Booking at once, holding for what is missing, and changing what was agreed: when each opens and what it costs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.errors import HubError
from hub.item import PrereqKind, Rules
from hub.lateness import LateFee
from hub.rental import (
    GOOD_STANDING,
    TIMED,
    Accept,
    AcceptChange,
    AtRisk,
    Cancel,
    ClaimEntry,
    ClaimNonReturn,
    ConfirmEntry,
    ConfirmReturn,
    DeclineChange,
    EntryKind,
    HandOver,
    Inquire,
    InstantBook,
    Method,
    ProposeChange,
    Return,
    ReturnPart,
    Role,
    Satisfy,
    State,
    WithdrawChange,
    changed_quote,
    deposit,
    open_kinds,
    payment,
    timers_of,
    told,
)
from tests.hub.neighbours import DRILL, START, Talk, terms
from tests.hub.situations import agreed, deposited, lent, until

R, O, S = Role.RENTER, Role.OWNER, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter
END = START + timedelta(days=2)
TURNAROUND = timedelta(hours=2)
INSTANT = replace(DRILL, rules=Rules(turnaround_min=120, instant=True, min_trust=1))
CAREFUL = replace(DRILL, prereqs=(PrereqKind.DEPOSIT, PrereqKind.BRIEFING, PrereqKind.IDENTITY))


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
    return busy.s, busy.e, busy.q


def other(talk: Talk, **changes) -> ProposeChange:
    """Other terms at the price that the hub asks."""
    new = terms(talk.item, **changes)
    return ProposeChange(replace(new, price=changed_quote(talk.rental, new).price))


# Booking at once


def test_who_is_trusted_books_without_asking():
    talk = Talk(INSTANT, standing=replace(GOOD_STANDING, trust=1))
    rental = talk.do(InstantBook(terms()), R)
    assert (rental.state, rental.live.by, rental.agreed_at) == (State.CONFIRMED, R, talk.now)
    assert held(talk) == (START, END + TURNAROUND, 1)


def test_an_inquiry_is_booked_in_its_own_room():
    talk = Talk(INSTANT, standing=replace(GOOD_STANDING, trust=2))
    talk.do(Inquire(), R)
    assert talk.do(InstantBook(terms()), R).state is State.CONFIRMED


@pytest.mark.parametrize(
    ("talk", "terms_", "refusal"),
    [
        (Talk(DRILL), terms(), "not_instant"),
        (Talk(INSTANT), terms(), "trust_too_low"),
        (Talk(INSTANT, standing=replace(GOOD_STANDING, trust=1)), terms(price=1, negotiated=True), "price_changed"),
        (Talk(INSTANT, standing=replace(GOOD_STANDING, trust=1)), terms(price=1), "price_changed"),
        (Talk(INSTANT, standing=replace(GOOD_STANDING, trust=1)).fill(), terms(), "slot_unavailable"),
        (Talk(INSTANT, standing=replace(GOOD_STANDING, trust=1, over_quota=True)), terms(), "quota_exceeded"),
    ],
)
def test_whom_and_what_the_owner_wants_to_be_asked_about(talk, terms_, refusal):
    assert code(talk, InstantBook(terms_), R) == refusal


# What is asked for first


def test_an_agreement_waits_for_all_that_is_missing_and_then_is_firm():
    talk = Talk(CAREFUL).requested()
    talk.do(Accept(1), O)
    assert (talk.rental.state, open_kinds(talk.rental)) == (State.HELD, CAREFUL.prereqs)
    assert code(talk, Satisfy(PrereqKind.BRIEFING), O) == "not_required"
    assert code(talk, Satisfy(PrereqKind.DEPOSIT), R) == "not_required"
    talk.do(Satisfy(PrereqKind.BRIEFING), R)
    assert code(talk, Satisfy(PrereqKind.BRIEFING), R) == "not_required"
    talk.do(Satisfy(PrereqKind.IDENTITY), O)
    talk.do(ClaimEntry(EntryKind.DEPOSIT_IN, 5000, Method.TRANSFER), R)
    assert due(talk, "fulfil") is None
    talk.do(ConfirmEntry(1), O)
    assert (due(talk, "fulfil"), due(talk, "hold_timeout")) == (talk.rental.updated_at, None)
    assert talk.do(TIMED["fulfil"](), S).state is State.CONFIRMED


def test_what_the_ledger_knows_already_is_not_asked_for():
    talk = Talk(replace(DRILL, prereqs=(PrereqKind.DEPOSIT,), tariff=replace(DRILL.tariff, deposit=0))).requested()
    assert talk.do(Accept(1), O).state is State.CONFIRMED


@pytest.mark.parametrize(
    ("notice", "holds"),
    [
        (timedelta(days=9), timedelta(days=1)),
        (timedelta(hours=10), timedelta(hours=9)),
        (timedelta(minutes=70), timedelta(minutes=15)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_dates_are_held_for_a_day_until_an_hour_before_but_at_least_a_quarter(notice, holds):
    talk = Talk(CAREFUL, now=START - notice).requested()
    talk.do(Accept(1), O)
    assert due(talk, "hold_timeout") == talk.now + holds
    until(talk, "hold_timeout")
    rental = talk.do(TIMED["hold_timeout"](), S)
    assert (rental.state, rental.closed_reason, talk.calendar.busy) == (State.EXPIRED, "hold_timeout", ())


def test_what_was_paid_for_an_agreement_that_expired_is_to_be_given_back():
    talk = Talk(CAREFUL).requested()
    talk.do(Accept(1), O)
    deposited(talk)
    talk.do(ClaimEntry(EntryKind.RENT, 2400, Method.CASH), R)
    talk.do(ConfirmEntry(2), O)
    talk.do(TIMED["hold_timeout"](), S)
    assert (deposit(talk.rental).state, payment(talk.rental).refund) == ("released", 2400)
    assert talk.do(ClaimEntry(EntryKind.REFUND, 2400, Method.CASH), O).ledger[-1].open


# Changing what was agreed


def test_nothing_changes_before_the_other_side_agrees_then_all_at_once():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    rental = talk.do(other(talk, days=3), R)
    assert (rental.live.terms.end, held(talk)) == (END, (START, END + TURNAROUND, 1))
    rental = talk.do(AcceptChange(1), O)
    longer = START + timedelta(days=3)
    assert (rental.live.terms.end, rental.live.terms.price, rental.live.rev) == (longer, 3600, 2)
    assert sum(line.amt for line in rental.live.terms.lines) == 3600
    assert held(talk) == (START, longer + TURNAROUND, 1)
    assert [offer.rev for offer in rental.offers] == [1]
    assert told(rental)["payment"]["amount"] == 3600


def test_a_change_adds_the_difference_of_the_tariff_agreed_on_to_the_agreed_price():
    talk = Talk().requested(price=1500, negotiated=True)
    talk.do(Accept(1), O)
    talk.item = replace(talk.item, tariff=replace(DRILL.tariff, day=9900), rev=2)
    assert code(talk, ProposeChange(terms(days=3)), R) == "price_changed"
    talk.do(ProposeChange(replace(terms(days=3), price=2700)), R)
    assert talk.do(AcceptChange(1), O).live.terms.price == 2700


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"days": 2}, "nothing_changed"),
        ({"q": 2}, "too_many_units"),
        ({"start": START - timedelta(days=30)}, "outside_window"),
        ({"days": 31}, "too_long"),
        ({"days": 1 / 48}, "too_short"),
        ({"start": START + timedelta(days=360), "days": 9}, "outside_window"),
    ],
)
def test_what_cannot_be_proposed(changes, refusal):
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    assert code(talk, other(talk, **changes), R) == refusal


def test_what_somebody_else_has_cannot_be_moved_into_neither_when_proposed_nor_when_accepted():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    later = other(talk, start=START + timedelta(days=5))
    talk.do(later, R)
    talk.fill(START + timedelta(days=6), START + timedelta(days=7))
    assert code(talk, AcceptChange(1), O) == "slot_unavailable"
    assert code(talk, later, R) == "slot_unavailable"


def test_who_proposed_may_propose_anew_or_let_it_go_and_the_other_answers_the_last():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    talk.do(other(talk, days=3), R)
    assert code(talk, other(talk, days=4), O) == "change_pending"
    talk.do(other(talk, days=4), R)
    assert code(talk, AcceptChange(1), O) == "change_superseded"
    assert code(talk, AcceptChange(2), R) == "not_your_turn"
    assert code(talk, WithdrawChange(2), O) == "not_your_turn"
    talk.do(WithdrawChange(2), R)
    assert code(talk, AcceptChange(2), O) == "change_closed"
    talk.do(other(talk, days=5), O)
    assert talk.do(DeclineChange(3), R).live.terms.end == END


def test_an_unanswered_change_expires_and_never_after_its_start():
    talk = agreed(Talk())
    talk.now = START - timedelta(hours=4)
    talk.do(other(talk, days=3), R)
    assert due(talk, "expire_change") == START
    talk.now = START
    assert code(talk, AcceptChange(1), O) == "change_closed"
    talk.do(TIMED["expire_change"](), S)
    assert talk.rental.change.state == "expired"


def test_a_change_is_void_as_soon_as_the_rental_moves_on():
    talk = agreed(Talk())
    talk.now = START - timedelta(hours=4)
    talk.do(other(talk, days=3), R)
    rental = talk.do(HandOver(verified=True), O)
    assert (rental.change.state, due(talk, "expire_change")) == ("void", None)


def test_what_is_out_changes_its_end_alone_and_is_then_not_late_any_more():
    talk = lent(Talk(replace(DRILL, units=2)))
    talk.now = END + timedelta(hours=3)
    talk.do(TIMED["overdue"](), S)
    talk.do(ClaimNonReturn(), O)
    assert code(talk, other(talk, start=START + timedelta(days=1)), R) == "outside_window"
    assert code(talk, other(talk, q=2), R) == "outside_window"
    talk.do(other(talk, days=4), R)
    rental = talk.do(AcceptChange(1), O)
    late = (rental.overdue_since, rental.overdue_step, rental.extended_at, rental.non_return_at)
    assert late == (None, 0, None, None)
    assert due(talk, "overdue") == START + timedelta(days=4, hours=2)
    assert held(talk) == (START, START + timedelta(days=4) + TURNAROUND, 1)


def test_an_archived_thing_is_lent_for_less_but_not_for_more():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    talk.item = replace(talk.item, status="archived")
    assert code(talk, other(talk, days=3), R) == "item_unavailable"
    assert talk.do(other(talk, days=1), R).open_change


def test_more_units_need_a_higher_deposit_and_free_them_when_fewer():
    talk = Talk(replace(DRILL, units=3))
    talk.calendar = replace(talk.calendar, cap=3)
    agreed(talk)
    talk.now = START - timedelta(days=3)
    talk.do(other(talk, q=3), R)
    rental = talk.do(AcceptChange(1), O)
    assert (rental.q, deposit(rental).state, deposit(rental).amount) == (3, "due", 15000)
    assert held(talk)[2] == 3
    talk.do(other(talk, q=1), R)
    talk.do(AcceptChange(2), O)
    assert held(talk)[2] == 1


def test_a_rental_is_changed_only_so_often():
    talk = agreed(Talk())
    talk.now = START - timedelta(days=3)
    for no in range(30):
        talk.do(other(talk, days=3 + no % 2), R)
    assert code(talk, other(talk, days=3), R) == "quota_exceeded"


def test_who_moves_away_from_somebody_late_is_safe():
    talk = agreed(Talk())
    talk.now = START - timedelta(hours=1)
    talk.fill()
    talk.do(AtRisk(), S)
    talk.do(other(talk, start=START + timedelta(days=1)), R)
    assert talk.do(AcceptChange(1), O).at_risk_since is None


# Some of several


def several() -> Talk:
    """Three are out."""
    talk = Talk(replace(DRILL, units=3, tariff=replace(DRILL.tariff, late_fee=LateFee(cap=4000, per_day=1500))))
    talk.calendar = replace(talk.calendar, cap=3)
    talk.requested(q=3).do(Accept(1), O)
    deposited(talk, 15000).do(HandOver(verified=True), O)
    return talk


def test_what_comes_back_first_is_free_after_the_turnaround_and_the_rest_stays_out():
    talk = several()
    talk.wait(hours=4).do(ReturnPart(2, verified=True), R)
    assert [(busy.q, busy.e) for busy in talk.calendar.busy] == [(2, talk.now + TURNAROUND), (1, END + TURNAROUND)]
    assert (talk.rental.state, talk.rental.out) == (State.ACTIVE, 1)
    assert code(talk, ReturnPart(1), O) == "bad_units"


def test_no_part_is_back_by_the_renters_word_alone():
    talk = several()
    assert code(talk, ReturnPart(1), R) == "code_required"
    assert code(talk, ReturnPart(3, verified=True), R) == "bad_units"
    assert talk.do(ReturnPart(1), O).out == 2


def test_only_what_is_late_costs():
    talk = several()
    talk.do(ReturnPart(2), O)
    talk.now = END + timedelta(hours=3)
    talk.do(Return(verified=True), R)
    assert told(talk.rental)["returned"]["fee"] == 1500
    assert talk.do(ConfirmReturn(), O).state is State.COMPLETED


# Reminders


def test_both_are_reminded_of_the_start_and_the_renter_of_the_end_once_each():
    talk = agreed(Talk())
    assert due(talk, "remind_start") == START - timedelta(days=1)
    talk.now = START - timedelta(days=1)
    talk.do(TIMED["remind_start"](), S)
    assert due(talk, "remind_start") is None
    talk.now = START - timedelta(hours=23)
    talk.do(other(talk, start=START + timedelta(days=4)), R)
    talk.do(AcceptChange(1), O)
    assert due(talk, "remind_start") == START + timedelta(days=3)
    talk.do(Cancel("ill"), R)
    assert timers_of(talk.rental) == ()


def test_what_is_agreed_at_short_notice_needs_no_reminder():
    talk = Talk(now=START - timedelta(hours=20)).requested()
    talk.do(Accept(1), O)
    assert due(talk, "remind_start") is None
