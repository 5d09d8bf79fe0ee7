"""The cheapest cover is not beaten by hand, never falls with time, and costs no more than a package that holds it."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.cover import cheapest
from hub.tariff import MINUTES, Tariff

FULL = Tariff(hour=300, day=1200, week=5000, grace_min=30)
DAY_MIN = 24 * 60


def units(tariff: Tariff, days: int, minutes: int) -> dict[str, int]:
    return dict(cheapest(tariff, days, minutes).units)


@pytest.mark.parametrize(
    ("tariff", "days", "minutes", "paid"),
    [
        (FULL, 0, 20, {"hour": 1}),  # grace begins with the first whole hour
        (FULL, 0, 90, {"hour": 1}),
        (FULL, 0, 91, {"hour": 2}),
        (FULL, 0, 5 * 60, {"day": 1}),
        (FULL, 0, 25 * 60, {"day": 1}),  # a day of 25 hours
        (FULL, 1, 30, {"day": 1}),
        (FULL, 1, 31, {"day": 1, "hour": 1}),
        (FULL, 5, 0, {"week": 1}),
        (FULL, 8, 0, {"week": 1, "day": 1}),
        (FULL, 12, 0, {"week": 2}),
        (FULL, 4, 3 * 60, {"week": 1}),  # 48 + 9 is more
        (Tariff(hour=300), 1, 6 * 60, {"hour": 30}),
        (Tariff(hour=300, day=9000), 1, 0, {"hour": 24}),
        (Tariff(minute=5), 0, 90, {"minute": 90}),
        (Tariff(minute=5, hour=200), 0, 90, {"hour": 1, "minute": 30}),
        (Tariff(minute=5, hour=200), 0, 100, {"hour": 1, "minute": 40}),
        (Tariff(minute=5, hour=200), 0, 101, {"hour": 2}),  # minutes cost an hour at most
        (Tariff(minute=5, hour=200, grace_min=30), 0, 70, {"hour": 1, "minute": 10}),  # and have no grace
        (Tariff(minute=1, hour=200), 0, 120, {"minute": 120}),
        (Tariff(day=1200), 0, 1, {"day": 1}),
        (Tariff(day=1200), 1, 1, {"day": 2}),
        (Tariff(day=1200, grace_min=30), 1, 30, {"day": 1}),
        (Tariff(week=5000), 0, 60, {"week": 1}),
        (Tariff(week=5000), 7, 1, {"week": 2}),
        (Tariff(week=5000, grace_min=5), 7, 5, {"week": 1}),
        (Tariff(month=20_000), 31, 0, {"month": 2}),
        (Tariff(day=1200, month=20_000), 29, 0, {"month": 1}),
        (Tariff(day=1000, week=7000), 7, 0, {"week": 1}),  # the same price in fewer pieces
        (Tariff(day=1200, week=1200), 1, 0, {"day": 1}),  # and nothing that nobody asked for
        (Tariff(day=0), 3, 0, {"day": 3}),
    ],
)
def test_what_is_paid_for(tariff, days, minutes, paid):
    assert units(tariff, days, minutes) == paid
    assert cheapest(tariff, days, minutes).amt == sum(n * tariff.price(unit) for unit, n in paid.items())


prices = st.none() | st.integers(0, 3000)
tariffs = st.builds(
    dict, minute=st.none() | st.integers(0, 60), hour=prices, day=prices, week=prices, month=prices,
    grace_min=st.integers(0, 59),
).filter(lambda some: any(some[unit] is not None for unit in MINUTES)).map(lambda some: Tariff(**some))  # fmt: skip


def least(*amounts: int | None) -> int | None:
    return min((amount for amount in amounts if amount is not None), default=None)


times = st.tuples(st.integers(0, 90), st.integers(1, DAY_MIN - 1))


def by_hand(tariff: Tariff, days: int, minutes: int) -> int:
    """Every combination of packages, hours and minutes that lasts long enough, written down anew."""
    hour = least(tariff.hour, None if tariff.minute is None else 60 * tariff.minute)
    day = least(tariff.day, None if hour is None else 24 * hour)
    ends = []
    for n in (days, days + 1):
        for months, weeks in product(range(n // 30 + 2), range(n // 7 + 2)):
            singles = max(0, n - 30 * months - 7 * weeks)
            wanted = ((months, tariff.month), (weeks, tariff.week), (singles, day))
            if all(price is not None or count == 0 for count, price in wanted):
                packages = sum(count * (price or 0) for count, price in wanted)
                rest = 0 if n > days else leftover_by_hand(tariff, hour, days, minutes)
                ends += [] if rest is None else [packages + rest]
    return min(ends)


def leftover_by_hand(tariff: Tariff, hour: int | None, days: int, minutes: int) -> int | None:
    if minutes == 0:
        return 0
    if tariff.minute is not None:
        return minutes // 60 * hour + min(minutes % 60 * tariff.minute, hour)
    free = (days > 0 or minutes >= 60) and minutes % 60 <= tariff.grace_min
    hours = minutes // 60 + (0 if free else 1)
    return None if hours and hour is None else hours * (hour or 0)


@settings(max_examples=600, deadline=None)
@given(tariffs, st.integers(0, 45), st.integers(0, 25 * 60))
def test_nothing_put_together_by_hand_is_cheaper(tariff, days, minutes):
    if days or minutes:
        assert cheapest(tariff, days, minutes).amt == by_hand(tariff, days, minutes)


@settings(max_examples=400, deadline=None)
@given(tariffs, times, times)
def test_longer_never_costs_less_and_no_more_than_the_next_package(tariff, one, other):
    shorter, longer = sorted((one, other))
    assert cheapest(tariff, *shorter).amt <= cheapest(tariff, *longer).amt
    minutes = shorter[0] * DAY_MIN + shorter[1]
    for unit, length in MINUTES.items():
        if tariff.price(unit) is not None and minutes <= length:
            assert cheapest(tariff, *shorter).amt <= tariff.price(unit)
