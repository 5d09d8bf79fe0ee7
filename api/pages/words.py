"""The words of the pages, by language; what a visitor's browser asks for decides, unless they chose."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from quart import Request

from api.pages.asset import STATIC

LANGUAGES: Final = {"de": "Deutsch", "en": "English"}


@cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language, by key."""
    found: Mapping[str, str] = json.loads((STATIC / "locale" / f"pages.{language}.json").read_text(encoding="utf-8"))
    return found


def language_of(request: Request) -> str:
    """``?lang=`` if it is one of ours, else the best of Accept-Language, else German."""
    return chosen_language(request) or request.accept_languages.best_match(list(LANGUAGES), "de")


def chosen_language(request: Request) -> str:
    """What the visitor clicked; empty if nothing."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else ""


@cache
def errors(language: str) -> Mapping[str, str]:
    """What each refusal means, by its code."""
    told: Mapping[str, str] = json.loads((STATIC / "locale" / f"{language}.json").read_text(encoding="utf-8"))["errors"]
    return told
