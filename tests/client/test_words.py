"""German and English say the same things, with the same gaps to fill."""

import json
from importlib.resources import files
from pathlib import Path
from string import Formatter

import pytest

from client.words import LANGUAGES, Words


def texts(lang: str) -> dict[str, str]:
    return json.loads(files("client").joinpath("locale", f"{lang}.json").read_text(encoding="utf-8"))


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_every_text_with_the_same_gaps():
    german, english = texts("de"), texts("en")
    assert german.keys() == english.keys()
    assert {key: gaps(text) for key, text in german.items()} == {key: gaps(text) for key, text in english.items()}


@pytest.mark.parametrize(("lang", "shown"), [("de", "12,05 €"), ("en", "€12.05")])
def test_money_is_written_as_people_write_it(lang: str, shown: str):
    assert Words.load(lang).money(1205, "EUR") == shown


def test_the_languages_offered_are_there():
    assert all(texts(lang) for lang in LANGUAGES)


BESIDE = ("identity_", "passkey_", "report_", "review_", "signed_", "calendar_")


def test_every_event_that_the_hub_has_words_for_has_words_here_too():
    """But what is no row of a room: reviews, reports, other calendars and sign-ins are notices only."""
    notices = json.loads((Path(__file__).parents[2] / "static" / "locale" / "de.json").read_text("utf-8"))["notices"]
    rows = {name for name in notices if not name.startswith(BESIDE)}
    assert {f"event.{name}" for name in rows} <= texts("de").keys()
