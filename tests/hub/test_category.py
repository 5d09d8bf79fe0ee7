"""The catalogue is whole, and says what may be said of a thing."""

import pytest

from hub.catalogue import CATALOGUE, FOLDER
from hub.category import CategoryId
from hub.errors import Invalid

EVERY = list(CATALOGUE.categories.values())


def test_there_are_the_nine_kinds_and_what_may_not_be_lent():
    roots = [category.id for category in EVERY if len(category.path) == 1]
    assert roots == [
        "tools", "garden", "household", "sports", "transport", "electronics", "landscaping", "cleaning", "other",
        "prohibited",
    ]  # fmt: skip


def test_there_are_more_than_150_groups_of_synonyms():
    lines = (FOLDER / "synonyms.txt").read_text("utf-8").splitlines()
    groups = [line.split() for line in lines if line and not line.startswith("#")]
    assert len(groups) > 150
    assert all(len(set(group)) == len(group) for group in groups)


@pytest.mark.parametrize("category", EVERY, ids=lambda category: category.id)
def test_every_category_is_named_in_both_languages_and_its_fields_can_be_filled(category):
    assert category.path[-1] == category.id
    assert all(category.names.both())
    assert len({field.id for field in category.fields}) == len(category.fields)
    for field in category.fields:
        value = {"integer": field.min, "text": "x", "flag": True, "choice": field.options and field.options[0][0]}
        assert field.takes(value[field.kind]), field.id
        assert not field.takes("nothing such" * 20), field.id


def test_what_lies_below_has_the_flags_and_fields_of_what_is_above():
    trailers = CATALOGUE.categories[CategoryId("trailers")]
    assert trailers.flags == {"transport"}
    assert [field.id for field in trailers.fields][:2] == ["brand", "load_kg"]
    assert set(CATALOGUE.within(CategoryId("transport"))) >= {"transport", "trailers", "roof"}


@pytest.mark.parametrize(
    ("category", "fields", "code"),
    [
        ("spaceships", {}, "bad_category"),
        ("weapons", {}, "category_prohibited"),
        ("trailers", {"load_kg": "750"}, "bad_fields"),
        ("trailers", {"load_kg": True}, "bad_fields"),
        ("trailers", {"load_kg": 10_001}, "bad_fields"),
        ("trailers", {"braked": 1}, "bad_fields"),
        ("trailers", {"licence": "X"}, "bad_fields"),
        ("trailers", {"lumen": 5}, "bad_fields"),
        ("trailers", {"brand": " "}, "bad_fields"),
    ],
)
def test_what_does_not_fit_is_refused(category, fields, code):
    with pytest.raises(Invalid, match=code):
        CATALOGUE.check(CategoryId(category), fields)
