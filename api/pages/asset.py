"""Files that pages load, under names made from their content, so that browsers may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[2] / "static"
TYPES: Final = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
FILES: Final = (STATIC / "css" / "pages.css", STATIC / "img" / "sign.svg")


@cache
def assets() -> dict[str, Path]:
    """Every file by the name it is served under."""
    return {_hashed(path): path for path in FILES}


def asset_url(file: str) -> str:
    """Where ``pages.css`` is served."""
    return next(f"/static/{name}" for name, path in assets().items() if path.name == file)


def _hashed(path: Path) -> str:
    return f"{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"
