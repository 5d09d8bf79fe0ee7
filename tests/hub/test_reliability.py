"""What happened counts, from the third time on; what nobody knows counts for nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.reliability import Reliability, Share, reliability_of
from hub.rental import Accept, Cancel, Decline, OfferExpire, Role, State, Withdraw
from hub.rental.record import Returned
from tests.hub.neighbours import OWNER, RENTER, START, STRANGER, Talk

HOUR = timedelta(hours=1)


def agreed(after: timedelta = HOUR) -> Talk:
    talk = Talk().requested().wait(seconds=after.total_seconds())
    talk.do(Accept(1), Role.OWNER)
    return talk


def returned(late: timedelta):
    rental = agreed().rental
    return replace(rental, state=State.COMPLETED, returned=Returned(rental.live.terms.end + late))


def cancelled(by: Role, before_start: timedelta):
    talk = agreed()
    talk.now = START - before_start
    return talk.do(Cancel("illness"), by)


def test_nothing_is_said_of_less_than_three():
    two = [returned(-HOUR)] * 2
    assert reliability_of(RENTER, two) == reliability_of(OWNER, two) == Reliability()


def test_a_renter_brings_back_in_time_or_late():
    back = [returned(-HOUR), returned(2 * HOUR), returned(2 * HOUR + timedelta(minutes=1))]
    assert reliability_of(RENTER, back).returns == Share(3, 67)
    assert reliability_of(OWNER, back).returns is None


def test_a_return_that_is_only_presumed_counts_for_nobody():
    presumed = replace(agreed().rental, state=State.COMPLETED)
    assert reliability_of(RENTER, [presumed] * 5).returns is None


def test_an_owner_answers_or_lets_it_expire():
    slow, quick = agreed(3 * HOUR).rental, agreed(timedelta(minutes=10)).rental
    declined = Talk().requested().wait(hours=1).do(Decline("other_plans"), Role.OWNER)
    left = Talk().requested().wait(days=9).do(OfferExpire(), Role.SYSTEM)
    found = reliability_of(OWNER, [slow, quick, declined, left])
    assert (found.answers, found.answer_min) == (Share(4, 75), 60)


def test_what_was_withdrawn_or_is_still_open_asks_for_no_answer():
    withdrawn = Talk().requested().do(Withdraw("other_plans"), Role.RENTER)
    still_open = Talk().requested().rental
    assert reliability_of(OWNER, [withdrawn, still_open] * 3).answers is None


@pytest.mark.parametrize(
    ("by", "before_start", "percent"),
    [
        (Role.OWNER, timedelta(hours=23), 67),
        (Role.OWNER, -HOUR, 67),
        (Role.OWNER, timedelta(hours=24), 100),
        (Role.RENTER, HOUR, 100),
    ],
)
def test_an_owner_lets_down_by_cancelling_at_short_notice(by, before_start, percent):
    rentals = [cancelled(by, before_start), agreed().rental, agreed().rental]
    assert reliability_of(OWNER, rentals).kept == Share(3, percent)
    assert reliability_of(RENTER, rentals).kept is None


def test_only_ones_own_rentals_count():
    assert reliability_of(STRANGER, [returned(HOUR)] * 3) == Reliability()


def test_the_first_answer_is_the_one_that_counts():
    talk = agreed()
    first = talk.rental.answered_at
    talk.wait(hours=5)
    assert talk.do(Cancel("illness"), Role.OWNER).answered_at == first
    assert Talk().requested().rental.answered_at is None
