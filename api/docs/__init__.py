"""The documents of the hub, generated from the table it runs on; `dorfkiste docs` writes them, a test compares."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from api.docs.asyncapi import asyncapi
from api.docs.chapters import acts_documents
from api.docs.doorways import http_document, live_document
from api.docs.graph import graph
from api.docs.openapi import openapi
from api.docs.pretty import pretty
from api.docs.tables import errors_document, rental_document, settings_document
from api.docs.text import noted, section

__all__ = ["DOCUMENTS", "HAND_WRITTEN", "asyncapi", "chapters", "openapi", "stale", "write", "write_documents"]

HAND_WRITTEN: Final = Path(__file__).parents[2] / "docs"
"""Where the documents lie that nobody can generate: the encryption and its test vectors."""


def chapters() -> dict[str, str]:
    """The protocol in parts: the two doors, then the acts."""
    return {"http": http_document(), "realtime": live_document(), **acts_documents()}


def protocol() -> str:
    """All of it in one document."""
    return noted("# Protocol\n\n") + "\n".join(section(part) for part in chapters().values())


DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "openapi.json": lambda: pretty(openapi()) + "\n",
    "asyncapi.json": lambda: pretty(asyncapi()) + "\n",
    "protocol.md": protocol,
    "errors.md": lambda: noted(errors_document()),
    "settings.md": lambda: noted(settings_document()),
    "rental.md": lambda: noted(rental_document()),
    "rental.svg": lambda: graph(styled=True) + "\n",
}


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
