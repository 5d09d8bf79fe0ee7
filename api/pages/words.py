"""The words of the pages, by language; what a visitor's browser asks for decides, unless they chose."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from quart import Request

from api.pages.asset import STATIC
from api.pages.look import LANGUAGES, Look


@cache
def words(language: str) -> Mapping[str, str]:
    """All words of a language, by key."""
    found: Mapping[str, str] = _read(f"pages.{language}.json")
    return found


def language_of(request: Request) -> str:
    """``?lang=`` if it is one of ours, else what was chosen before, else the best of Accept-Language, else German."""
    chosen = chosen_language(request) or Look.of(request).lang
    return chosen or request.accept_languages.best_match(list(LANGUAGES), "de")


def chosen_language(request: Request) -> str:
    """What the visitor clicked; empty if nothing."""
    chosen = request.args.get("lang", "")
    return chosen if chosen in LANGUAGES else ""


def errors(language: str) -> Mapping[str, str]:
    """What each refusal means, by its code."""
    return shared(language)["errors"]


@cache
def shared(language: str) -> Mapping[str, Mapping[str, str]]:
    """The words that clients show, too: ``errors``, ``tags`` of reviews, ``lines`` of a price."""
    found: Mapping[str, Mapping[str, str]] = _read(f"{language}.json")
    return found


def _read(file: str) -> Any:
    return json.loads((STATIC / "locale" / file).read_text(encoding="utf-8"))
