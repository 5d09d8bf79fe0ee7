"""Bargaining over dates and price: what counts, what is refused, and with which code."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.availability import free_units
from hub.errors import Conflict, Forbidden, HubError, Invalid
from hub.ids import RentalId
from hub.item import Rules, Tariff
from hub.pricing import Line
from hub.rental import (
    Accept,
    Cancel,
    Cancellation,
    Counter,
    Decline,
    IdleClose,
    Inquire,
    ModClose,
    OfferExpire,
    Opening,
    Propose,
    Request,
    Revise,
    Role,
    Snapshot,
    Standing,
    State,
    Taken,
    Terms,
    Timer,
    Withdraw,
    allowed_actions,
    decide,
)
from tests.hub.neighbours import DRILL, ELSEWHERE, HERE, MODERATOR, NOW, OWNER, RENTER, START, Talk, terms

R, O, M, S = Role.RENTER, Role.OWNER, Role.MODERATOR, Role.SYSTEM  # noqa: E741 - O for owner, beside R for renter


def refused(talk: Talk, command, role: Role) -> HubError:
    before = talk.rental, talk.calendar
    with pytest.raises(HubError) as refusal:
        talk.do(command, role)
    assert (talk.rental, talk.calendar) == before
    return refusal.value


def code(talk: Talk, command, role: Role) -> str:
    return refused(talk, command, role).code


def lending(**rules) -> Talk:
    return Talk(replace(DRILL, rules=Rules(**rules)))


# A story that goes well


def test_two_neighbours_agree_after_a_counter_and_a_revision():
    talk = Talk().requested()
    talk.do(Counter(terms(days=3), answers_rev=1), O)
    talk.do(Revise(terms(days=4), answers_rev=2), O)
    talk.wait(hours=1).do(Accept(3), R)
    rental = talk.rental
    assert (rental.state, rental.rev, rental.live.by, rental.live.terms.price) == (State.CONFIRMED, 4, O, 4800)
    assert [offer.rev for offer in rental.offers] == [1, 2]
    assert [(b.rental, b.s, b.e, b.st) for b in talk.calendar.busy] == [
        (rental.id, START, START + timedelta(days=4, hours=2), "confirmed")
    ]
    assert talk.last.timers == (
        Timer("remind_start", START - timedelta(days=1)),
        Timer("unclaimed", START + timedelta(days=5)),
    )
    assert talk.last.events[0].by == RENTER


def test_an_inquiry_becomes_an_offer_by_either_side():
    talk = Talk()
    assert talk.do(Inquire(), R).offer is None
    assert talk.last.timers == (Timer("idle_close", NOW + timedelta(days=30)),)
    assert talk.do(Propose(terms()), O).live.by is O
    asked = Talk()
    asked.do(Inquire(), R)
    assert asked.do(Request(terms()), R).live.by is R


def test_the_rental_remembers_the_item_as_it_was_offered():
    talk = Talk().requested()
    talk.item = replace(DRILL, title="Schlagbohrmaschine", tariff=Tariff(day=1500, deposit=5000), rev=2)
    assert talk.rental.snapshot == Snapshot("Bohrmaschine", DRILL.tariff)
    assert talk.do(Accept(1), O).live.terms.price == 2400
    assert talk.rental.snapshot.title == "Bohrmaschine"


def test_the_hub_writes_line_items_and_place_itself():
    forged = terms(lines=(Line("day", 1, 1, 1, 1),))
    talk = Talk()
    talk.do(Request(forged), R)
    assert talk.rental.live.terms.lines == (Line("day", 2, 1, 1200, 2400),)
    assert talk.rental.live.terms.place == HERE


def test_a_negotiated_price_needs_no_tariff_but_adds_up():
    talk = Talk().requested(price=2000, negotiated=True)
    agreed = talk.do(Accept(1), O).live.terms
    assert agreed.lines == (Line("day", 2, 1, 1200, 2400), Line("negotiated", 1, 1, -400, -400))
    assert sum(line.amt for line in agreed.lines) == agreed.price == 2000
    assert Talk().requested(price=0, negotiated=True).rental.live.terms.price == 0


def test_free_lending_is_asked_for_like_anything_else():
    talk = Talk(replace(DRILL, tariff=Tariff(day=0))).requested()
    assert talk.do(Accept(1), O).live.terms.price == 0


def test_events_tell_the_offer():
    talk = Talk().requested()
    (event,) = talk.last.events
    assert event.by == RENTER
    assert event.data == {
        "rental": "2" * 32,
        "item": DRILL.id,
        "rev": 1,
        "state": "negotiating",
        "offer": {
            "rev": 1,
            "by": "renter",
            "expires_at": "2026-04-02T09:00:00Z",
            "terms": {
                "start": "2026-04-10T08:00:00Z",
                "end": "2026-04-12T08:00:00Z",
                "q": 1,
                "price": 2400,
                "cur": "EUR",
                "deposit": 5000,
                "lines": [{"code": "day", "n": 2, "q": 1, "each": 1200, "amt": 2400}],
                "negotiated": False,
                "place": HERE,
            },
        },
    }


# How long an offer lives


@pytest.mark.parametrize(
    ("ahead", "ttl", "lives"),
    [
        (timedelta(days=9), None, timedelta(hours=24)),
        (timedelta(hours=48), None, timedelta(hours=24)),
        (timedelta(hours=10), None, timedelta(hours=5)),
        (timedelta(minutes=90), None, timedelta(hours=1)),
        (timedelta(minutes=30), None, timedelta(minutes=30)),  # never past the start
        (timedelta(days=9), 7 * 24 * 60, timedelta(days=7)),
        (timedelta(hours=10), 60, timedelta(hours=1)),
        (timedelta(hours=10), 24 * 60, timedelta(hours=10)),
    ],
)
def test_an_offer_lives_by_the_nearness_of_its_start(ahead, ttl, lives):
    talk = lending(offer_ttl_min=ttl).requested(start=NOW + ahead)
    assert talk.rental.live.expires_at == NOW + lives
    assert talk.last.timers == (Timer("offer_expire", NOW + lives),)


def test_records_keep_whole_seconds_so_that_timer_and_log_agree():
    talk = Talk(now=NOW + timedelta(seconds=1, microseconds=654_321)).requested(start=NOW + timedelta(minutes=181))
    moments = (talk.rental.created_at, talk.rental.updated_at, talk.rental.live.expires_at)
    assert [moment.microsecond for moment in moments] == [0, 0, 0]
    talk.wait(minutes=5).do(Withdraw("changed_mind"), R)
    assert (talk.rental.created_at, talk.rental.updated_at) == (moments[0], moments[1] + timedelta(minutes=5))


def test_time_ends_an_offer_with_or_without_its_timer():
    talk = Talk().requested()
    assert code(talk, OfferExpire(), S) == "not_due"
    talk.now = talk.rental.live.expires_at
    assert code(talk, Accept(1), O) == "offer_expired"
    assert code(talk, Counter(terms(), 1), O) == "offer_expired"
    assert code(talk, Revise(terms()), R) == "offer_expired"
    assert talk.do(OfferExpire(), S).closed_reason == "offer_expired"
    assert code(talk, Accept(1), O) == "offer_expired"
    assert code(talk, OfferExpire(), S) == "wrong_state"


def test_a_stale_timer_does_nothing_to_the_offer_that_came_after():
    talk = Talk().requested()
    first = talk.rental.live.expires_at
    talk.wait(hours=20).do(Counter(terms(days=3), 1), O)
    talk.now = first
    assert code(talk, OfferExpire(), S) == "not_due"


def test_an_idle_inquiry_ends_after_thirty_days():
    talk = Talk()
    talk.do(Inquire(), R)
    assert code(talk.wait(days=29), IdleClose(), S) == "not_due"
    assert talk.wait(days=1).do(IdleClose(), S).closed_reason == "idle"


# Whose turn it is, and which offer is meant


def test_nobody_answers_their_own_offer():
    talk = Talk().requested()
    assert code(talk, Accept(1), R) == code(talk, Counter(terms(), 1), R) == "not_your_turn"
    assert code(talk, Revise(terms()), O) == "not_your_turn"
    talk.do(Counter(terms(), 1), O)
    assert code(talk, Accept(2), O) == code(talk, Revise(terms()), R) == "not_your_turn"


def test_an_old_offer_cannot_be_answered():
    talk = Talk().requested()
    talk.do(Revise(terms(days=3)), R)
    for late in (Accept(1), Counter(terms(), 1)):
        refusal = refused(talk, late, O)
        assert (refusal.kind, refusal.code, refusal.data) == ("conflict", "offer_superseded", {"rev": 2})
    assert code(talk, Revise(terms(), answers_rev=1), R) == "offer_superseded"
    assert code(talk, Accept(3), O) == "offer_superseded"
    assert talk.do(Accept(2), O).state is State.CONFIRMED


def test_an_agreed_offer_can_be_neither_revised_nor_accepted_again():
    talk = Talk().requested()
    talk.do(Accept(1), O)
    assert code(talk, Revise(terms()), R) == code(talk, Accept(1), O) == "wrong_state"


def test_after_twenty_rounds_they_must_decide():
    talk = Talk().requested()
    for rev in range(1, 21):
        answer = Revise(terms(days=rev)) if rev % 3 else Counter(terms(days=rev), rev)
        by = talk.rental.live.by if rev % 3 else (O if talk.rental.live.by is R else R)
        talk.do(answer, by)
    holder = talk.rental.live.by
    answerer = O if holder is R else R
    assert refused(talk, Revise(terms()), holder).data["of"] == "rounds"
    assert code(talk, Counter(terms(), 21), answerer) == "quota_exceeded"
    assert len(talk.rental.offers) == 20
    assert not {"counter", "revise"} & {
        *allowed_actions(talk.rental, R, talk.now),
        *allowed_actions(talk.rental, O, talk.now),
    }
    assert talk.do(Accept(21), answerer).state is State.CONFIRMED


# What may be offered


@pytest.mark.parametrize(
    ("rules", "offered", "said"),
    [
        ({"lead_min": 60}, {"start": NOW + timedelta(minutes=59)}, "outside_window"),
        ({}, {"start": NOW}, "outside_window"),
        ({}, {"start": NOW - timedelta(days=1)}, "outside_window"),
        ({"horizon_days": 10}, {"start": NOW + timedelta(days=9), "days": 2}, "outside_window"),
        ({"min_min": 120}, {"days": 119 / 1440}, "too_short"),
        ({"max_days": 3}, {"days": 3 + 1 / 1440}, "too_long"),
        ({}, {"q": 2}, "too_many_units"),
        ({}, {"place": ELSEWHERE}, "bad_place"),
    ],
)
def test_offers_keep_to_the_owners_rules(rules, offered, said):
    talk = lending(**rules)
    refusal = refused(talk, Request(terms(talk.item, **offered)), R)
    assert isinstance(refusal, Invalid)
    assert refusal.code == said
    talk.requested(start=NOW + timedelta(days=5))
    for command, role in ((Counter(terms(talk.item, **offered), 1), O), (Revise(terms(talk.item, **offered)), R)):
        assert code(talk, command, role) == said


@pytest.mark.parametrize(
    ("rules", "offered"),
    [
        ({"lead_min": 60}, {"start": NOW + timedelta(minutes=60)}),
        ({"horizon_days": 10}, {"start": NOW + timedelta(days=8), "days": 2}),
        ({"min_min": 120}, {"days": 120 / 1440}),
        ({"max_days": 3}, {"days": 3}),
    ],
)
def test_the_limits_themselves_are_allowed(rules, offered):
    assert lending(**rules).requested(**offered).rental.state is State.NEGOTIATING


def test_three_days_over_a_clock_change_are_three_days():
    start = NOW.replace(month=10, day=24)  # until the 27th, 73 hours
    talk = Talk(replace(DRILL, rules=Rules(max_days=3)), now=start - timedelta(days=5))
    assert talk.requested(start=start, days=73 / 24).rental.live.terms.price == 3600


@pytest.mark.parametrize("seen", [{"price": 2399}, {"price": 0}, {"deposit": 0}, {"cur": "CHF"}])
def test_a_price_the_client_did_not_see_is_told(seen):
    refusal = refused(Talk(), Request(terms(**seen)), R)
    assert (refusal.code, refusal.data) == ("price_changed", {"price": 2400, "deposit": 5000, "cur": "EUR"})


def test_the_deposit_and_the_currency_are_not_negotiable():
    assert code(Talk(), Request(terms(price=1, deposit=0, negotiated=True)), R) == "price_changed"
    assert code(Talk(), Request(terms(price=1, cur="USD", negotiated=True)), R) == "price_changed"


def test_a_new_tariff_counts_for_the_next_offer():
    talk = Talk().requested()
    talk.item = replace(DRILL, tariff=Tariff(day=1500, deposit=5000))
    assert code(talk, Revise(terms()), R) == "price_changed"
    assert talk.do(Revise(terms(talk.item)), R).snapshot.tariff.day == 1500


@pytest.mark.parametrize("wrong", [{"q": 0}, {"q": True}, {"price": -1}, {"deposit": -1}])
def test_terms_without_sense_do_not_exist(wrong):
    with pytest.raises(Invalid, match="bad_terms"):
        terms(**wrong)


def test_terms_of_no_length_do_not_exist():
    with pytest.raises(Invalid, match="bad_period"):
        Terms(START, START, 1, 0, "EUR", 0)


@pytest.mark.parametrize("reason", ["", "Because!", "x" * 33, "1st", "no\n"])
def test_reasons_are_codes(reason):
    with pytest.raises(Invalid, match="bad_reason"):
        Decline(reason)


# People


@pytest.mark.parametrize(
    ("standing", "said"), [(Standing(blocked=True), "blocked"), (Standing(suspended=True), "suspended")]
)
def test_blocked_or_suspended_people_make_no_new_commitments_but_can_leave(standing, said):
    fresh = Talk(standing=standing)
    assert code(fresh, Inquire(), R) == code(fresh, Request(terms()), R) == said
    talk = Talk().requested()
    talk.standing = standing
    for command, role in ((Accept(1), O), (Counter(terms(), 1), O), (Revise(terms()), R)):
        refusal = refused(talk, command, role)
        assert isinstance(refusal, Forbidden)
        assert refusal.code == said
    assert talk.do(Withdraw("changed_mind"), R).state is State.WITHDRAWN


def test_who_was_blocked_meets_words_that_do_not_tell_and_can_leave():
    assert code(Talk(standing=Standing(shunned=True)), Request(terms()), R) == "item_unavailable"
    talk = Talk().requested()
    talk.standing = Standing(shunned=True)
    assert code(talk, Revise(terms()), R) == "item_unavailable"
    assert code(talk, Accept(1), O) == code(talk, Counter(terms(), 1), O) == "wrong_state"
    assert talk.do(Decline("other_plans"), O).state is State.DECLINED


def test_who_blocked_is_reminded_of_it_even_if_it_was_mutual():
    assert code(Talk(standing=Standing(blocked=True, shunned=True)), Request(terms()), R) == "blocked"


def test_a_renter_with_too_much_going_on_asks_for_no_more():
    assert code(Talk(standing=Standing(over_quota=True)), Request(terms()), R) == "quota_exceeded"


def test_nobody_borrows_from_themselves():
    talk = Talk(opening=Opening(RentalId("2" * 32), "3" * 32, OWNER))
    assert code(talk, Request(terms()), R) == code(talk, Inquire(), R) == "own_item"


def test_a_paused_item_finishes_its_talks_and_an_archived_one_ends_them():
    paused, archived = replace(DRILL, status="paused"), replace(DRILL, status="archived")
    assert code(Talk(paused), Request(terms()), R) == code(Talk(paused), Inquire(), R) == "item_unavailable"
    talk = Talk().requested()
    talk.item = archived
    assert code(talk, Accept(1), O) == code(talk, Counter(terms(), 1), O) == "item_unavailable"
    talk.item = paused
    assert talk.do(Accept(1), O).state is State.CONFIRMED
    talk.item = archived
    assert talk.do(Cancel("sold"), O).state is State.CANCELLED


def test_no_and_never_mind_keep_their_reason():
    assert Talk().requested().do(Decline("too_long_for_me"), O).closed_reason == "too_long_for_me"
    assert Talk().requested().do(Withdraw("found_another"), R).closed_reason == "found_another"


def test_an_owner_who_says_taken_has_declined_all_the_same():
    talk = Talk().requested()
    talk.do(Decline("taken"), O)
    assert code(talk, Accept(1), O) == "wrong_state"


def test_a_moderator_closes_under_their_name():
    talk = Talk().requested()
    assert talk.do(ModClose("taken"), M).closed_reason == "moderated"
    assert (talk.last.events[0].by, talk.last.events[0].data["reason"]) == (MODERATOR, "taken")
    assert code(talk, Accept(1), O) == "wrong_state"


def test_acting_without_a_name_or_opening_without_ids_is_a_bug_not_a_refusal():
    talk = Talk().requested()
    known = {"item": talk.item, "calendar": talk.calendar, "now": talk.now}
    with pytest.raises(ValueError, match="moderator"):
        decide(talk.rental, ModClose("spam"), role=M, **known)
    with pytest.raises(ValueError, match="opening"):
        decide(None, Inquire(), role=R, **known)


# The calendar


def test_a_request_does_not_hold_its_dates():
    assert Talk().requested().calendar.busy == ()
    assert Talk().fill().requested().rental.state is State.NEGOTIATING


def test_two_rivals_cannot_both_be_accepted():
    one = Talk().requested()
    two = Talk(opening=Opening(RentalId("4" * 32), "5" * 32, RENTER)).requested(start=START + timedelta(days=1))
    one.do(Accept(1), O)
    two.calendar = one.calendar
    assert code(two, Accept(1), O) == "slot_unavailable"
    assert two.do(Taken(), S).closed_reason == "taken"
    assert code(two, Accept(1), O) == "slot_unavailable"
    assert code(two, Revise(terms()), R) == "wrong_state"


def test_the_turnaround_belongs_to_the_rental_before():
    talk = Talk().requested()
    talk.do(Accept(1), O)
    end = START + timedelta(days=2)
    for start, fits in ((end + timedelta(minutes=119), False), (end + timedelta(minutes=120), True)):
        next_one = Talk(opening=Opening(RentalId("4" * 32), "5" * 32, RENTER), calendar=talk.calendar)
        next_one.requested(start=start)
        if fits:
            next_one.do(Accept(1), O)
        else:
            assert code(next_one, Accept(1), O) == "slot_unavailable"


def test_a_rental_before_another_leaves_time_for_the_turnaround():
    for gap_min, answer in ((119, "slot_unavailable"), (120, "confirmed")):
        talk = Talk().requested()
        end = talk.rental.live.terms.end
        talk.fill(end + timedelta(minutes=gap_min), end + timedelta(days=1))
        if answer == "confirmed":
            assert talk.do(Accept(1), O).state == answer
        else:
            assert code(talk, Accept(1), O) == answer


def test_units_are_shared_until_they_are_gone():
    benches = replace(DRILL, units=3)
    talk = Talk(benches).fill(q=1).requested(q=3)
    assert code(talk, Accept(1), O) == "slot_unavailable"
    talk.do(Revise(terms(benches, q=2)), R)
    talk.do(Accept(2), O)
    assert talk.rental.q == 2
    assert free_units(talk.calendar, START, START + timedelta(hours=1)) == 0


def test_taken_is_told_only_where_it_is_true():
    talk = Talk().requested()
    assert code(talk, Taken(), S) == "slot_free"
    assert talk.fill().do(Taken(), S).state is State.EXPIRED


@pytest.mark.parametrize("role", [R, O, M])
def test_a_cancelled_rental_lets_go_and_keeps_who_and_why(role):
    talk = Talk().requested()
    talk.do(Accept(1), O)
    talk.wait(days=1).do(Cancel("ill"), role)
    assert talk.rental.cancel == Cancellation(role, "ill", NOW + timedelta(days=1))
    assert talk.calendar.busy == talk.calendar.full == ()
    assert talk.last.events[0].data["by_role"] == role
    again = Talk(calendar=talk.calendar).requested()
    assert again.do(Accept(1), O).state is State.CONFIRMED


def test_offers_hold_their_dates_where_the_owner_wants_it_so():
    talk = lending(pending_blocks=True).requested()
    assert [busy.st for busy in talk.calendar.busy] == ["pending"]
    rival = Talk(talk.item, calendar=talk.calendar, opening=Opening(RentalId("4" * 32), "5" * 32, RENTER))
    assert code(rival, Request(terms()), R) == "slot_unavailable"
    talk.do(Revise(terms(days=3)), R)
    assert talk.calendar.busy[0].e == START + timedelta(days=3)
    talk.do(Accept(2), O)
    assert [busy.st for busy in talk.calendar.busy] == ["confirmed"]


@pytest.mark.parametrize(
    ("command", "role"), [(OfferExpire(), S), (Decline("no"), O), (Withdraw("no"), R), (ModClose("no"), M)]
)
def test_dates_never_stay_held_when_the_talk_is_over(command, role):
    talk = lending(pending_blocks=True).requested()
    if role is S:
        talk.now = talk.rental.live.expires_at
    talk.do(command, role)
    assert talk.calendar.busy == ()


def test_an_unchanged_calendar_is_not_written():
    assert Talk().requested().last.calendar is None
    talk = Talk().requested()
    talk.do(Decline("no"), O)
    assert talk.last.calendar is None


def test_deciding_twice_the_same_gives_the_same_and_changes_nothing():
    talk = Talk().requested()
    before = (talk.rental, talk.calendar)
    known = {"role": O, "item": talk.item, "calendar": talk.calendar, "now": talk.now}
    assert decide(talk.rental, Accept(1), **known) == decide(talk.rental, Accept(1), **known)
    assert (talk.rental, talk.calendar) == before


def test_a_conflict_is_told_apart_from_a_wrong_request():
    assert isinstance(refused(Talk(), Request(terms(price=1)), R), Conflict)
    assert isinstance(refused(Talk(), Request(terms(q=2)), R), Invalid)
