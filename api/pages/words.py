"""The words of the pages, by language; what a visitor's browser asks for decides, unless they chose."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from quart import Request

LANGUAGES: Final = ("de", "en")
LOCALE: Final = Path(__file__).parents[2] / "static" / "locale"


@cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language, by key."""
    found: Mapping[str, str] = json.loads((LOCALE / f"pages.{language}.json").read_text(encoding="utf-8"))
    return found


def language_of(request: Request) -> str:
    """``?lang=`` if it is one of ours, else the best of Accept-Language, else German."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, "de")
