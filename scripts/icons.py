"""Draws the icons under which the village is installed as an app: the place-name sign with a roof."""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

IMG: Final = Path(__file__).parent.parent / "static" / "img"
INK, SIGN, LIME = "#16251d", "#ffcc1f", "#f4f6f1"
FINE: Final = 4
"""Drawn so many times larger, then scaled down: smooth edges."""


def draw(side: int) -> Image.Image:
    """A square that may be cut to a circle: what matters is within the middle 80 per cent."""
    size = side * FINE
    picture = Image.new("RGB", (size, size), LIME)
    pen = ImageDraw.Draw(picture)

    def box(inset: float, colour: str, round_by: float) -> None:
        edge = size * inset
        pen.rounded_rectangle((edge, edge, size - edge, size - edge), size * round_by, fill=colour)

    box(0.14, SIGN, 0.1)
    box(0.175, INK, 0.075)
    box(0.205, SIGN, 0.05)
    width = round(size * 0.055)
    roof = [(0.32, 0.51), (0.5, 0.345), (0.68, 0.51)]
    walls = [(0.38, 0.49), (0.38, 0.655), (0.62, 0.655), (0.62, 0.49)]
    for line in (roof, walls):
        points = [(x * size, y * size) for x, y in line]
        pen.line(points, fill=INK, width=width, joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=INK)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for wanted in (192, 512):
        draw(wanted).quantize(16).save(IMG / f"icon-{wanted}.png", optimize=True)
