"""Personal data opens only with its key and in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import fields
from crypto.fields import FieldError, Keyring, Place

OLD, NEW = b"\x01" * 32, b"\x02" * 32
RING = Keyring({"old": OLD, "new": NEW}, "new")
PLACE = Place("users", "email", "a" * 32)


@given(st.binary(max_size=200))
def test_what_was_sealed_opens_in_its_place(plaintext: bytes) -> None:
    assert RING.open(RING.seal(plaintext, PLACE), PLACE) == plaintext


def test_the_format_names_version_and_key() -> None:
    version, kid, nonce, sealed = RING.seal(b"x", PLACE).split("|")
    assert (version, kid, len(nonce), len(sealed)) == ("v1", "new", 16, 23)


def test_the_same_value_never_looks_the_same() -> None:
    assert RING.seal(b"x", PLACE) != RING.seal(b"x", PLACE)


@pytest.mark.parametrize("other", [Place("items", "email", "a" * 32), Place("users", "phone", "a" * 32),
                                   Place("users", "email", "b" * 32)])  # fmt: skip
def test_a_value_moved_to_another_place_does_not_open(other: Place) -> None:
    with pytest.raises(FieldError):
        RING.open(RING.seal(b"x", PLACE), other)


def test_each_changed_character_is_refused() -> None:
    sealed = RING.seal(b"anna@kiste.example", PLACE)
    for place, character in enumerate(sealed):
        with pytest.raises(FieldError):
            RING.open(sealed[:place] + ("A" if character != "A" else "B") + sealed[place + 1 :], PLACE)


@pytest.mark.parametrize(
    "sealed", ["", "v1", "v1|new", "v1|new||", "v2|new|AAAA|AAAA", "v1|new|AAAA|AAAA|", "v1|new|=|="]
)
def test_another_format_is_refused(sealed: str) -> None:
    with pytest.raises(FieldError):
        RING.open(sealed, PLACE)


def test_a_rotation_knows_what_is_left_and_the_former_key_is_refused_after_it() -> None:
    former = Keyring({"old": OLD}, "old").seal(b"x", PLACE)
    assert not RING.is_current(former)
    again = RING.seal(RING.open(former, PLACE), PLACE)
    assert RING.is_current(again)
    after = Keyring({"new": NEW}, "new")
    assert after.open(again, PLACE) == b"x"
    with pytest.raises(FieldError):
        after.open(former, PLACE)


def test_destroying_a_person_s_key_erases_the_person() -> None:
    person = fields.new_key()
    kept = RING.seal(person, Place("deks", "key", "a" * 32))
    sealed = Keyring({"a": person}, "a").seal(b"Anna", PLACE)
    assert Keyring({"a": RING.open(kept, Place("deks", "key", "a" * 32))}, "a").open(sealed, PLACE) == b"Anna"
    with pytest.raises(FieldError):
        Keyring({"a": fields.new_key()}, "a").open(sealed, PLACE)


def test_places_cannot_be_confused() -> None:
    with pytest.raises(FieldError):
        Place("users|email", "x", "y")


@pytest.mark.parametrize(("keys", "active"), [({}, "k"), ({"k": b"short"}, "k"), ({"a|b": OLD}, "a|b")])
def test_a_wrong_keyring_is_refused(keys: dict[str, bytes], active: str) -> None:
    with pytest.raises(FieldError):
        Keyring(keys, active)


def test_the_blind_index_finds_exactly_one_value() -> None:
    index = fields.blind_index(OLD, "email", "anna@kiste.example")
    assert index == fields.blind_index(OLD, "email", "anna@kiste.example")
    others = {
        fields.blind_index(NEW, "email", "anna@kiste.example"),
        fields.blind_index(OLD, "phone", "anna@kiste.example"),
        fields.blind_index(OLD, "email", "bernd@kiste.example"),
    }
    assert index not in others
    assert len(others) == 3
