"""Blind, one each, for 14 days; bad words may be said, and nothing that is half said is ever read."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hub.errors import Conflict, Invalid, NotFound
from hub.notice import REVIEW_NOTICES, review_notices
from hub.rental import Accept, Cancel, Decline, Role, State
from hub.review import TAGS, WINDOW, Round, Stars, Verdict, answer, close, opened_by, say, score_of
from tests.hub.neighbours import NOW, OWNER, RENTER, START, Talk

GOOD = Verdict(Stars(5, 5, 4, item=5), ("friendly",), "Gerne wieder.", "Danke für den Kaffee.")
BAD = Verdict(Stars(1, 2, 1), ("late", "dirty"), "Nie wieder.")
SKIP = Verdict(thanks="Alles gut.")
LATER = NOW + timedelta(days=1)


def agreed() -> Talk:
    talk = Talk().requested()
    talk.do(Accept(1), Role.OWNER)
    return talk


def ended(state: State = State.COMPLETED) -> Round:
    before = agreed().rental
    return opened_by(before, replace(before, state=state, ended_at=NOW, updated_at=NOW))


@pytest.mark.parametrize("state", [State.COMPLETED, State.NO_SHOW])
def test_a_rental_that_came_to_its_end_opens_a_round_for_fourteen_days(state):
    found = ended(state)
    assert (found.opened_at, found.closes_at) == (NOW, NOW + WINDOW)
    assert (found.owner, found.renter, found.reviews, found.published_at) == (OWNER, RENTER, (), None)


@pytest.mark.parametrize(
    ("before_start", "opens"),
    [
        (timedelta(hours=48, seconds=1), False),
        (timedelta(hours=48), True),
        (timedelta(hours=1), True),
        (-timedelta(hours=1), True),
    ],
)
def test_a_cancellation_counts_when_it_comes_near_the_start(before_start, opens):
    talk = agreed()
    before, talk.now = talk.rental, START - before_start
    assert (opened_by(before, talk.do(Cancel("illness"), Role.RENTER)) is not None) == opens


def test_what_never_was_agreed_is_not_reviewed():
    talk = Talk().requested()
    before = talk.rental
    assert opened_by(before, talk.do(Decline("other_plans"), Role.OWNER)) is None
    assert opened_by(None, before) is None


def test_a_round_opens_once():
    done = replace(agreed().rental, state=State.COMPLETED)
    assert opened_by(done, done) is None


@pytest.mark.parametrize(("first", "second"), [(GOOD, BAD), (GOOD, SKIP), (SKIP, SKIP)])
def test_it_is_sealed_until_both_have_spoken(first, second):
    one = say(ended(), RENTER, first, LATER)
    assert one.published_at is None
    both = say(one, OWNER, second, LATER)
    assert both.published_at == LATER
    assert {review.author: review.verdict for review in both.reviews} == {RENTER: first, OWNER: second}


def test_until_then_one_may_think_again():
    once = say(ended(), RENTER, BAD, NOW)
    again = say(once, RENTER, GOOD, LATER)
    assert [review.verdict for review in again.reviews] == [GOOD]
    assert again.reviews[0].id == once.reviews[0].id
    assert [review.verdict for review in say(again, RENTER, SKIP, LATER).reviews] == [SKIP]


def test_the_same_again_changes_nothing_even_when_all_is_over():
    both = say(say(ended(), RENTER, GOOD, NOW), OWNER, BAD, NOW)
    assert say(both, RENTER, GOOD, NOW + 2 * WINDOW) is both
    with pytest.raises(Conflict, match="reviews_closed"):
        say(both, RENTER, BAD, NOW)


def test_nobody_speaks_when_the_time_is_over():
    found = ended()
    for now in (found.closes_at, found.closes_at + WINDOW):
        with pytest.raises(Conflict, match="reviews_closed"):
            say(found, RENTER, GOOD, now)
    assert say(found, RENTER, GOOD, found.closes_at - timedelta(seconds=1)).reviews


def test_time_publishes_what_was_said_once():
    one = say(ended(), RENTER, GOOD, NOW)
    assert close(one, one.closes_at - timedelta(seconds=1)) is one
    over = close(one, one.closes_at)
    assert over.published_at == one.closes_at
    assert close(over, one.closes_at + WINDOW) is over


def test_one_replies_once_to_what_is_public():
    one = say(ended(), RENTER, BAD, NOW)
    with pytest.raises(Conflict, match="reviews_sealed"):
        answer(one, OWNER, "Schade.", NOW)
    over = close(one, one.closes_at)
    answered = answer(over, OWNER, "Schade.", LATER)
    assert answered.about(OWNER).reply.text == "Schade."
    assert answer(answered, OWNER, "Schade.", LATER) is answered
    with pytest.raises(Conflict, match="reply_written"):
        answer(answered, OWNER, "Doch nicht.", LATER)
    with pytest.raises(NotFound, match="review_not_found"):
        answer(answered, RENTER, "Selber.", LATER)


def test_there_is_no_answer_to_silence():
    both = say(say(ended(), RENTER, SKIP, NOW), OWNER, GOOD_OWNER, NOW)
    with pytest.raises(NotFound, match="review_not_found"):
        answer(both, OWNER, "Hallo?", NOW)


GOOD_OWNER = Verdict(Stars(5, 5, 5))


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Stars(0, 1, 1), "overall"),
        (lambda: Stars(1, 6, 1), "communication"),
        (lambda: Stars(1, 1, True), "punctual"),
        (lambda: Stars(1, 1, 1, 6), "item"),
        (lambda: Stars(None, 1, 1), "overall"),
        (lambda: Verdict(tags=("best_ever",)), "tags"),
        (lambda: Verdict(text="x" * 2001), "text"),
        (lambda: Verdict(thanks="x" * 501), "thanks"),
        (lambda: say(ended(), OWNER, GOOD, NOW), "item"),
        (lambda: answer(ended(), OWNER, "", NOW), "text"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_its_field(make, field):
    with pytest.raises(Invalid, match="bad_review") as refusal:
        make()
    assert refusal.value.data == {"field": field}


def test_what_one_may_do_follows_from_the_round():
    found = ended()
    assert found.allowed(OWNER, NOW) == ("put", "skip")
    assert found.allowed(OWNER, found.closes_at) == ()
    over = close(say(found, RENTER, BAD, NOW), found.closes_at)
    assert (over.allowed(OWNER, NOW), over.allowed(RENTER, NOW)) == (("reply",), ())


def test_scores_begin_with_the_third_review():
    means = {"overall": 4.666, "item": None}
    assert score_of(2, means).stars is None
    assert score_of(3, means).stars == {"overall": 4.7}


def test_each_is_told_what_concerns_them():
    rental = agreed().rental
    found = ended()
    one = say(found, RENTER, SKIP, NOW)
    both = say(one, OWNER, Verdict(), NOW)
    replied = answer(close(say(found, RENTER, BAD, NOW), found.closes_at), OWNER, "Schade.", NOW)

    def told(before, after):
        return [(notice.type, notice.user) for notice in review_notices(rental, before, after, NOW)]

    assert told(None, found) == [("review_possible", OWNER), ("review_possible", RENTER)]
    assert told(found, one) == []
    assert told(one, both) == [("review_published", OWNER)]
    assert told(close(say(found, RENTER, BAD, NOW), found.closes_at), replied) == [("review_replied", RENTER)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_tag_has_words(language):
    locale = Path(__file__).parents[2] / "static" / "locale" / f"{language}.json"
    words = json.loads(locale.read_text("utf-8"))
    assert set(words["tags"]) == TAGS
    assert set(words["notices"]) >= REVIEW_NOTICES
