"""Draws every thing of the demo village and writes the pictures where the village finds them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from pictures import garden, home, outdoors, tools
from pictures.pen import Pen

DEMO: Final = Path(__file__).parents[2] / "static" / "demo"
QUALITY: Final = 82

Draw = Callable[[Pen], None]


def drawings() -> Mapping[str, Draw]:
    """Each by its name in ``village.json``."""
    return {
        name: draw
        for module in (tools, garden, home, outdoors)
        for name, draw in vars(module).items()
        if callable(draw) and getattr(draw, "__module__", "") == module.__name__
    }


def main() -> None:
    told = json.loads((DEMO / "village.json").read_text("utf-8"))
    wanted = [thing["picture"] for neighbour in told["neighbours"] for thing in neighbour["things"]]
    (DEMO / "photos").mkdir(exist_ok=True)
    for name in wanted:
        pen = Pen()
        drawings()[name](pen)
        pen.picture().save(DEMO / "photos" / f"{name}.webp", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
