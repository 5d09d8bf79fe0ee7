"""The routes of what runs no script: how this hub is, its documentation, its errors, and the files of all pages."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Final

from quart import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed, NotFound

from api.docs import DOCUMENTS, HAND_WRITTEN, PAGES, VECTORS
from api.pages.asset import STATIC, assets
from api.pages.packing import asset_response
from api.pages.page import ASK_AGAIN, page, query, unless_known
from api.pages.render import html
from api.pages.site import Site
from api.pages.state import Facts, Recent

CODE_CSP: Final = "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""A worker lives under the policy of its own script: it may import modules from here, and reach nothing else."""
FOR_EVER: Final = "public, max-age=31536000, immutable"
KINDS: Final = {NotFound.code: "gone", MethodNotAllowed.code: "method", InternalServerError.code: "fault"}
"""Error pages with words of their own; everything else failed."""

Ask = Callable[[], Awaitable[Facts]]


def page_routes(ask: Ask, site: Site) -> Blueprint:
    """The documentation, the hub's own state, and the files that all pages load. ``ask``: at most every two seconds."""
    blueprint = Blueprint("pages", __name__, template_folder=str(STATIC / "templates"))
    blueprint.record_once(lambda setup: setup.app.extensions.update(pages=Recent(ask), site=site))
    blueprint.add_url_rule("/hub", view_func=_hub)
    blueprint.add_url_rule("/docs", view_func=_contents)
    blueprint.add_url_rule("/docs/<name>", view_func=_document)
    blueprint.add_url_rule("/openapi.json", view_func=_as_json("openapi.json"), endpoint="openapi")
    blueprint.add_url_rule("/asyncapi.json", view_func=_as_json("asyncapi.json"), endpoint="asyncapi")
    for name in VECTORS:
        blueprint.add_url_rule(f"/docs/{name}", view_func=_vectors(name), endpoint=name.partition(".")[0])
    blueprint.add_url_rule("/static/<path:name>", view_func=_asset)
    blueprint.after_app_request(_friendly_fault)
    return blueprint


async def error_page(error: HTTPException) -> Response | None:
    """A friendly page for a browser that asked for one; None leaves the answer to the machine's format."""
    if not _wants_page():
        return None
    status = error.code or InternalServerError.code
    response = await page("error.html", "no-store", status=status, kind=KINDS.get(status, "failed"), trace="")
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


async def _friendly_fault(response: Response) -> Response:
    """Our own fault, as a page with the id that the log knows it by; the door has written both already."""
    if response.status_code == InternalServerError.code and response.mimetype != "text/html" and _wants_page():
        told = await response.get_json(force=True, silent=True) or {}
        trace = str(told.get("id", ""))
        return await page("error.html", "no-store", status=response.status_code, kind="fault", trace=trace)
    return response


def _wants_page() -> bool:
    """Whether it is a browser that looks around; programs take anything, and get what programs read."""
    accepts = request.accept_mimetypes
    return accepts["text/html"] > accepts["application/json"] and not request.path.startswith("/v1/")


async def _hub() -> Response:
    return await page("hub.html", "no-store", facts=await _recent().facts())


async def _contents() -> Response:
    return await page("contents.html", ASK_AGAIN, base=request.host_url.rstrip("/"))


async def _document(name: str) -> Response:
    if name not in PAGES:
        raise NotFound
    return await page("document.html", ASK_AGAIN, name=name, body=html(name, query()))


def _vectors(name: str) -> Callable[[], Awaitable[Response]]:
    async def vectors() -> Response:
        return await _json((HAND_WRITTEN / name).read_bytes())

    return vectors


async def _asset(name: str) -> Response:
    if name not in assets():
        raise NotFound
    response = await asset_response(request, name)
    response.headers["Cache-Control"] = FOR_EVER
    if name.endswith(".js"):
        response.headers["Content-Security-Policy"] = CODE_CSP
    return await unless_known(response)


def _as_json(name: str) -> Callable[[], Awaitable[Response]]:
    async def document() -> Response:
        return await _json(_made(name))

    return document


async def _json(body: bytes) -> Response:
    return await unless_known(Response(body, content_type="application/json", headers={"Cache-Control": ASK_AGAIN}))


@cache
def _made(name: str) -> bytes:
    return DOCUMENTS[name]().encode()


def _recent() -> Recent:
    found: Recent = current_app.extensions["pages"]
    return found
