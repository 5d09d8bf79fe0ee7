"""Files that browsers load, under names made from their content, so that browsers may keep them for ever.

Styles and pictures are named one by one. Scripts import each other by relative paths, so they are served as one tree
under a name made from all of it: any change gives every module a new address, and no page ever mixes two versions.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parents[2] / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
FILES: Final = (STATIC / "css" / "pages.css", STATIC / "img" / "sign.svg")
CODE: Final = ("lib", "vendor")
"""Folders of scripts; a folder is served whole."""


@cache
def assets() -> dict[str, Path]:
    """Every file by the name it is served under."""
    return {_hashed(path): path for path in FILES} | {
        f"{code_version()}/{name}": path for name, path in _code().items()
    }


def asset_url(file: str) -> str:
    """Where ``pages.css`` is served."""
    return next(f"/static/{name}" for name, path in assets().items() if path.name == file)


def code_url(file: str) -> str:
    """Where ``lib/dkx/index.js`` is served."""
    return f"/static/{code_version()}/{_code()[file].relative_to(STATIC).as_posix()}"


@cache
def code_version() -> str:
    """One name for all scripts: over their paths and contents."""
    whole = hashlib.sha256()
    for name, path in _code().items():
        whole.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return f"code.{whole.hexdigest()[:12]}"


@cache
def _code() -> dict[str, Path]:
    files = sorted(path for folder in CODE for path in (STATIC / folder).rglob("*") if path.suffix in TYPES)
    return {path.relative_to(STATIC).as_posix(): path for path in files}


def _hashed(path: Path) -> str:
    return f"{path.stem}.{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}{path.suffix}"
