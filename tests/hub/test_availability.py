"""The calendar's arithmetic against counting minute by minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.availability import (
    Block,
    Busy,
    Calendar,
    Interval,
    adapt,
    free_units,
    full_intervals,
    prune,
    pull,
    pull_block,
    put,
    put_block,
)
from hub.period import EARLIEST, LATEST

ZERO = datetime(2026, 4, 1, tzinfo=UTC)
SPAN = 40


def at(minute: int) -> datetime:
    return ZERO + timedelta(minutes=minute)


def minute_of(moment: datetime) -> int:
    return int((moment - ZERO).total_seconds()) // 60


def busy(rental: str, s: int, e: int, q: int = 1) -> Busy:
    return Busy(rental, at(s), at(e), q, "confirmed")


def empty(cap: int = 1, turnaround_min: int = 0) -> Calendar:
    return Calendar("1" * 32, 4, "Europe/Berlin", cap, turnaround_min)


stretches = st.tuples(st.integers(0, SPAN), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@st.composite
def calendars(draw):
    cap = draw(st.integers(1, 3))
    calendar = empty(cap, draw(st.integers(0, 5)))
    for n, (s, e) in enumerate(draw(st.lists(stretches, max_size=7))):
        calendar = put(calendar, busy(f"r{n}", s, e, draw(st.integers(1, 3))))
    for n, (s, e) in enumerate(draw(st.lists(stretches, max_size=2))):
        units = draw(st.none() | st.integers(1, cap))
        calendar = put_block(calendar, Block(f"b{n}", at(s), at(e), q=units))
    return calendar


def taken_at(calendar: Calendar, minute: int, exclude: str | None = None) -> int:
    """Counted the slow way."""
    now = at(minute)
    held = sum(b.q for b in calendar.busy if b.s <= now < b.e and b.rental != exclude)
    kept = sum(calendar.cap if b.q is None else b.q for b in calendar.blocks if b.s <= now < b.e)
    return held + kept


@settings(max_examples=1_500, deadline=None)
@given(calendars(), stretches, st.sampled_from([None, "r0", "r3"]))
def test_free_units_match_counting_each_minute(calendar, stretch, exclude):
    s, e = stretch
    least = min(calendar.cap - taken_at(calendar, minute, exclude) for minute in range(s, e))
    assert free_units(calendar, at(s), at(e), exclude) == max(0, least)


@settings(max_examples=1_500, deadline=None)
@given(calendars())
def test_full_intervals_match_counting_each_minute(calendar):
    pause = calendar.turnaround_min
    expected = {
        minute - early
        for minute in range(-1, SPAN + 20)
        if taken_at(calendar, minute) >= calendar.cap
        for early in range(pause + 1)
    }
    covered = {m for full in calendar.full for m in range(minute_of(full.s), minute_of(full.e))}
    assert covered == expected
    assert all(one.e < other.s for one, other in zip(calendar.full, calendar.full[1:], strict=False))


@settings(max_examples=800, deadline=None)
@given(calendars(), stretches)
def test_the_search_filter_and_free_units_agree(calendar, stretch):
    s, e = at(stretch[0]), at(stretch[1])
    hit = any(full.s < e and full.e > s for full in calendar.full)
    assert hit == (free_units(calendar, s, e + calendar.turnaround) == 0)


@settings(max_examples=300, deadline=None)
@given(calendars())
def test_what_is_put_can_be_pulled_without_a_trace(calendar):
    entered = put_block(put(calendar, busy("new", 3, 9)), Block("new", at(5), at(20)))
    assert pull_block(pull(entered, "new"), "new") == calendar


def test_putting_again_replaces_and_rev_is_the_stores():
    calendar = put(put(empty(), busy("a", 0, 10)), busy("a", 20, 30))
    assert calendar.busy == (busy("a", 20, 30),)
    assert calendar.full == (Interval(at(20), at(30)),)
    assert calendar.rev == empty().rev
    block = put_block(calendar, Block("b", at(0), at(5)))
    assert put_block(block, Block("b", at(1), at(2))).blocks == (Block("b", at(1), at(2)),)


def test_back_to_back_rentals_fit_with_the_turnaround_between():
    calendar = put(empty(turnaround_min=5), busy("a", 10, 25))  # agreed until 20
    assert free_units(calendar, at(25), at(35)) == 1
    assert free_units(calendar, at(0), at(5 + 5)) == 1
    assert free_units(calendar, at(0), at(6 + 5)) == 0
    assert free_units(calendar, at(24), at(30)) == 0


def test_a_block_without_a_number_keeps_all_units():
    calendar = put_block(empty(cap=3), Block("repair", at(0), at(10), "repair", q=2))
    assert free_units(calendar, at(0), at(10)) == 1
    assert free_units(put_block(calendar, Block("away", at(5), at(9))), at(0), at(10)) == 0


def test_overlaps_that_had_to_be_written_leave_nothing_rather_than_less():
    calendar = put(put(empty(), busy("late", 0, 30)), busy("next", 10, 20))
    assert free_units(calendar, at(0), at(30)) == 0
    assert calendar.full == (Interval(at(0), at(30)),)


def test_no_units_left_means_full_for_ever():
    assert adapt(empty(), cap=0, turnaround_min=0).full == (Interval(EARLIEST, LATEST),)


def test_the_items_units_and_turnaround_reach_the_full_stretches():
    calendar = put(empty(turnaround_min=0), busy("a", 10, 20))
    assert adapt(calendar, cap=1, turnaround_min=4).full == (Interval(at(6), at(20)),)
    assert adapt(calendar, cap=2, turnaround_min=4).full == ()


def test_for_ever_stays_within_time():
    blocked = put_block(empty(turnaround_min=60), Block("gone", EARLIEST, LATEST))
    assert blocked.full == (Interval(EARLIEST, LATEST),)
    assert free_units(blocked, at(0), at(1)) == 0


def test_what_ended_90_days_ago_is_forgotten():
    calendar = put_block(put(put(empty(), busy("old", 0, 10)), busy("new", 0, 11)), Block("b", at(0), at(10)))
    kept = prune(calendar, at(10) + timedelta(days=90))
    assert (kept.busy, kept.blocks) == ((busy("new", 0, 11),), ())
    assert kept.full == full_intervals(kept)
    assert prune(calendar, at(9) + timedelta(days=90)) == calendar
