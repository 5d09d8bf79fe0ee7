"""The seal of a condition protocol: JavaScript and Python make the same one, and refuse the same with the same name."""

from typing import Any, Final

import pytest

from client.conditions import hash_of
from crypto.dkx.error import DkxError
from crypto.dkx.protocol import sealed_hash
from tests.static.node import Js

ONE, OTHER = "0" * 64, "f0" * 32
GOOD: Final[dict[str, list[str]]] = {"none": [], "one": [ONE], "in order": [ONE, OTHER], "in another": [OTHER, ONE]}
BAD: Final[dict[str, dict[str, Any]]] = {
    "no media": {},
    "null": {"media": None},
    "a text": {"media": ONE},
    "twice the same": {"media": [ONE, ONE]},
    "a short one": {"media": [ONE[:-1]]},
    "a long one": {"media": [ONE + "0"]},
    "a line feed behind": {"media": [ONE + "\n"]},
    "in capitals": {"media": [OTHER.upper()]},
    "a number": {"media": [1]},
    "null among them": {"media": [ONE, None]},
}


@pytest.mark.parametrize("name", GOOD)
def test_both_make_the_same_seal(js: Js, name: str) -> None:
    said = {"kind": "return", "media": GOOD[name], "words": "wie neu"}
    assert js.sealedHash(said) == sealed_hash(said)


def test_the_order_of_photographs_does_not_count(js: Js) -> None:
    assert js.sealedHash({"media": [ONE, OTHER]}) == js.sealedHash({"media": [OTHER, ONE]})
    assert js.sealedHash({"media": [ONE]}) != js.sealedHash({"media": [OTHER]})


@pytest.mark.parametrize("name", BAD)
def test_both_refuse_the_same(js: Js, name: str) -> None:
    with pytest.raises(DkxError) as refused:
        sealed_hash(BAD[name])
    assert (refused.value.code, js.verdict("sealedHash", BAD[name])) == ("protocol_invalid", "protocol_invalid")


def told(**said: Any) -> dict[str, Any]:
    """A protocol as both parties see it."""
    lines = [{"accessory": "Koffer", "qty": 1, "found": 0, "note": "fehlt"}]
    photos = [{"media": "0a" * 16, "sha256": ONE}, {"media": "0b" * 16, "sha256": OTHER}]
    whose = {"id": "0c" * 16, "rental": "0d" * 16, "by": "owner", "kind": "return", "made_at": "2026-07-04T08:00:00Z"}
    words = {"q": 1, "condition": "good", "meter": "", "note": "", "lines": lines, "photos": photos, "no": 1, "rev": 3}
    return whose | words | said


ODD: Final = ["Größe M 🔧", "\U0001f6d8 neu", "\U0001e4ec\U0001e4ee", "a\U00010efd\u0301", "\ufffd"]


@pytest.mark.parametrize("text", ODD)
def test_both_make_the_same_seal_of_whatever_people_write(js: Js, text: str) -> None:
    lines = [{"accessory": text, "qty": 1, "found": 1, "note": text}]
    said = told(note=text, meter=text, lines=lines)
    assert js.sealOf(said) == hash_of(said)


def test_of_photographs_counts_what_they_show(js: Js) -> None:
    again = [{"media": "0e" * 16, "sha256": OTHER}, *told()["photos"]]
    for seal in (js.sealOf, hash_of):
        assert seal(told(photos=again)) == seal(told())
        assert seal(told(photos=again[:1])) != seal(told())
