"""A pen for flat pictures: shapes on a sheet of 400 by 300, drawn larger and scaled down, so that edges are smooth."""

from collections.abc import Sequence
from math import cos, radians, sin
from typing import Final

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 400, 300
FINE: Final = 6
SIZE: Final = (1000, 750)

Point = tuple[float, float]


class Pen:
    """All lengths are of the sheet; colours are ``#rrggbb`` or ``#rrggbbaa``."""

    def __init__(self) -> None:
        self._sheet = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), "#ffffff")
        self._draw = ImageDraw.Draw(self._sheet, "RGBA")

    def box(self, x: float, y: float, w: float, h: float, colour: str, r: float = 0) -> None:
        edges = (x * FINE, y * FINE, (x + w) * FINE, (y + h) * FINE)
        self._draw.rounded_rectangle(edges, r * FINE, fill=colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: str) -> None:
        self._draw.ellipse(((x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE, (y + ry) * FINE), fill=colour)

    def dot(self, x: float, y: float, r: float, colour: str) -> None:
        self.oval(x, y, r, r, colour)

    def ring(self, x: float, y: float, r: float, colour: str, w: float) -> None:
        edges = ((x - r) * FINE, (y - r) * FINE, (x + r) * FINE, (y + r) * FINE)
        self._draw.ellipse(edges, outline=colour, width=round(w * FINE))

    def arc(self, x: float, y: float, r: float, start: float, end: float, colour: str, w: float) -> None:
        """Clockwise from three o'clock, in degrees."""
        steps = [start + (end - start) * each / 40 for each in range(41)]
        self.line([(x + r * cos(radians(at)), y + r * sin(radians(at))) for at in steps], colour, w)

    def poly(self, points: Sequence[Point], colour: str) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def line(self, points: Sequence[Point], colour: str, w: float) -> None:
        """Round at its ends and bends."""
        placed = [(x * FINE, y * FINE) for x, y in points]
        self._draw.line(placed, fill=colour, width=round(w * FINE), joint="curve")
        for x, y in (placed[0], placed[-1]):
            half = w * FINE / 2
            self._draw.ellipse((x - half, y - half, x + half, y + half), fill=colour)

    def bar(self, a: Point, b: Point, colour: str, w: float) -> None:
        self.line([a, b], colour, w)

    def shadow(self, x: float, y: float, rx: float, ry: float = 9) -> None:
        for step in (1.0, 0.8, 0.6):
            self.oval(x, y, rx * step, ry * step, "#16251d22")

    def wheel(self, x: float, y: float, r: float, *, spokes: int = 0, hub: str = "#738277") -> None:
        self.ring(x, y, r, "#222b27", max(3.0, r / 6))
        for each in range(spokes):
            at = radians(360 / spokes * each + 8)
            self.bar((x, y), (x + (r - 3) * cos(at), y + (r - 3) * sin(at)), "#9aa69e", 0.8)
        self.dot(x, y, max(3, r / 6), hub)

    def picture(self) -> Image.Image:
        return self._sheet.resize(SIZE, Image.Resampling.LANCZOS)


def turned(points: Sequence[Point], by: float, around: Point) -> list[Point]:
    """The points, turned clockwise by so many degrees."""
    c, s = cos(radians(by)), sin(radians(by))
    x0, y0 = around
    return [(x0 + (x - x0) * c - (y - y0) * s, y0 + (x - x0) * s + (y - y0) * c) for x, y in points]


def slab(x: float, y: float, w: float, h: float) -> list[Point]:
    """A rectangle as points, to be turned."""
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
