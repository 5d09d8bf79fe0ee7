"""Files that browsers load, under names made from their content, so that browsers may keep them for ever.

Styles, fonts and pictures are named one by one. Scripts import each other by relative paths, so they are served as one
tree under a name made from all of it: any change gives every module a new address, and no page ever mixes two versions.
Comments and indents stay at home (script.py).
"""

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from api.pages.look import LANGUAGES
from api.pages.script import compact

STATIC: Final = Path(__file__).parents[2] / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
SHEETS: Final = {
    "app.css": ("tokens", "base", "layout", "sign", "controls", "parts", "things", "room"),
    "docs.css": ("docs",),
}
"""Each sheet is served as one file, made of these in this order."""
FOLDERS: Final = ("fonts", "img")
"""Served file by file."""
CODE: Final = ("lib", "ui", "vendor")
"""Folders of scripts; a folder is served whole."""
_TARGET: Final = re.compile(r'url\("\.\./([^"]+)"\)')


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served; ``kind`` is its media type."""

    content: bytes
    kind: str


@cache
def assets() -> dict[str, Asset]:
    """Every file by the name it is served under."""
    code = {f"{code_version()}/{name}": asset for name, asset in _scripts().items()}
    return code | {_hashed(name, each): each for name, each in _named().items()}


@cache
def asset_url(file: str) -> str:
    """Where ``app.css`` is served."""
    return f"/static/{_hashed(file, _named()[file])}"


def code_url(file: str) -> str:
    """Where ``lib/dkx/index.js`` is served."""
    return f"/static/{code_version()}/{_code()[file].relative_to(STATIC).as_posix()}"


@cache
def module_urls(entry: str) -> tuple[str, ...]:
    """A module of ours and all that it imports at once, for ``modulepreload``: it first."""
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            targets = re.findall(r"\bfrom '(\.[^']+)'", (STATIC / name).read_text("utf-8"))
            home = (STATIC / name).parent
            waiting += [(home / each).resolve().relative_to(STATIC.resolve()).as_posix() for each in targets]
    return tuple(map(code_url, found))


@cache
def code_version() -> str:
    """One name for all scripts: over their paths and contents."""
    whole = hashlib.sha256()
    for name, asset in _scripts().items():
        whole.update(f"{name}\0".encode() + hashlib.sha256(asset.content).digest())
    return f"code.{whole.hexdigest()[:12]}"


@cache
def _named() -> dict[str, Asset]:
    """Styles, fonts and pictures by their own names."""
    loose = {path.name: _asset(path) for folder in FOLDERS for path in (STATIC / folder).glob("*") if path.is_file()}
    sheets = {sheet: Asset(_sheet(parts, loose), TYPES[".css"]) for sheet, parts in SHEETS.items()}
    return loose | sheets | {f"words.{language}.json": _words(language) for language in LANGUAGES}


def _words(language: str) -> Asset:
    """The app's words, with those that it shares with the server: what refusals mean, and what lines of a price are."""
    own, shared = _locale(f"app.{language}.json"), _locale(f"{language}.json")
    told = {"words": own, "errors": shared["errors"], "lines": shared["lines"]}
    return Asset(json.dumps(told, ensure_ascii=False, sort_keys=True).encode(), TYPES[".json"])


def _locale(file: str) -> Any:
    return json.loads((STATIC / "locale" / file).read_text("utf-8"))


def _asset(path: Path) -> Asset:
    return Asset(path.read_bytes(), TYPES[path.suffix])


def _sheet(parts: tuple[str, ...], loose: dict[str, Asset]) -> bytes:
    """The parts as one, naming the files that they load as these are served."""
    whole = "\n".join((STATIC / "css" / f"{part}.css").read_text("utf-8") for part in parts)

    def served(found: re.Match[str]) -> str:
        name = found[1].rpartition("/")[2]
        return f'url("/static/{_hashed(name, loose[name])}")'

    return _TARGET.sub(served, whole).encode()


@cache
def _scripts() -> dict[str, Asset]:
    """What lies in the folders of scripts, as it is served; what was vendored is small already."""
    return {
        name: _asset(path)
        if name.startswith("vendor/") or path.suffix != ".js"
        else Asset(compact(path.read_bytes()), TYPES[".js"])
        for name, path in _code().items()
    }


@cache
def _code() -> dict[str, Path]:
    files = sorted(path for folder in CODE for path in (STATIC / folder).rglob("*") if path.suffix in TYPES)
    return {path.relative_to(STATIC).as_posix(): path for path in files}


def _hashed(name: str, asset: Asset) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(asset.content).hexdigest()[:12]}.{suffix}"
