"""The routes of the pages: what this hub is, and its documentation. Rendered here, without a single script."""

import hashlib
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from quart import Blueprint, Response, render_template, request
from werkzeug.exceptions import HTTPException, NotFound

from api.docs import DOCUMENTS
from api.pages.state import Facts
from api.pages.words import LANGUAGES, language_of, words

STATIC: Final = Path(__file__).parents[2] / "static"
VECTORS: Final = Path(__file__).parents[2] / "docs" / "e2ee-vectors.json"
STYLE: Final = STATIC / "css" / "pages.css"
CSP: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOR_EVER: Final = "public, max-age=31536000, immutable"
FOR_A_WHILE: Final = "public, max-age=300"

Ask = Callable[[], Awaitable[Facts]]


def page_routes(ask: Ask) -> Blueprint:
    """All pages; ``ask`` is called for each visit of the front page."""
    blueprint = Blueprint("pages", __name__, template_folder=str(STATIC / "templates"))
    blueprint.add_url_rule("/", view_func=_front(ask))
    blueprint.add_url_rule("/docs", view_func=_contents)
    blueprint.add_url_rule("/docs/<name>", view_func=_document)
    blueprint.add_url_rule("/openapi.json", view_func=_as_json("openapi.json"), endpoint="openapi")
    blueprint.add_url_rule("/asyncapi.json", view_func=_as_json("asyncapi.json"), endpoint="asyncapi")
    blueprint.add_url_rule("/docs/e2ee-vectors.json", view_func=_vectors)
    blueprint.add_url_rule(f"/static/{style_name()}", view_func=_style)
    return blueprint


async def error_page(error: HTTPException) -> Response | None:
    """A friendly page for a browser that asked for one; None leaves the answer to the machine's format."""
    wants_page = request.accept_mimetypes.best == "text/html" and not request.path.startswith("/v1/")
    if not wants_page:
        return None
    code = error.code or 500
    kind = "gone" if code == NotFound.code else "failed"
    return await _page("error.html", "private", status=code, kind=kind)


def style_name() -> str:
    """Named by its content, so that it may be kept for ever."""
    return f"pages.{hashlib.sha256(_style_bytes()).hexdigest()[:12]}.css"


def _front(ask: Ask) -> Callable[[], Awaitable[Response]]:
    async def front() -> Response:
        return await _page("front.html", "no-store", facts=await ask())

    return front


async def _contents() -> Response:
    return await _page("contents.html", FOR_A_WHILE)


async def _document(name: str) -> Response:
    if f"{name}.md" not in DOCUMENTS:
        raise NotFound
    return await _page("document.html", FOR_A_WHILE, body=_html(name))


async def _vectors() -> Response:
    return Response(VECTORS.read_bytes(), content_type="application/json", headers={"Cache-Control": FOR_A_WHILE})


async def _style() -> Response:
    return Response(_style_bytes(), content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER})


def _as_json(name: str) -> Callable[[], Awaitable[Response]]:
    async def document() -> Response:
        return Response(_text(name), content_type="application/json", headers={"Cache-Control": FOR_A_WHILE})

    return document


async def _page(template: str, cache_control: str, *, status: int = 200, **more: Any) -> Response:
    language = language_of(request)
    other = next(tongue for tongue in LANGUAGES if tongue != language)
    page = await render_template(
        template, t=words(language), lang=language, other=other, path=request.path, style=style_name(), **more
    )
    headers = {"Content-Security-Policy": CSP, "Cache-Control": cache_control, "Vary": "Accept-Language"}
    return Response(page, status, content_type="text/html; charset=utf-8", headers=headers)


@cache
def _text(name: str) -> str:
    return DOCUMENTS[name]()


@cache
def _html(name: str) -> str:
    """The readable document as HTML; raw HTML in it stays text. Tables scroll in their own box."""
    made = str(MarkdownIt("commonmark", {"html": False}).enable("table").render(_text(f"{name}.md")))
    made = made.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return _with_anchors(made)


def _with_anchors(made: str) -> str:
    """Headings that name an event can be linked to, as the tables of contents do."""
    parts = made.split("<h3><code>")
    for number, part in enumerate(parts[1:], 1):
        name = part.partition("</code>")[0]
        parts[number] = f'<h3 id="{name.replace(":", "")}"><code>{part}'
    return "".join(parts)


@cache
def _style_bytes() -> bytes:
    return STYLE.read_bytes()
