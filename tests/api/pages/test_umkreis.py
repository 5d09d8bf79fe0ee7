"""The map of rings: north is up, discs are cells, and everything fits."""

import pytest

from api.pages.cards import Card, cell_of
from api.pages.speech import Speech
from api.pages.umkreis import LEAST_DISC, SIDE, draw
from hub.place import Point

CENTRE = Point(48.9, 9.6)


def card(lat: float, lon: float, title: str = "Leiter") -> Card:
    point = Point(lat, lon)
    return Card(
        title, "/i/x", title, "de", "Marta", ("5\u00a0€", "Tag"), "≈ 1 km", "box", cell_of(point), point, None, False
    )


def test_north_is_up_and_east_is_right() -> None:
    drawn = draw(Speech("de"), [card(48.91, 9.6), card(48.9, 9.62)], CENTRE)
    assert drawn
    north, east = drawn.discs
    assert north.x == pytest.approx(SIDE / 2)
    assert north.y < SIDE / 2
    assert east.x > SIDE / 2
    assert east.y == pytest.approx(SIDE / 2)


def test_things_of_one_cell_are_one_disc_with_their_number() -> None:
    drawn = draw(Speech("de"), [card(48.91, 9.6, "Leiter"), card(48.91, 9.6, "Zelt"), card(48.9, 9.6, "Säge")], CENTRE)
    assert drawn
    assert [(disc.label, disc.said) for disc in drawn.discs] == [
        ("2", "2 Sachen, ≈ 1 km"),
        ("5\u00a0€", "Säge, 5\u00a0€, ≈ 1 km"),
    ]


@pytest.mark.parametrize("away", [0.0, 0.01, 0.3, 5.0])
def test_everything_fits_and_can_be_hit(away: float) -> None:
    drawn = draw(Speech("de"), [card(48.9 + away, 9.6 - away)], CENTRE)
    assert drawn
    for disc in drawn.discs:
        assert disc.r >= LEAST_DISC
        assert disc.r <= disc.x <= SIDE - disc.r
        assert disc.r <= disc.y <= SIDE - disc.r
    assert all(ring.r < SIDE / 2 for ring in drawn.rings)
    assert len(drawn.rings) <= 3


def test_without_a_centre_it_is_drawn_around_the_middle_and_without_things_not_at_all() -> None:
    drawn = draw(Speech("de"), [card(48.9, 9.6), card(48.92, 9.6)], None)
    assert drawn
    assert sum(disc.y for disc in drawn.discs) / 2 == pytest.approx(SIDE / 2)
    assert draw(Speech("de"), [], CENTRE) is None
