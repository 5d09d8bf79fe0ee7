"""What is said about server versions."""

import pytest

from storage.versions import MONGO_ADVISORIES, mongo_notes, parsed, redis_notes


def test_versions_compare_as_numbers() -> None:
    assert parsed("6.0.27") > parsed("6.0.5-rc1")
    assert parsed("10.0") > parsed("9.1.2")


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("6.0.5", True),
        ("6.0.27", False),
        ("7.0.27", True),
        ("7.0.28", False),
        ("8.1.9", True),
        ("8.2.3", False),
        ("9.0.0", False),
    ],
)
def test_an_advisory_knows_each_series(version: str, affected: bool) -> None:
    assert MONGO_ADVISORIES[0].affects(parsed(version)) is affected


def test_a_current_version_has_no_notes() -> None:
    assert mongo_notes("8.2.4") == ()
    assert redis_notes("9.1.2", valkey=True) == ()
    assert redis_notes("8.2.2", valkey=False) == ()


def test_an_old_version_has_its_age_and_its_holes_noted() -> None:
    age, hole = mongo_notes("6.0.5")
    assert "end of life" in age
    assert "CVE-2025-14847" in hole
    assert len(redis_notes("6.2.14", valkey=False)) == 2
