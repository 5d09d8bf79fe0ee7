"""The registry of stored fields: whole, unambiguous, and in words that both languages have."""

import json
from pathlib import Path

import pytest

from hub.keeping import BASIS, REGISTRY, Basis, Erased, Purpose, Term
from storage.mongo.schema import SHAPES

LOCALE = Path(__file__).parents[2] / "static" / "locale"
NOT_OURS = {"meta"}
"""Made by the migration itself."""


def test_every_collection_and_every_required_field_is_registered() -> None:
    assert {*SHAPES, *NOT_OURS} <= {group.collection for group in REGISTRY.groups}
    fields = {f"{name}.{field}" for name, shape in SHAPES.items() for field in shape.types}
    known = {f"{group.collection}.{name}.".replace(".*.", ".") for group in REGISTRY.groups for name in group.fields}
    assert {one for one in fields if not any(name.startswith(f"{one}.") for name in known)} == set()


def test_whatever_goes_with_its_person_says_whose_it_is() -> None:
    untold = {group.collection for group in REGISTRY.groups if group.erased is Erased.GONE and not group.whose}
    told = {group.collection for group in REGISTRY.groups if group.whose}
    assert untold - told == {"media", "blobs.files", "blobs.chunks"}  # photos: upkeep takes them with their bytes


def test_no_field_is_registered_twice() -> None:
    told = [f"{group.collection}.{field}" for group in REGISTRY.groups for field in group.fields]
    assert len(told) == len(set(told))


@pytest.mark.parametrize(
    "field", ["users.birthday", "users", "nowhere.at_all", "items.title.more", "rentals.offer.note"]
)
def test_what_nobody_registered_is_not_found(field: str) -> None:
    assert REGISTRY.find(field) is None


@pytest.mark.parametrize(
    ("field", "purpose"),
    [
        ("users.email", Purpose.ACCOUNT),
        ("rentals.offer.terms.price", Purpose.LENDING),
        ("blobs.files._id", Purpose.LISTING),
        ("entries.env", Purpose.TALKING),
    ],
)
def test_a_field_is_found_with_its_purpose(field: str, purpose: Purpose) -> None:
    found = REGISTRY.find(field)
    assert found is not None
    assert found.purpose is purpose


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_of_the_registry_is_said(language: str) -> None:
    words = json.loads((LOCALE / f"keeping.{language}.json").read_text("utf-8"))
    assert set(words["purposes"]) == {*Purpose} == set(BASIS)
    assert set(words["terms"]) == {*Term}
    assert set(words["bases"]) == {*Basis}
    assert set(words["erasures"]) == {*Erased}
