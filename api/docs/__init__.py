"""The documents of the hub, generated from the table it runs on; `dorfkiste docs` writes them, a test compares."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from api.docs.asvs import asvs_document
from api.docs.asyncapi import asyncapi
from api.docs.chapters import acts_document
from api.docs.doorways import http_document, live_document
from api.docs.graph import graph
from api.docs.keeping import records_document
from api.docs.openapi import openapi
from api.docs.pretty import pretty
from api.docs.reference import GROUPS
from api.docs.tables import errors_document, rental_document, settings_document
from api.docs.text import noted, section

__all__ = ["CHAPTERS", "DOCUMENTS", "HAND_WRITTEN", "PAGES", "VECTORS", "stale", "write", "write_documents"]

HAND_WRITTEN: Final = Path(__file__).parents[2] / "docs"
"""Where the documents lie that nobody can generate: the encryption and its test vectors."""
VECTORS: Final = ("e2ee-vectors.json", "e2ee-vectors-2.json")


CHAPTERS: Final[dict[str, Callable[[], str]]] = {
    "http": http_document,
    "realtime": live_document,
    **{group: partial(acts_document, group) for group in GROUPS},
}
"""The protocol in parts: the two doors, then the acts."""


def protocol() -> str:
    """All of it in one document."""
    return noted("# Protocol\n\n") + "\n".join(section(make()) for make in CHAPTERS.values())


DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "openapi.json": lambda: pretty(openapi()) + "\n",
    "asyncapi.json": lambda: pretty(asyncapi()) + "\n",
    "protocol.md": protocol,
    "errors.md": lambda: noted(errors_document()),
    "settings.md": lambda: noted(settings_document()),
    "rental.md": lambda: noted(rental_document()),
    "processing.md": lambda: noted(records_document("en")),
    "verarbeitung.md": lambda: noted(records_document("de")),
    "rental.svg": lambda: graph(styled=True) + "\n",
    "asvs.md": lambda: noted(asvs_document()),
}


PAGES: Final[dict[str, Callable[[], str]]] = {
    **CHAPTERS,
    "rental": rental_document,
    "errors": errors_document,
    "e2ee": lambda: (HAND_WRITTEN / "e2ee.md").read_text(encoding="utf-8"),
    "settings": settings_document,
}
"""The same in parts that fit a phone, for the pages of a running hub."""


def stale(folder: Path) -> list[str]:
    """The documents in ``folder`` that are missing or not what the hub says today."""
    return [name for name, make in DOCUMENTS.items() if _read(folder / name) != make()]


def write(folder: Path) -> list[str]:
    """Bring ``folder`` up to date; answers which documents were not."""
    found = stale(folder)
    for name in found:
        (folder / name).write_text(DOCUMENTS[name](), encoding="utf-8")
    return found


def write_documents(folder: Path, *, only_compare: bool = False) -> list[Path]:
    """``write``, or ``stale`` where ``only_compare``, for the command line."""
    return [folder / name for name in (stale(folder) if only_compare else write(folder))]


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
