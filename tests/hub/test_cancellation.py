"""What is kept of the rent falls in inclusive steps with the time left, and some reasons cost nothing at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cancellation import Agreement, CancellationPolicy, cancellation_fee, percent_kept

START = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
LONG_AGO = START - timedelta(days=60)
MOMENT = timedelta(microseconds=1)
FLEXIBLE, MODERATE, STRICT = CancellationPolicy


def agreed(policy: CancellationPolicy, agreed_at: datetime = LONG_AGO, rent: int = 10_000) -> Agreement:
    return Agreement(policy, agreed_at, START, rent)


@pytest.mark.parametrize(
    ("policy", "left", "percent"),
    [
        (FLEXIBLE, timedelta(days=30), 0),
        (FLEXIBLE, timedelta(hours=24), 0),
        (FLEXIBLE, timedelta(hours=24) - MOMENT, 50),
        (FLEXIBLE, timedelta(), 50),
        (FLEXIBLE, -MOMENT, 100),
        (MODERATE, timedelta(days=5), 0),
        (MODERATE, timedelta(days=5) - MOMENT, 50),
        (MODERATE, timedelta(hours=24), 50),
        (MODERATE, timedelta(hours=24) - MOMENT, 100),
        (MODERATE, -MOMENT, 100),
        (STRICT, timedelta(days=14), 0),
        (STRICT, timedelta(days=14) - MOMENT, 50),
        (STRICT, timedelta(days=7), 50),
        (STRICT, timedelta(days=7) - MOMENT, 100),
        (STRICT, -timedelta(days=3), 100),
    ],
)
def test_every_step_belongs_to_those_who_just_reach_it(policy, left, percent):
    assert percent_kept(agreed(policy), START - left) == percent


@pytest.mark.parametrize("policy", CancellationPolicy)
@pytest.mark.parametrize("left", [timedelta(days=30), timedelta(hours=3), -timedelta(hours=3)])
def test_whoever_is_excused_owes_nothing(policy, left):
    assert percent_kept(agreed(policy), START - left, excused=True) == 0


@pytest.mark.parametrize(
    ("before_start", "after_accept", "percent"),
    [
        (timedelta(days=2), timedelta(hours=1), 0),
        (timedelta(days=2), timedelta(hours=1) + MOMENT, 100),
        (timedelta(hours=25), timedelta(minutes=59), 0),
        (timedelta(hours=25), timedelta(hours=1), 100),  # the start is no longer more than a day away
        (timedelta(hours=2), timedelta(minutes=1), 100),
    ],
)
def test_second_thoughts_are_free_for_an_hour_unless_the_start_is_near(before_start, after_accept, percent):
    accepted = START - before_start
    assert percent_kept(agreed(STRICT, accepted), accepted + after_accept) == percent


@pytest.mark.parametrize(("rent", "fee"), [(0, 0), (1, 1), (999, 500), (1000, 500), (1001, 501)])
def test_half_a_cent_goes_up(rent, fee):
    assert cancellation_fee(agreed(FLEXIBLE, rent=rent), START - timedelta(hours=1)) == fee
    assert cancellation_fee(agreed(FLEXIBLE, rent=rent), START - timedelta(hours=1), excused=True) == 0


minutes = st.integers(-10_000, 40_000).map(lambda n: timedelta(minutes=n))


@given(minutes, minutes, st.integers(0, 10**9))
def test_waiting_and_strictness_never_make_it_cheaper(one, other, rent):
    sooner, later = START - max(one, other), START - min(one, other)
    for policy in CancellationPolicy:
        asked = agreed(policy, rent=rent)
        assert cancellation_fee(asked, sooner) <= cancellation_fee(asked, later) <= rent
    mild, middle, hard = (percent_kept(agreed(policy), later) for policy in CancellationPolicy)
    assert mild <= middle <= hard
