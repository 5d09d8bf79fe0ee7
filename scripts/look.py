"""Makes what the pages look like from pinned npm packages: two subset fonts, and sprites of the icons."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from fontTools import subset

STATIC: Final = Path(__file__).parent.parent / "static"
PACKAGES: Final = {
    "@fontsource-variable/atkinson-hyperlegible-next": "5.3.0",
    "@fontsource/barlow-semi-condensed": "5.3.0",
    "lucide-static": "1.62.0",
}
FONTS: Final = {
    "atkinson.woff2": ("@fontsource-variable/atkinson-hyperlegible-next", "latin-wght-normal"),
    "barlow.woff2": ("@fontsource/barlow-semi-condensed", "latin-600-normal"),
}
UNICODES: Final = (
    "U+0020-007E,U+00A0-00FF,U+0152-0153,U+1E9E,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,"
    "U+202F,U+2030,U+2039-203A,U+20AC,U+2122,U+2212,U+2248"
)
"""Basic Latin, Latin-1, capital sharp s, quotes, dashes, narrow space, euro, trade mark, minus, almost equal."""
ICONS: Final = STATIC / "img" / "icons.txt"
"""The names of the icons that pages and app use, one a line; the kinds of the catalogue are a sprite of their own."""


def main(work: Path) -> None:
    specs = [f"{name}@{version}" for name, version in PACKAGES.items()]
    (work / "package.json").write_text('{"private":true}', "utf-8")
    quiet = ["--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(["npm", "install", "--save-exact", *quiet, *specs], cwd=work, check=True)  # noqa: S603, S607
    modules = work / "node_modules"
    (STATIC / "fonts" / "licences").mkdir(parents=True, exist_ok=True)
    for file, (package, cut) in FONTS.items():
        source = modules / package / "files" / f"{package.rpartition('/')[2]}-{cut}.woff2"
        _subset(source, STATIC / "fonts" / file)
    for name in PACKAGES:
        folder = STATIC / ("img" if name.startswith("lucide") else "fonts") / "licences"
        folder.mkdir(exist_ok=True)
        shutil.copy(modules / name / "LICENSE", folder / f"{name.rpartition('/')[2]}.txt")
    for file, names in (("icons.svg", set(ICONS.read_text("utf-8").split())), ("kinds.svg", _kinds())):
        (STATIC / "img" / file).write_text(_sprite(modules / "lucide-static" / "icons", names), "utf-8")


def _subset(source: Path, target: Path) -> None:
    features = "--layout-features=kern,liga,tnum,mark,ccmp,locl"
    subset.main([f"{source}", f"--unicodes={UNICODES}", "--flavor=woff2", features, f"--output-file={target}"])


def _sprite(folder: Path, names: set[str]) -> str:
    symbols = "\n".join(_symbol(name, (folder / f"{name}.svg").read_text("utf-8")) for name in sorted(names))
    origin = f"<!-- Lucide {PACKAGES['lucide-static']} (ISC) -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{origin}\n{symbols}\n</svg>\n'


def _kinds() -> set[str]:
    told = json.loads((STATIC / "catalogue" / "categories.json").read_text("utf-8"))["categories"]
    return {each["icon"] for top in told for each in (top, *top.get("children", ()))}


def _symbol(name: str, svg: str) -> str:
    """The strokes alone; colour and width are the style sheet's."""
    shapes = re.sub(r"\s+", " ", svg[svg.index(">", svg.index("<svg")) + 1 : svg.index("</svg>")]).replace(" />", "/>")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes.replace("> <", "><").strip()}</symbol>'


if __name__ == "__main__":
    main(Path(sys.argv[1]))
