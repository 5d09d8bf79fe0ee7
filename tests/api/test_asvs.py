"""The account of the hub's security names every requirement once, and files that are there."""

from collections import Counter
from pathlib import Path

from api.docs.asvs import LEVELS, asvs_document, chapters

ROOT = Path(__file__).parents[2]
REQUIREMENTS = [one for _, found in chapters() for one in found]


def test_every_requirement_of_the_levels_is_answered_in_one_way() -> None:
    assert Counter(one.level for one in REQUIREMENTS) == LEVELS
    assert len({one.number for one in REQUIREMENTS}) == len(REQUIREMENTS)
    assert all(bool(one.by) + bool(one.na) + bool(one.gap) == 1 for one in REQUIREMENTS)


def test_the_files_that_are_named_are_there() -> None:
    named = {path for one in REQUIREMENTS for path in one.by}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_what_is_missing_is_said_first_and_last() -> None:
    told = asvs_document()
    for one in REQUIREMENTS:
        assert one.gap in told
