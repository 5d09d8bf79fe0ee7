"""Canonical JSON has one spelling, and what languages would spell differently is refused."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypto.dkx import jcs
from crypto.dkx.error import JsonError
from crypto.dkx.unicode15 import UNASSIGNED, sayable

CHARACTERS, CONTROLS, PRIVATE, SURROGATES = 149_186, 65, 137_468, 2_048
"""As Unicode 15.0 counts itself."""


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


keys = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
texts = st.text(max_size=20).map(lambda text: unicodedata.normalize("NFC", text))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-jcs.MAX_INT, jcs.MAX_INT) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80)
@given(values)
def test_what_is_written_is_read_as_the_same_value_or_was_never_written(value: Any) -> None:
    try:
        raw = jcs.canonical(value)
    except JsonError:
        return
    assert jcs.parse(raw) == value
    assert jcs.canonical(jcs.parse(raw)) == raw


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        -0.0,
        2**53,
        -(2**53),
        10**400,
        b"bytes",
        (1, 2),
        {1: 2},
        {"": 1},
        {"A": 1},
        {"1a": 1},
        {"a-b": 1},
        {"a" * 33: 1},
        {"a\n": 1},
        "a\u0308",
        "\ud800",
        "\udc00\ud800",
        "\u212b",
        "\uffff",
        "\U000e0000",
        "\u0378",
        "\U0001fae9",
        {"a": [{"b": 0.5}]},
        nested(17),
    ],
)
def test_what_other_languages_would_write_otherwise_is_refused(value: Any) -> None:
    with pytest.raises(JsonError):
        jcs.canonical(value)


def test_sixteen_levels_are_enough_for_anyone() -> None:
    assert jcs.parse(jcs.canonical(nested(16))) == nested(16)


@pytest.mark.parametrize("text", ["Größe M", "🔧", "🩷", "👩‍🔧", "ﷺ", "\ue000", "\x7f"])
def test_text_of_people_passes(text: str) -> None:
    assert jcs.parse(jcs.canonical(text)) == text


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" 1",
        b"1 ",
        b"[1, 2]",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b"1.0",
        b"1e2",
        b"-0",
        b"01",
        b"NaN",
        b"Infinity",
        b"9007199254740992",
        b"1" * 5000,
        b'"\\u00fc"',
        b'"\\/"',
        b'"\\u001F"',
        b'"\\ud83d\\ude00"',
        b'"\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\n"',
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"[" * 17 + b"]" * 17,
        b"true false",
    ],
)
def test_another_spelling_is_refused(raw: bytes) -> None:
    with pytest.raises(JsonError):
        jcs.parse(raw)


def test_the_table_of_unassigned_code_points_is_that_of_unicode_15() -> None:
    unassigned = len(UNASSIGNED.findall("".join(map(chr, range(0x110000)))))
    assert 0x110000 - unassigned == CHARACTERS + CONTROLS + PRIVATE + SURROGATES


def test_what_people_write_is_made_fit_to_be_signed():
    said = {"note": "Bohrer \U0001f6d8", "lines": [{"name": "Größe M 🔧", "qty": 2}], "marks": "\U0001e4ec"}
    fit = sayable(said)
    assert fit == said | {"note": "Bohrer \ufffd", "marks": "\ufffd"}
    assert jcs.parse(jcs.canonical(fit)) == fit
