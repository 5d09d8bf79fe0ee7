"""The public point is the fixed cell's centre, and distances are coarse."""

from math import cos, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.errors import Invalid
from hub.place import METRES_PER_DEGREE, Point, distance_m, public_point

# Towns, not poles: near a pole a column is as wide as the world.
points = st.builds(Point, st.floats(-85, 85), st.floats(-179.9, 179.9))


@pytest.mark.parametrize(
    ("exact", "public"),
    [  # worked out with 60 decimal digits from the sentence in security.md, L1
        (Point(52.520008, 13.404954), Point(52.522009, 13.401809)),
        (Point(48.137154, 11.576124), Point(48.13825, 11.573234)),
        (Point(-36.848461, 174.763336), Point(-36.846479, 174.760603)),
        (Point(0, 0), Point(0.002246, 0.002246)),
        (Point(-0.0001, -0.0001), Point(-0.002246, -0.002246)),
    ],
)
def test_cells_stay_where_they_are(exact, public):
    assert public_point(exact) == public


@pytest.mark.parametrize("cell_m", [500, 1_000, 7_777])
@pytest.mark.parametrize("lat_lon", [(90, 10), (-90, -180), (52.5, 180), (52.5, -180), (89.99, 179.99)])
def test_cells_cut_by_a_pole_or_the_date_line_stay_on_the_globe(lat_lon, cell_m):
    public = public_point(Point(*lat_lon), cell_m)
    assert public_point(public, cell_m) == public


def test_neighbours_in_one_cell_share_one_public_point():
    assert public_point(Point(52.5205, 13.4010)) == public_point(Point(52.5235, 13.4050))


@settings(max_examples=500, deadline=None)
@given(points)
def test_the_public_point_is_within_half_a_diagonal_and_its_own_public_point(point):
    public = public_point(point)
    north = (point.lat - public.lat) * METRES_PER_DEGREE
    east = (point.lon - public.lon) * METRES_PER_DEGREE * cos(radians(public.lat))
    assert max(abs(north), abs(east)) <= 250.1
    assert public_point(public) == public


def test_the_cell_size_is_the_operators_choice():
    wide = public_point(Point(52.520008, 13.404954), cell_m=2_000)
    assert wide != public_point(Point(52.520008, 13.404954))
    assert distance_m(wide, Point(52.520008, 13.404954)) <= 1_500


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        (Point(52.5, 13.4), Point(52.5, 13.4), 0),
        (Point(52.5, 13.4), Point(52.5004, 13.4), 0),  # 44 m
        (Point(52.5, 13.4), Point(52.5005, 13.4), 100),  # 56 m
        (Point(52.520008, 13.404954), Point(48.137154, 11.576124), 504_300),  # Berlin to Munich
        (Point(0, 0), Point(0, 180), 20_015_100),  # half the globe
        (Point(0, 179.95), Point(0, -179.95), 11_100),  # over the date line
    ],
)
def test_distances_are_told_in_steps_of_100_m(a, b, metres):
    assert distance_m(a, b) == distance_m(b, a) == metres


def test_a_thousand_questions_within_a_cell_have_one_answer():
    asker = public_point(Point(52.53, 13.42))
    homes = [Point(52.5200 + row * 0.0001, 13.4000 + col * 0.0001) for row in range(40) for col in range(25)]
    assert len({distance_m(asker, public_point(home)) for home in homes}) == 1


@pytest.mark.parametrize("lat_lon", [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_points_off_the_globe_are_refused(lat_lon):
    with pytest.raises(Invalid, match="bad_point"):
        Point(*lat_lon)
