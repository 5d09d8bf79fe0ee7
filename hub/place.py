"""Points on the earth, and what neighbours may see of them (design: security.md L1)."""

from dataclasses import dataclass
from math import asin, cos, floor, isfinite, radians, sin, sqrt

from hub.errors import Invalid

METRES_PER_DEGREE = 111_320
"""Of latitude, as the grid counts them."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of WGS 84."""

_STEP_M = 100
_POLE, _DATE_LINE = 90, 180


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east, WGS 84. ``Invalid("bad_point")``."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and isfinite(self.lon) and abs(self.lat) <= _POLE and abs(self.lon) <= _DATE_LINE):
            raise Invalid("bad_point")


def public_point(point: Point, cell_m: int = 500) -> Point:
    """The centre of the fixed grid cell around ``point``: the same for everything inside it, and for ever.

    Rows are ``cell_m / 111,320`` degrees high; columns are widened by the cosine of the row's centre. Rounded to
    six decimals (0.1 m); cells cut by a pole or the date line keep their centre on this side.
    """
    height = cell_m / METRES_PER_DEGREE
    lat = _cell_centre(point.lat, height, _POLE)
    width = min(height / cos(radians(lat)), 360)
    return Point(round(lat, 6), round(_cell_centre(point.lon, width, _DATE_LINE), 6))


def _cell_centre(degrees: float, size: float, limit: float) -> float:
    return max(-limit, min((floor(degrees / size) + 0.5) * size, limit))


def distance_m(a: Point, b: Point) -> int:
    """Metres between two points on a sphere (haversine), rounded to 100 m: finer would tell where somebody lives."""
    north, east = radians(b.lat - a.lat), radians(b.lon - a.lon)
    chord = sin(north / 2) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(east / 2) ** 2
    metres = 2 * EARTH_RADIUS_M * asin(min(1, sqrt(chord)))
    return floor(metres / _STEP_M + 0.5) * _STEP_M
