"""The routes of the village itself: made on the server, whole without script, in both languages."""

from typing import Final
from urllib.parse import urlsplit

from quart import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from api.pages.browse import home, search
from api.pages.door import View, open_to_all
from api.pages.item import item
from api.pages.legal import legal, offline
from api.pages.look import COOKIE, YEAR_S, Look
from api.pages.manifest import manifest
from api.pages.page import APP, PRIVATE, page, site
from api.pages.person import person
from api.pages.worker import service_worker
from api.protocol.item import SEARCH
from hub.ports import Ports

VIEWS: Final[dict[str, View]] = {
    "/": home,
    "/i/<name>": item,
    "/u/<handle>": person,
    "/legal/<name>": legal,
    "/offline": offline,
    "/sw.js": service_worker,
    "/manifest.webmanifest": manifest,
}


def village_routes(ports: Ports) -> Blueprint:
    """All of them, by their paths."""
    blueprint = Blueprint("village", __name__)
    for path, view in VIEWS.items():
        blueprint.add_url_rule(path, view.__name__, open_to_all(ports, view))
    blueprint.add_url_rule("/s", "search", open_to_all(ports, search, SEARCH))
    blueprint.add_url_rule("/look", "look", open_to_all(ports, choose_look), methods=["POST"])
    blueprint.add_url_rule("/styleguide", "styleguide", open_to_all(ports, styleguide))
    return blueprint


async def choose_look(ports: Ports) -> Response:  # noqa: ARG001 - every page has the same shape
    """Keep how somebody wants the pages to look, and go back to where they were."""
    sent = await request.form
    look = Look.chosen(*(sent.get(name, "") for name in ("lang", "theme", "size")))
    response = Response("", 303, {"Location": _inside(sent.get("back", "")), "Cache-Control": PRIVATE})
    secure = request.scheme == "https"
    response.set_cookie(COOKIE, look.cookie(), max_age=YEAR_S, secure=secure, samesite="Lax", httponly=False)
    return response


async def styleguide(ports: Ports) -> Response:  # noqa: ARG001 - every page has the same shape
    """Every component in all its states, where the pages are built."""
    if not site().shows_styleguide:
        raise NotFound
    return await page("styleguide.html", PRIVATE, policy=APP)


def _inside(path: str) -> str:
    """The path if it leads to a page of this hub, else the front page (no open redirect)."""
    parts = urlsplit(path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and path.isprintable() else "/"
