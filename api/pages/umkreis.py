"""The map without tiles: rings around a point and one disc for each grid cell in which something can be had.

Everything on it is public already: discs are cells of 500 m, never homes.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from statistics import fmean
from typing import Final

from api.pages.cards import Card
from api.pages.speech import Speech
from hub.place import CELL_M, METRES_PER_DEGREE, Point

SIDE: Final = 640
"""Of the picture, in its own units."""
MARGIN: Final = 34
RINGS: Final = (250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000)
LEAST_M: Final = 900
LEAST_DISC: Final = 20
"""So that a finger can hit it (WCAG 2.5.8)."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A cell with its things: where, how large, what is written in it, and what it is called aloud."""

    x: float
    y: float
    r: float
    label: str
    said: str
    target: str
    cell: str


@dataclass(frozen=True, slots=True)
class Ring:
    r: float
    label: str


@dataclass(frozen=True, slots=True)
class Umkreis:
    discs: tuple[Disc, ...]
    rings: tuple[Ring, ...]
    side: int = SIDE


def draw(speech: Speech, cards: Sequence[Card], centre: Point | None) -> Umkreis | None:
    """The map of these things; None without any. Without a ``centre`` it is drawn around their middle."""
    if not cards:
        return None
    middle = centre or _middle(cards)
    cells: dict[str, list[Card]] = defaultdict(list)
    for card in cards:
        cells[card.cell].append(card)
    spots = {cell: _metres(middle, group[0].point) for cell, group in cells.items()}
    reach = max(LEAST_M, *(hypot(*spot) + CELL_M / 2 for spot in spots.values()))
    scale = (SIDE / 2 - MARGIN) / reach
    discs = tuple(_disc(speech, group, spots[cell], scale) for cell, group in cells.items())
    return Umkreis(discs, tuple(Ring(each * scale, speech.reach(each)) for each in _rings(reach)))


def _disc(speech: Speech, group: Sequence[Card], spot: tuple[float, float], scale: float) -> Disc:
    east, north = spot
    many = len(group) > 1
    said = speech.count("things", len(group)) if many else f"{group[0].title}, {group[0].price[0]}"
    return Disc(
        x=round(SIDE / 2 + east * scale, 1),
        y=round(SIDE / 2 - north * scale, 1),
        r=round(max(LEAST_DISC, CELL_M / 2 * scale), 1),
        label=str(len(group)) if many else group[0].price[0],
        said=f"{said}, {group[0].distance}" if group[0].distance else said,
        target=group[0].id,
        cell=group[0].cell,
    )


def _rings(reach: float) -> list[int]:
    """At most three round distances that still fit."""
    return [each for each in RINGS if each <= reach][-3:]


def _metres(middle: Point, point: Point) -> tuple[float, float]:
    """East and north of the middle; flat, which is near enough within a village."""
    east = (point.lon - middle.lon) * METRES_PER_DEGREE * cos(radians(middle.lat))
    return east, (point.lat - middle.lat) * METRES_PER_DEGREE


def _middle(cards: Sequence[Card]) -> Point:
    return Point(fmean(card.point.lat for card in cards), fmean(card.point.lon for card in cards))
