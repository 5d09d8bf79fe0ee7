"""An item and its rules are sound or do not exist."""

from dataclasses import replace

import pytest

from hub.errors import Invalid
from hub.item import Rules
from tests.hub.neighbours import DRILL


def test_rules_have_sensible_defaults():
    assert Rules().max_days == 30
    assert not Rules().pending_blocks
    assert Rules(offer_ttl_min=60).offer_ttl_min == 60


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lead_min", -1),
        ("horizon_days", 0),
        ("min_min", 0),
        ("max_days", 367),
        ("turnaround_min", 1.5),
        ("turnaround_min", None),
        ("max_days", True),
        ("offer_ttl_min", 59),
        ("offer_ttl_min", 7 * 24 * 60 + 1),
    ],
)
def test_rules_out_of_bounds_are_refused_by_name(field, value):
    with pytest.raises(Invalid, match="bad_rules") as refusal:
        Rules(**{field: value})
    assert refusal.value.data["field"] == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("title", "x" * 121),
        ("description", "x" * 8_001),
        ("units", 0),
        ("units", 1_000),
        ("status", "gone"),
    ],
)
def test_an_item_out_of_bounds_is_refused_by_name(field, value):
    with pytest.raises(Invalid, match="bad_item") as refusal:
        replace(DRILL, **{field: value})
    assert refusal.value.data == {"field": field}


def test_an_item_stands_in_a_known_time_zone():
    with pytest.raises(Invalid, match="bad_timezone"):
        replace(DRILL, tz="Berlin")
