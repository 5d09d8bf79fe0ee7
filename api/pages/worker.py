"""The service worker, written for this very version: which files the app consists of, and which paths it draws."""

import re
from functools import cache
from typing import Final

import orjson
from quart import Response

from api.pages.app import PATHS
from api.pages.asset import STATIC, TYPES, asset_url, assets, code_version
from api.pages.look import LANGUAGES
from api.pages.page import ASK_AGAIN, unless_known
from api.pages.script import compact
from hub.ports import Ports

SOURCE: Final = STATIC / "sw.js"
LATER: Final = frozenset({"vendor/scan.js"})
"""Large, and of use to few: fetched when it is wanted."""
CSP: Final = "default-src 'none'; connect-src 'self'"
_PART: Final = re.compile(r"<(?:any\(([^)]*)\):)?\w+>")


async def service_worker(ports: Ports) -> Response:  # noqa: ARG001 - every page has the same shape
    """``/sw.js``, asked for anew each time, so that a new version is never missed."""
    headers = {"Cache-Control": ASK_AGAIN, "Content-Security-Policy": CSP}
    return await unless_known(Response(_written(), 200, headers, content_type=TYPES[".js"]))


@cache
def _written() -> bytes:
    build = {"version": code_version(), "files": _files(), "paths": [_pattern(path) for path in PATHS]}
    return b"const BUILD = " + orjson.dumps(build) + b"\n" + compact(SOURCE.read_bytes())


def _files() -> list[str]:
    """All scripts but those for few, the sheet, fonts, icons and words."""
    version = code_version()
    scripts = [name for name in assets() if name.startswith(f"{version}/") and name.endswith(".js")]
    wanted = [name for name in scripts if name.removeprefix(f"{version}/") not in LATER]
    shared = ["app.css", "atkinson.woff2", "barlow.woff2", "icons.svg", "kinds.svg", "sign.svg"]
    words = [f"words.{language}.json" for language in LANGUAGES]
    return [f"/static/{name}" for name in sorted(wanted)] + [asset_url(name) for name in (*shared, *words)]


def _pattern(path: str) -> str:
    """A route of ours as a pattern of JavaScript: `/r/<room>` is `^/r/[^/]+$`."""
    return "^" + _PART.sub(lambda part: f"({part[1].replace(',', '|')})" if part[1] else "[^/]+", path) + "$"
