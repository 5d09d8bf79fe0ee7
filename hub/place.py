"""Where things are: points on the earth, what neighbours may see of them (security.md L1), and when somebody is in."""

import re
from dataclasses import dataclass
from datetime import date
from math import asin, cos, degrees, floor, isfinite, radians, sin, sqrt
from typing import Final, Literal, get_args

from hub.errors import Invalid
from hub.ids import PlaceId, UserId

PlaceKind = Literal["home", "workshop", "club", "shop", "other"]

CELL_M: Final = 500
"""The side of a grid cell, as the acts and the maps use it."""
MAX_LABEL: Final = 80
MAX_ADDRESS: Final = 400
MAX_INSTRUCTIONS: Final = 2_000
MAX_WINDOWS: Final = 28
MAX_EXCEPTIONS: Final = 60

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


def public_point(point: Point, cell_m: int = CELL_M) -> Point:
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


def square(centre: Point, metres: int) -> tuple[Point, Point]:
    """The south-western and north-eastern corner of what holds everything within ``metres``, rounded as distances are.

    Cut at the poles and at the date line.
    """
    north = degrees((metres + _STEP_M) / EARTH_RADIUS_M)
    steepest = min(_POLE, abs(centre.lat) + north)
    east = min(2 * _DATE_LINE, north / max(cos(radians(steepest)), 1e-6))
    low = Point(max(-_POLE, centre.lat - north), max(-_DATE_LINE, centre.lon - east))
    return low, Point(min(_POLE, centre.lat + north), min(_DATE_LINE, centre.lon + east))


_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Window:
    """When things are handed over on weekday ``dow`` (1 is Monday, ISO 8601): ``HH:MM`` on the wall clock there."""

    dow: int
    opens: str
    closes: str

    def sound(self) -> bool:
        return 1 <= self.dow <= 7 and _span(self.opens, self.closes)  # noqa: PLR2004 - days of a week


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """What holds on one date (``YYYY-MM-DD``) instead of the weekday's windows; without times nobody is in."""

    date: str
    opens: str | None = None
    closes: str | None = None

    def sound(self) -> bool:
        closed = self.opens is None and self.closes is None
        return _is_date(self.date) and (closed or _span(self.opens or "", self.closes or ""))


@dataclass(frozen=True, slots=True)
class Place:
    """An address. ``exact``, ``address`` and ``instructions`` are stored sealed and shown only as the rental allows.

    ``Invalid("bad_place")`` naming the field.
    """

    id: PlaceId
    owner: UserId
    label: str
    address: str
    exact: Point
    public: Point
    kind: PlaceKind = "home"
    windows: tuple[Window, ...] = ()
    exceptions: tuple[SpecialDay, ...] = ()
    instructions: str = ""
    rev: int = 1

    def __post_init__(self) -> None:
        for name, holds in _checks(self).items():
            if not holds:
                raise Invalid("bad_place", {"field": name})


def _checks(place: Place) -> dict[str, bool]:
    """Every field that can be wrong by itself, and whether it is right."""
    dates = [day.date for day in place.exceptions]
    return {
        "label": bool(place.label.strip()) and len(place.label) <= MAX_LABEL,
        "address": bool(place.address.strip()) and len(place.address) <= MAX_ADDRESS,
        "kind": place.kind in get_args(PlaceKind),
        "windows": len(place.windows) <= MAX_WINDOWS and all(window.sound() for window in place.windows),
        "exceptions": len(set(dates)) == len(dates) <= MAX_EXCEPTIONS and all(d.sound() for d in place.exceptions),
        "instructions": len(place.instructions) <= MAX_INSTRUCTIONS,
    }


def _span(opens: str, closes: str) -> bool:
    return bool(_HOUR.fullmatch(opens) and _HOUR.fullmatch(closes)) and opens < closes


def _is_date(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
