"""Pages that every village needs: what the law asks of its operator, how to reach them, and a page for no network."""

from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from quart import Response, request
from werkzeug.exceptions import NotFound

from api.pages.page import APP, ASK_AGAIN, READ, page, site
from api.pages.words import language_of
from hub.ports import Ports

TEXTS: Final = ("imprint", "privacy", "terms")
"""Written by the operator: ``imprint.de.md`` or ``imprint.md`` in ``LEGAL_DIR``."""
MAX_BYTES: Final = 200_000


async def legal(ports: Ports, name: str) -> Response:  # noqa: ARG001 - every page has the same shape
    """The operator's text in the reader's language, or a clear word that there is none yet."""
    if name == "accessibility":
        return await page("accessibility.html", ASK_AGAIN, policy=APP)
    if name not in TEXTS:
        raise NotFound
    text = _text(site().legal, name, language_of(request))
    return await page("legal.html", ASK_AGAIN, policy=APP, kind=name, body=text)


async def offline(ports: Ports) -> Response:  # noqa: ARG001 - every page has the same shape
    """What stands in for a page that cannot be reached."""
    return await page("offline.html", ASK_AGAIN, policy=READ)


@cache
def _text(folder: Path | None, name: str, language: str) -> str:
    """As HTML, without any of its own; empty if the operator has written none."""
    for file in (f"{name}.{language}.md", f"{name}.md", f"{name}.de.md", f"{name}.en.md"):
        path = folder / file if folder else None
        if path and path.is_file():
            text = path.read_text("utf-8")[:MAX_BYTES]
            return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))
    return ""
