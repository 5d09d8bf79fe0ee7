"""The seal of a condition protocol: JavaScript and Python make the same one, and refuse the same with the same name."""

from typing import Any, Final

import pytest

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
