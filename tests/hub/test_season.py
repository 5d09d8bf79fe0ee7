"""Seasons stand in any year, also over New Year; what they come to is the exact mean of the dates."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.season import MAX_PERCENT, Season, average_percent, overlap

SUMMER = Season("05-01", "08-31", 125)
WINTER = Season("12-20", "01-06", 80)


@pytest.mark.parametrize(
    ("season", "inside", "outside"),
    [
        (SUMMER, ("2026-05-01", "2026-08-31", "2027-06-15"), ("2026-04-30", "2026-09-01")),
        (WINTER, ("2026-12-20", "2026-12-31", "2027-01-01", "2027-01-06"), ("2026-12-19", "2027-01-07")),
        (Season("02-29", "02-29", 200), ("2028-02-29",), ("2026-02-28", "2026-03-01")),
    ],
)
def test_both_ends_belong_to_a_season(season, inside, outside):
    assert all(season.covers(day[5:]) for day in inside)
    assert not any(season.covers(day[5:]) for day in outside)


def test_the_mean_is_exact_and_the_last_date_does_not_count():
    assert average_percent((SUMMER,), date(2026, 4, 30), date(2026, 5, 2)) == Fraction(225, 2)
    assert average_percent((SUMMER,), date(2026, 4, 29), date(2026, 5, 2)) == Fraction(325, 3)
    assert average_percent((SUMMER,), date(2026, 8, 31), date(2026, 8, 31)) == 125
    assert average_percent((), date(2026, 8, 31), date(2026, 9, 9)) == 100


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (SUMMER, WINTER, False),
        (SUMMER, Season("08-31", "09-30", 110), True),
        (SUMMER, Season("09-01", "04-30", 110), False),
        (SUMMER, Season("09-01", "05-01", 110), True),
        (WINTER, Season("01-06", "01-06", 110), True),
        (WINTER, Season("11-01", "02-01", 110), True),
        (SUMMER, Season("06-01", "06-02", 110), True),
    ],
)
def test_two_that_claim_a_day_are_noticed(one, other, both):
    assert overlap([one, other]) is overlap([other, one]) is both


days = st.dates(date(2028, 1, 1), date(2028, 12, 31))
seasons = st.builds(Season, *(days.map(lambda day: day.isoformat()[5:]),) * 2, st.integers(1, MAX_PERCENT))


@given(st.lists(seasons, max_size=4))
def test_overlap_is_a_day_covered_twice(some):
    year = ((date(2028, 1, 1) + timedelta(n)).isoformat()[5:] for n in range(366))
    assert overlap(some) is any(sum(season.covers(day) for season in some) > 1 for day in year)


@pytest.mark.parametrize(
    "day", ["", "5-1", "13-01", "04-31", "02-30", "00-10", "05-00", "05-01\n", "05/01", "\u0660\u0665-\u0660\u0661"]
)
def test_a_day_that_is_in_no_year_is_refused(day):
    for bad, field in (((day, "05-02", 100), "season.first"), (("05-02", day, 100), "season.last")):
        with pytest.raises(Invalid, match="bad_tariff") as refusal:
            Season(*bad)
        assert refusal.value.data == {"field": field}


@pytest.mark.parametrize("percent", [0, -5, MAX_PERCENT + 1, 12.5, True, None])
def test_a_percentage_out_of_bounds_is_refused(percent):
    with pytest.raises(Invalid, match="bad_tariff") as refusal:
        Season("05-01", "05-02", percent)
    assert refusal.value.data == {"field": "season.percent", "min": 1, "max": MAX_PERCENT}
