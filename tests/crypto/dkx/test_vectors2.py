"""The second file of vectors is what our code makes, and the RFC's own example is in it."""

import pytest

from tests.crypto import published
from tests.crypto.cast import SECOND
from tests.crypto.vectors2 import MADE
from tests.crypto.vectors2_notes import NOTES

RFC8291_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7"
    "A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


@pytest.mark.parametrize("key", MADE)
def test_our_values_are_the_published_ones(key: str) -> None:
    assert MADE[key]() == SECOND[key]


def test_no_vector_is_forgotten_and_every_input_is_named() -> None:
    assert set(SECOND) == MADE.keys() | {"_inputs"}
    assert SECOND["_inputs"] == NOTES
    assert NOTES.keys() - {"all", "seeds", "ids"} <= MADE.keys()


def test_the_example_of_rfc_8291_comes_out() -> None:
    assert SECOND["rfc8291"]["body"] == RFC8291_BODY


def test_what_is_published_is_never_changed() -> None:
    changed = {**SECOND, "file": "00"}
    assert published.changed(published.PATH, changed) == ["file"]
    assert published.changed(published.PATH, {**SECOND, "new": 1}) == []
