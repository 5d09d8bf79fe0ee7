"""The documents of the hub, generated from the table it runs on; `dorfkiste docs` writes them, a test compares."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import orjson

from api.docs.asyncapi import asyncapi
from api.docs.markdown import errors_page, protocol_page, rental_page, settings_page
from api.docs.openapi import openapi

__all__ = ["DOCUMENTS", "asyncapi", "openapi", "write_documents"]


def _json(document: Callable[[], dict[str, Any]]) -> Callable[[], str]:
    return lambda: orjson.dumps(document(), option=orjson.OPT_INDENT_2).decode() + "\n"


DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "openapi.json": _json(openapi),
    "asyncapi.json": _json(asyncapi),
    "protocol.md": protocol_page,
    "errors.md": errors_page,
    "settings.md": settings_page,
    "rental.md": rental_page,
}


def write_documents(folder: Path, *, only_compare: bool = False) -> list[Path]:
    """Bring ``folder`` up to date; answers which files were not."""
    stale = []
    for name, make in DOCUMENTS.items():
        path, text = folder / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(path)
            if not only_compare:
                path.write_text(text, encoding="utf-8")
    return stale
